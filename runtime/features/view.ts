import { fingerprintOf, parseDuration } from '#core';
import type { FeatureViewFile } from '../config.ts';

export type Aggregate = FeatureViewFile['features'][number]['aggregate'];

/** A feature view with its durations read: what to aggregate, over which panes. */
export interface FeatureView {
  readonly name: string;
  readonly version: number;
  readonly subject: string;
  readonly entity: string;
  readonly ownEvent: 'included' | 'excluded';
  readonly paneMs: number;
  readonly staleAfterMs: number;
  /** The widest window, in panes: older panes are dropped. */
  readonly maxPanes: number;
  /** Properties of the event data that are aggregated; a measure's index is its place here. */
  readonly measures: readonly string[];
  readonly features: readonly FeatureDefinition[];
}

export interface FeatureDefinition {
  /** view.name */
  readonly name: string;
  readonly aggregate: Aggregate;
  /** Index into the view's measures; −1 for count and days_since. */
  readonly measure: number;
  readonly windowPanes: number;
}

/** Reads a view's file, which the workspace has checked. */
export function parseFeatureView(file: FeatureViewFile): FeatureView {
  const paneMs = parseDuration(file.granularity);
  const measures = [...new Set(file.features.flatMap((feature) => (feature.of === undefined ? [] : [feature.of])))];
  const features = file.features.map((feature) => ({
    name: `${file.view}.${feature.name}`,
    aggregate: feature.aggregate,
    measure: feature.of === undefined ? -1 : measures.indexOf(feature.of),
    windowPanes: Math.max(1, Math.round(parseDuration(feature.window) / paneMs)),
  }));
  return {
    name: file.view,
    version: file.version,
    subject: file.subject,
    entity: file.entity,
    ownEvent: file.ownEvent,
    paneMs,
    staleAfterMs: file.staleAfter === undefined ? Number.POSITIVE_INFINITY : parseDuration(file.staleAfter),
    maxPanes: Math.max(...features.map((feature) => feature.windowPanes)),
    measures,
    features,
  };
}

/** Changes whenever a view would compute something else, so that stored state is never read under other definitions. */
export function fingerprintOfViews(views: readonly FeatureView[]): string {
  return fingerprintOf(views.map((view) => ({ ...view, staleAfterMs: String(view.staleAfterMs) })));
}
