import { Link } from 'wouter';
import type { IncidentAnswer } from '#core';
import { Card } from '../parts/card.tsx';
import { Checks } from '../parts/checks.tsx';
import { Mitigations } from '../parts/mitigations.tsx';
import { Empty } from '../parts/notes.tsx';
import { ORIGINS } from '../words/incidents.ts';
import { runbookHref } from '../words/links.ts';

type Runbook = NonNullable<IncidentAnswer['runbook']>;

/** The checks of the runbook as they answered when the incident was opened. */
export function RunbookChecks({ answer: { runbook, incident, diagnosis } }: { readonly answer: IncidentAnswer }) {
  if (runbook === null)
    return (
      <Card title="Runbook checks">
        <Empty>
          {incident.origin === 'throughline'
            ? `The workspace has no runbook ${incident.alert}.`
            : `${ORIGINS[incident.origin]} raised it, and the workspace has no runbook ${incident.alert}: write one under runbooks/ with that name, and its checks run here.`}
        </Empty>
      </Card>
    );
  const page = <Link href={runbookHref(runbook.alert)}>run them now, on the runbook’s page</Link>;
  return (
    <Card title="Runbook checks" aside={<>as they were when it was opened; {page}</>}>
      {runbook.checks.length === 0 && diagnosis === null ? (
        <Empty>They are being run.</Empty>
      ) : (
        <Checks checks={runbook.checks} />
      )}
    </Card>
  );
}

export function WhatEases({ runbook: { mitigations, escalate } }: { readonly runbook: Runbook }) {
  return (
    <Card title="What eases it">
      <Mitigations mitigations={mitigations} />
      {escalate === '' ? null : (
        <p className="escalate">
          <strong>Escalate:</strong> {escalate}
        </p>
      )}
    </Card>
  );
}
