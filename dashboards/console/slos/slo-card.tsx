import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import type { SloView } from '#core';
import { Empty, Note } from '../parts/notes.tsx';
import { Owner } from '../parts/owner-link.tsx';
import { useSearchState } from '../parts/search-state.ts';
import { runbookHref } from '../words/links.ts';
import { formatCount, formatShare, plural } from '../words/numbers.ts';
import { spoken } from '../words/stages.ts';
import { budgetWords, objectiveWords } from './budget.ts';
import { BurnRates } from './burn-rates.tsx';
import { SloHistory } from './slo-history.tsx';

/** An objective: what is left of its budget, how fast that burns, and how it went. */
export function SloCard({ slo }: { readonly slo: SloView }) {
  const { description, owner, history, problem, alert, pipeline } = slo;
  const [asked] = useSearchState('slo');
  const isAsked = asked === slo.slo;
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isAsked) card.current?.scrollIntoView({ block: 'center' });
  }, [isAsked]);
  const id = `slo-${pipeline}-${slo.slo}`;
  return (
    <section ref={card} className={`card slo-card${isAsked ? ' is-asked' : ''}`} aria-labelledby={id}>
      <header className="slo-head">
        <h2 id={id}>{spoken(slo.slo).replaceAll('-', ' ')}</h2>
        <p className="soft">{description}</p>
      </header>
      {problem === null ? null : (
        <Note kind="warning">
          <p>{problem}</p>
        </Note>
      )}
      <BudgetLeft slo={slo} />
      <BurnRates slo={slo} />
      {history.length === 0 ? <Empty>No event counts yet.</Empty> : <SloHistory slo={slo} />}
      <p className="fine slo-foot">
        <span>{`${objectiveWords(slo)} · ${countWords(slo)} · ${pipeline}`}</span>
        <span>
          <Link href={runbookHref(alert)}>runbook</Link> · <Owner owner={owner} />
        </span>
      </p>
    </section>
  );
}

function countWords({ bad, events }: SloView): string {
  return events === 0 ? 'no event yet' : `${formatCount(bad)} bad of ${plural(events, 'event')} (${formatShare(bad, events)})`;
}

function BudgetLeft({ slo }: { readonly slo: SloView }) {
  const { budgetLeft } = slo;
  const { figure, sentence, isBad } = budgetWords(budgetLeft);
  const isOverspent = budgetLeft !== null && budgetLeft < 0;
  const filled = isOverspent ? 1 : Math.min(1, budgetLeft ?? 0);
  return (
    <div className={`budget-left-block${isBad ? ' is-bad' : ''}`}>
      <p className="budget-left-figure">
        <strong>{figure}</strong> <span>{sentence}</span>
      </p>
      <div className="budget-left-bar" aria-hidden="true">
        <span className={isOverspent ? 'is-overspent' : ''} style={{ width: `${100 * filled}%` }} />
      </div>
    </div>
  );
}
