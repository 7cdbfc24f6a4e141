import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { RunbookList } from '#core';
import { runbooksQuery } from '../api/operations.ts';
import { AlertStateMark, SeverityMark } from '../parts/incident-marks.tsx';
import { ObjectList } from '../parts/object-list.tsx';
import { Owner } from '../parts/owner-link.tsx';
import { useTitle } from '../shell/title.ts';
import { runbookHref } from '../words/links.ts';
import { plural } from '../words/numbers.ts';
import { RunbookView } from './runbook-view.tsx';
import { verifiedWords } from './verified.ts';

/** All runbooks, or the one of an alert. */
export function RunbooksPage({ alert }: { readonly alert: string | undefined }) {
  return alert === undefined ? <RunbookCards /> : <RunbookView alert={alert} />;
}

function RunbookCards() {
  useTitle('Runbooks');
  const { data, error, refetch } = useQuery(runbooksQuery);
  return (
    <ObjectList
      title="Runbooks"
      about="What each alert means, the checks that run by themselves when it fires, and what eases it."
      empty="This workspace has no runbook: add one under runbooks/ with the name of its alert and start again."
      error={error}
      refetch={refetch}
      cards={data?.runbooks
        .toSorted((left, right) => Number(right.firing) - Number(left.firing))
        .map((runbook) => <RunbookCard key={runbook.alert} runbook={runbook} />)}
    />
  );
}

function RunbookCard({ runbook }: { readonly runbook: RunbookList['runbooks'][number] }) {
  const { alert, severity, owner, meaning, checks, firing, verifiedBy } = runbook;
  return (
    <li className={`card object-card runbook-card${firing ? ' is-firing' : ''}`}>
      <h2>
        <Link href={runbookHref(alert)}>{alert}</Link>
      </h2>
      <p className="runbook-marks">
        <SeverityMark severity={severity} />
        {firing ? <AlertStateMark state="firing" /> : null}
      </p>
      <p className="soft">{meaning}</p>
      <p className="fine runbook-foot">
        <span>{`${plural(checks, 'check')} · ${verifiedWords(verifiedBy)}`}</span>
        <Owner owner={owner} />
      </p>
    </li>
  );
}
