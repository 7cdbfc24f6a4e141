import { Link, useSearchParams } from 'wouter';
import type { Evidence, Hypothesis, IncidentSummary } from '#core';
import { changeHref, kindOf } from '../overview/change-marks.ts';
import { ChangeSign } from '../overview/change-sign.tsx';
import { Fold } from '../parts/fold.tsx';
import { ConfidenceMark } from '../parts/incident-marks.tsx';
import { ContactLink, OwnerLink } from '../parts/owner-link.tsx';
import { FoldedQuery } from '../parts/query-text.tsx';
import { RowsTable } from '../parts/rows-table.tsx';
import { CAUSE_WORDS } from '../words/incidents.ts';
import { plural } from '../words/numbers.ts';
import { STAGES, spoken } from '../words/stages.ts';
import { formatTime } from '../words/times.ts';

interface HypothesisProps {
  readonly hypothesis: Hypothesis;
  readonly incident: IncidentSummary;
  /** It stands first: its title is large. */
  readonly isLeading?: boolean;
}

/** A hypothesis whole: how far to trust it, what speaks for it, what would disprove it, and whom to call. */
export function HypothesisBody({ hypothesis, incident, isLeading = false }: HypothesisProps) {
  const { title, confidence, cause, evidence, disproof, suspect, rank } = hypothesis;
  return (
    <div className="hypothesis">
      {isLeading ? (
        <>
          <p className="hypothesis-trust">
            <ConfidenceMark confidence={confidence} />
            <span className="tag">{CAUSE_WORDS[cause]}</span>
          </p>
          <p className="cause-title">{title}</p>
        </>
      ) : null}
      <HypothesisFacts hypothesis={hypothesis} />
      {suspect === null ? null : <Suspect suspect={suspect} />}
      <h3>What speaks for it</h3>
      <ol className="evidence-list">
        {evidence.map((one, index) => (
          <EvidenceItem key={one.summary} evidence={one} id={`${rank}.${index + 1}`} />
        ))}
      </ol>
      <h3>What would disprove it</h3>
      <p className="disproof">{disproof}</p>
      {incident.declaredCause === null ? <ConfirmButton rank={rank} /> : null}
    </div>
  );
}

function HypothesisFacts({ hypothesis: { details, stage, since, owner } }: { readonly hypothesis: Hypothesis }) {
  return (
    <dl className="hypothesis-facts">
      {Object.entries(details).map(([name, value]) => (
        <div key={name}>
          <dt>{spoken(name)}</dt>
          <dd>
            <code>{value}</code>
          </dd>
        </div>
      ))}
      {stage === null ? null : (
        <div>
          <dt>stage</dt>
          <dd>{STAGES[stage].name}</dd>
        </div>
      )}
      {since === null ? null : (
        <div>
          <dt>since</dt>
          <dd>{formatTime(since)}</dd>
        </div>
      )}
      {owner === null ? null : (
        <div>
          <dt>can mend it</dt>
          <dd>
            <OwnerLink name={owner.name} />, <ContactLink contact={owner.contact} />
          </dd>
        </div>
      )}
    </dl>
  );
}

function Suspect({ suspect: { change, why } }: { readonly suspect: NonNullable<Hypothesis['suspect']> }) {
  const href = changeHref(change);
  return (
    <div className="suspect">
      <ChangeSign kind={kindOf(change)} />
      <div>
        <p>
          <span className="tag">suspect change</span> <strong>{spoken(change.kind)}</strong>{' '}
          {href === undefined ? <code>{change.subject}</code> : <Link href={href}>{change.subject}</Link>}
        </p>
        <p>{change.summary}</p>
        <p className="soft">{why}</p>
        <p className="fine">{`${formatTime(change.recordedAt)} · by ${change.actor}`}</p>
      </div>
    </div>
  );
}

function EvidenceItem({ evidence: { summary, rows, sql }, id }: { readonly evidence: Evidence; readonly id: string }) {
  return (
    <li>
      <p>{summary}</p>
      <Fold name="evidence" id={id} summary={<span className="soft">{`${plural(rows.length, 'row')} and query`}</span>}>
        <RowsTable rows={rows} label={`Rows of evidence ${id}`} />
        <FoldedQuery text={sql} what={`SQL of evidence ${id}`} />
      </Fold>
    </li>
  );
}

/** Opens the dialog with this hypothesis chosen. */
function ConfirmButton({ rank }: { readonly rank: number }) {
  const [, setParameters] = useSearchParams();
  const confirm = (): void => {
    setParameters(
      (before) => {
        const next = new URLSearchParams(before);
        next.set('do', 'cause');
        next.set('confirms', String(rank));
        return next;
      },
      { replace: true },
    );
  };
  return (
    <p className="hypothesis-confirm">
      <button type="button" className="button" onClick={confirm}>
        This is it: declare it …
      </button>
    </p>
  );
}
