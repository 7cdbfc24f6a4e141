import { Link } from 'wouter';
import type { LineMonth, ModelAnswer, ModelVersionView } from '#core';
import { VersionMark } from '../parts/version-mark.tsx';
import { CAUSES, formatDifference } from '../words/governance.ts';
import { modelHref } from '../words/links.ts';
import { formatCount, formatFigure, plural } from '../words/numbers.ts';
import { formatLongDay } from '../words/times.ts';
import { decidesSince, findVersion, trialOf } from './line-facts.ts';
import { type Comparison, compared, MEASURES } from './measures.ts';

/** The three answers that whoever opens the page wants first: who decides, who is on trial, and what the line of models gains. */
export function WhoDecides({ answer, now }: { readonly answer: ModelAnswer; readonly now: string }) {
  const live = findVersion(answer, answer.liveVersion);
  const candidate = findVersion(answer, answer.shadowVersion);
  return (
    <section className="who" aria-label="Who decides now">
      {live === undefined ? <NobodyDecides /> : <Decides answer={answer} version={live} />}
      {candidate === undefined ? <NobodyOnTrial answer={answer} /> : <OnTrial answer={answer} version={candidate} now={now} />}
      <Gain total={answer.total} />
    </section>
  );
}

function NobodyDecides() {
  return (
    <div className="who-part">
      <h2>Decides now</h2>
      <p className="who-figure">none yet</p>
      <p className="soft">Features are kept until a first version is trained.</p>
    </div>
  );
}

interface PartProps {
  readonly answer: ModelAnswer;
  readonly version: ModelVersionView;
}

function Decides({ answer: { name }, version }: PartProps) {
  const since = decidesSince(version);
  return (
    <div className="who-part is-live">
      <h2>
        <VersionMark status="live" />
        <span>now</span>
      </h2>
      <p className="who-figure">
        <Link href={modelHref(name, { version: version.version })}>{`v${version.version}`}</Link>
        {since === undefined ? null : <small>{`since ${formatLongDay(since)}`}</small>}
      </p>
      {version.reason === null ? null : <p>{`${version.reason.replace(/\.$/u, '')}.`}</p>}
      <p className="fine">
        {[version.decisions === null ? undefined : plural(version.decisions, 'decision'), version.algorithm, by(version.actor)]
          .filter((text) => text !== undefined && text !== null)
          .join(' · ')}
      </p>
    </div>
  );
}

function by(actor: string | null): string | undefined {
  return actor === null ? undefined : `by ${actor}`;
}

function NobodyOnTrial({ answer }: { readonly answer: ModelAnswer }) {
  const [newest] = answer.trainings;
  return (
    <div className="who-part">
      <h2>On trial</h2>
      <p className="who-figure">none</p>
      <p className="soft">
        {newest === undefined
          ? 'Nothing has asked for a training yet.'
          : `The newest training was asked for on ${formatLongDay(newest.at)} (${CAUSES[newest.cause]}).`}
      </p>
    </div>
  );
}

function OnTrial({ answer: { name, liveVersion }, version, now }: PartProps & { readonly now: string }) {
  const trial = trialOf(version, now);
  return (
    <div className="who-part">
      <h2>
        <VersionMark status="shadow" />
      </h2>
      <p className="who-figure">
        <Link href={modelHref(name, { version: version.version })}>{`v${version.version}`}</Link>
        {trial === undefined ? null : (
          <small>{trial.days === undefined ? `day ${trial.day}` : `day ${trial.day} of ${trial.days}`}</small>
        )}
      </p>
      {trial?.days === undefined ? null : (
        <progress
          max={trial.days}
          value={trial.day}
          aria-label={`Trial of v${version.version}: day ${trial.day} of ${trial.days}`}
        />
      )}
      <p>
        {liveVersion === null ? 'Scores in shadow' : `Scores beside v${liveVersion}`}
        {' and decides nothing.'}
        {trial?.due === undefined ? '' : ` Its gate decides from ${formatLongDay(trial.due)} on.`}
      </p>
      <p className="fine">{version.cause === null ? null : `trained for ${CAUSES[version.cause]}`}</p>
    </div>
  );
}

function Gain({ total }: { readonly total: LineMonth | null }) {
  if (total === null) {
    return (
      <div className="who-part">
        <h2>Against the frozen first model</h2>
        <p className="who-figure">no figures yet</p>
        <p className="soft">The first outcomes of scored events have yet to mature.</p>
      </div>
    );
  }
  return (
    <div className="who-part">
      <h2>Against the frozen first model</h2>
      <dl className="gains">
        {MEASURES.map((measure) => (
          <GainPair key={measure.key} name={measure.name} comparison={compared(total, measure)} />
        ))}
      </dl>
      <p className="fine">{`on the same ${formatCount(total.matured)} outcomes; ${plural(total.promotions, 'promotion')}, ${plural(total.refusals, 'refusal')}`}</p>
    </div>
  );
}

function GainPair({ name, comparison }: { readonly name: string; readonly comparison: Comparison }) {
  const { governed, frozen, difference, verdict } = comparison;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <strong className={`verdict-${verdict}`}>{formatDifference(difference)}</strong>
        <small>{`${formatFigure(governed)} against ${formatFigure(frozen)}`}</small>
      </dd>
    </div>
  );
}
