import type { Diagnosis, IncidentAnswer } from '#core';
import type { LiveState } from '../api/live.ts';
import { Empty, Note } from '../parts/notes.tsx';
import { useServerNow } from '../parts/server-now.ts';
import { formatMs, formatStopwatch } from '../words/durations.ts';
import { CAUSE_WORDS, ORIGINS } from '../words/incidents.ts';
import { plural } from '../words/numbers.ts';
import { formatClock } from '../words/times.ts';
import { HypothesisBody } from './hypothesis-body.tsx';
import { diagnosisState } from './standing.ts';

interface LeadingCauseProps {
  readonly answer: IncidentAnswer;
  readonly live: LiveState;
}

/** The answer to “why”, as far as there is one: what a person declared, the best hypothesis, or what was ruled out. */
export function LeadingCause({ answer, live }: LeadingCauseProps) {
  const { incident, diagnosis } = answer;
  return (
    <section className="card leading-cause" aria-labelledby="leading-cause">
      <header className="card-head">
        <h2 id="leading-cause">Why</h2>
        <div className="card-aside">{diagnosis === null ? null : <HowFast answer={answer} diagnosis={diagnosis} />}</div>
      </header>
      {incident.declaredCause === null ? null : (
        <div className="declared-cause">
          <p className="kicker">{`cause declared by ${incident.declaredCause.actor}`}</p>
          <p className="cause-title">{incident.declaredCause.cause}</p>
        </div>
      )}
      {diagnosis === null ? <NotThere answer={answer} live={live} /> : <Verdict answer={answer} diagnosis={diagnosis} />}
    </section>
  );
}

function HowFast({ answer, diagnosis: { at, tookMs } }: { readonly answer: IncidentAnswer; readonly diagnosis: Diagnosis }) {
  const afterMs = Date.parse(at) - Date.parse(answer.incident.startsAt);
  const after = afterMs > 0 ? `, ${formatStopwatch(afterMs)} after the alert` : '';
  return <>{`diagnosed at ${formatClock(at)} UTC in ${formatMs(tookMs)}${after}`}</>;
}

function NotThere({ answer, live }: LeadingCauseProps) {
  const nowMs = useServerNow(live, true);
  const { origin } = answer.incident;
  if (diagnosisState(answer, nowMs) === 'pending')
    return (
      <div className="diagnosing" role="status">
        <p className="cause-title">Being diagnosed …</p>
        <p className="soft">
          The checks of its runbook run, and bad events are compared with good ones. It appears here by itself within seconds.
        </p>
        <div className="diagnosing-bar" aria-hidden="true" />
      </div>
    );
  return (
    <Empty>
      {origin === 'throughline'
        ? 'No diagnosis was made of it: the process may have ended meanwhile. The runbook’s page runs its checks again.'
        : `It came from ${ORIGINS[origin]}, about something that Throughline does not measure: no diagnosis is made of it.`}
    </Empty>
  );
}

function Verdict({ answer, diagnosis }: { readonly answer: IncidentAnswer; readonly diagnosis: Diagnosis }) {
  const [best] = diagnosis.hypotheses;
  return (
    <>
      {diagnosis.problems.length === 0 ? null : <Problems problems={diagnosis.problems} />}
      {diagnosis.verdict === 'found' && best !== undefined ? (
        <HypothesisBody hypothesis={best} incident={answer.incident} isLeading />
      ) : (
        <NotFoundVerdict diagnosis={diagnosis} />
      )}
    </>
  );
}

function Problems({ problems }: { readonly problems: readonly string[] }) {
  return (
    <Note kind="warning">
      <p>
        <strong>Not everything could be asked: the diagnosis is of less than it should be.</strong>
      </p>
      <ul>
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </Note>
  );
}

/** A full answer, too: what it is not. */
function NotFoundVerdict({ diagnosis: { summary, ruledOut } }: { readonly diagnosis: Diagnosis }) {
  return (
    <div className="not-found-verdict">
      <p className="cause-title">
        {ruledOut.length === 0 ? 'Cause not found' : `Cause not found; ${plural(ruledOut.length, 'cause')} ruled out`}
      </p>
      {ruledOut.length === 0 ? <p className="soft">{summary}</p> : null}
      <RuledOut ruledOut={ruledOut} />
    </div>
  );
}

export function RuledOut({ ruledOut }: Pick<Diagnosis, 'ruledOut'>) {
  return (
    <dl className="ruled-out">
      {ruledOut.map(({ cause, why }) => (
        <div key={cause}>
          <dt>
            <span aria-hidden="true" className="ruled-out-sign">
              ×
            </span>
            {CAUSE_WORDS[cause]}
          </dt>
          <dd>{why}</dd>
        </div>
      ))}
    </dl>
  );
}
