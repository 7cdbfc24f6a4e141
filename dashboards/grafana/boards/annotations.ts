import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { type AnnotationQuery, AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { TABLES } from '#core';
import { ClickHouseQuery, DATA_SOURCE } from '../clickhouse-query.ts';

const CHANGED = ['model_promoted', 'model_refused', 'contract_registered', 'deploy', 'setting', 'other'];
const LEARNED = ['drift_detected', 'field_changed', 'field_restored', 'training_requested', 'retraining_requested'];
const HAPPENED = ['incident_opened', 'incident_acknowledged', 'incident_cause_declared', 'incident_resolved'];

/** When something was recorded: the boards' time is the processing clock's. */
function marksOf(kinds: readonly string[]): string {
  const listed = kinds.map((kind) => `'${kind}'`).join(', ');
  return `SELECT recorded AS time, replaceAll(kind, '_', ' ') AS title, concat(summary, ' (', actor, ')') AS text, concat(kind, ',', subject) AS tags
FROM ${TABLES.changes}
WHERE $__timeFilter(recorded) AND kind IN (${listed})
ORDER BY time DESC
LIMIT 500`;
}

/** What is drawn across all panels of a board. */
export const ANNOTATIONS = [
  { name: 'Changes', color: 'blue', enabled: true, sql: marksOf(CHANGED) },
  { name: 'Incidents', color: 'red', enabled: true, sql: marksOf(HAPPENED) },
  { name: 'Drift and retraining', color: 'purple', enabled: false, sql: marksOf(LEARNED) },
] as const;

export function boardAnnotations(): Builder<AnnotationQuery>[] {
  return ANNOTATIONS.map(({ name, color, enabled, sql }) => ({
    build: () => {
      const target = new ClickHouseQuery({ sql, form: 'table', refId: 'Anno' });
      const builder = new AnnotationQueryBuilder()
        .name(name)
        .datasource({ ...DATA_SOURCE })
        .enable(enabled)
        .iconColor(color)
        .target(target);
      const { placement: _menu, ...annotation } = builder.build();
      return annotation;
    },
  }));
}
