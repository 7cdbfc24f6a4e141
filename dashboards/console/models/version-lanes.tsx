import { Link } from 'wouter';
import type { ModelAnswer, TrainingView } from '#core';
import { Card } from '../parts/card.tsx';
import { monthTicks } from '../parts/chart-scale.ts';
import { useWidth } from '../parts/use-width.ts';
import { VersionMark } from '../parts/version-mark.tsx';
import { CAUSES, TRAINING_OUTCOMES } from '../words/governance.ts';
import { modelHref } from '../words/links.ts';
import { plural } from '../words/numbers.ts';
import { formatLongDay, formatShortDay } from '../words/times.ts';
import { type Axis, axisOf, type Bar, type Lane, laneOf, type Mark, percentOf, reignsOf } from './lanes.ts';

const TICK_EVERY_PX = 64;
/** A span narrower than this says its version by its place alone. */
const NAMED_PERCENT = 3;

interface VersionLanesProps {
  readonly answer: ModelAnswer;
  readonly now: string;
  readonly shown: number | undefined;
}

/** The line of models on the event clock: who decided when, and the way of each version. */
export function VersionLanes({ answer, now, shown }: VersionLanesProps) {
  const [host, width] = useWidth<HTMLDivElement>();
  const axis = axisOf(answer, now === '' ? undefined : now);
  const ticks = monthTicks(axis.fromMs, axis.toMs, Math.floor(width / TICK_EVERY_PX));
  return (
    <Card
      title="The line of models"
      aside={`event time, ${formatLongDay(new Date(axis.fromMs).toISOString())} to ${formatLongDay(new Date(axis.toMs).toISOString())}, UTC`}
      className="lanes"
    >
      <div className="lane lane-axis" aria-hidden="true">
        <span />
        <div className="lane-track" ref={host}>
          {ticks.map(({ at, label }) => (
            <span key={at} className="lane-tick" style={{ left: `${percentOf(axis, at)}%` }}>
              {label}
            </span>
          ))}
        </div>
      </div>
      <Reigns answer={answer} axis={axis} />
      <Requests answer={answer} axis={axis} />
      <ol className="lane-list" aria-label="Versions, newest first">
        {answer.versions.map((version) => (
          <VersionLane
            key={version.version}
            name={answer.name}
            lane={laneOf(version, axis)}
            isShown={version.version === shown}
          />
        ))}
      </ol>
      <Legend />
    </Card>
  );
}

function Reigns({ answer, axis }: { readonly answer: ModelAnswer; readonly axis: Axis }) {
  return (
    <div className="lane lane-reigns" aria-hidden="true">
      <span className="lane-name">decides</span>
      <div className="lane-track">
        {reignsOf(answer.versions, axis).map(({ version, from, left, width }) => (
          <span key={from} className="reign" style={{ left: `${left}%`, width: `${width}%` }}>
            {width < NAMED_PERCENT ? '' : `v${version}`}
          </span>
        ))}
      </div>
    </div>
  );
}

function Requests({ answer, axis }: { readonly answer: ModelAnswer; readonly axis: Axis }) {
  if (answer.trainings.length === 0) return null;
  return (
    <div className="lane lane-requests">
      <span className="lane-name">trainings</span>
      <div className="lane-track">
        {answer.trainings.map((training) => (
          <Link
            key={training.requestId}
            href={modelHref(answer.name, { request: training.requestId })}
            className={`request-mark request-${training.outcome}`}
            style={{ left: `${percentOf(axis, training.at)}%` }}
            title={requestWords(training)}
            aria-label={requestWords(training)}
          >
            <svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
              {training.outcome === 'refused' ? <path d="M3 3l8 8M11 3l-8 8" /> : <path d="M2.5 3h9L7 11z" />}
            </svg>
          </Link>
        ))}
      </div>
    </div>
  );
}

function requestWords({ at, cause, outcome, version }: TrainingView): string {
  const what = version === null ? TRAINING_OUTCOMES[outcome] : `v${version}, ${TRAINING_OUTCOMES[outcome]}`;
  return `${formatLongDay(at)}: training for ${CAUSES[cause]}; ${what}`;
}

function VersionLane({ name, lane, isShown }: { readonly name: string; readonly lane: Lane; readonly isShown: boolean }) {
  const { version, bars, marks } = lane;
  return (
    <li className={isShown ? 'is-shown' : ''}>
      <Link href={modelHref(name, { version: version.version })} className="lane" aria-current={isShown ? 'true' : undefined}>
        <span className="lane-name">
          <VersionMark status={version.status} wordless />
          {`v${version.version}`}
        </span>
        <span className="visually-hidden">{wayOf(lane)}</span>
        <span className="lane-track" aria-hidden="true">
          {bars.map((bar) => (
            <BarOf key={`${bar.kind} ${bar.left}`} bar={bar} />
          ))}
          {marks.map((mark) => (
            <MarkOf key={`${mark.kind} ${mark.at}`} mark={mark} />
          ))}
        </span>
      </Link>
    </li>
  );
}

/** The way of a version as a sentence, for whoever does not see it. */
function wayOf({ version: { live, shadow, isBaseline } }: Lane): string {
  const trial =
    shadow === null || isBaseline
      ? []
      : [`on trial from ${formatShortDay(shadow.from)}${shadow.to === null ? '' : ` to ${formatShortDay(shadow.to)}`}`];
  const reigns = live.map(
    ({ from, to }) => `decided from ${formatShortDay(from)}${to === null ? ' on' : ` to ${formatShortDay(to)}`}`,
  );
  const frozen = shadow !== null && isBaseline ? ['the frozen first model, scores in shadow since'] : [];
  return `: ${[...trial, ...reigns, ...frozen].join(', ')}`;
}

function BarOf({ bar: { kind, left, width, isOpen } }: { readonly bar: Bar }) {
  return (
    <span
      className={`lane-bar lane-${kind}${isOpen ? ' is-open' : ''}`}
      style={{ left: `${left}%`, width: `${Math.max(width, 0.4)}%` }}
    />
  );
}

const MARK_PATHS: Readonly<Record<Mark['kind'], string>> = {
  promoted: 'M7 2l5.5 10h-11z',
  refused: 'M3 3l8 8M11 3l-8 8',
  rolled_back: 'M5.5 2.5L2 6l3.5 3.5M2.5 6h6a3 3 0 0 1 0 6H6',
};

function MarkOf({ mark: { kind, left } }: { readonly mark: Mark }) {
  return (
    <svg
      className={`lane-mark lane-mark-${kind}`}
      style={{ left: `${left}%` }}
      viewBox="0 0 14 14"
      width="14"
      height="14"
      aria-hidden="true"
    >
      <path d={MARK_PATHS[kind]} />
    </svg>
  );
}

const LEGEND = [
  { className: 'lane-bar lane-live', name: 'decides' },
  { className: 'lane-bar lane-trial', name: 'on trial: scores in shadow' },
  { className: 'lane-bar lane-baseline', name: 'frozen first model, in shadow' },
] as const;

const MARK_NAMES: Readonly<Record<Mark['kind'], string>> = {
  promoted: 'promoted',
  refused: 'refused',
  rolled_back: 'rolled back',
};

function Legend() {
  return (
    <ul className="legend" aria-label={`Signs: ${plural(LEGEND.length, 'bar')} and their marks`}>
      {LEGEND.map(({ className, name }) => (
        <li key={name}>
          <span className={`legend-bar ${className}`} aria-hidden="true" />
          {name}
        </li>
      ))}
      {(['promoted', 'refused', 'rolled_back'] as const).map((kind) => (
        <li key={kind}>
          <svg className={`lane-mark-${kind} legend-mark`} viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
            <path d={MARK_PATHS[kind]} />
          </svg>
          {MARK_NAMES[kind]}
        </li>
      ))}
      <li>
        <svg className="legend-mark request-mark" viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
          <path d="M2.5 3h9L7 11z" />
        </svg>
        training asked for (× no model came of it)
      </li>
    </ul>
  );
}
