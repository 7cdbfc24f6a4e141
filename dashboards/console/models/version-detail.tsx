import { useEffect, useRef } from 'react';
import type { ModelAnswer, ModelVersionView } from '#core';
import { Card } from '../parts/card.tsx';
import { Empty } from '../parts/notes.tsx';
import { VersionMark } from '../parts/version-mark.tsx';
import { Evidence } from './evidence.tsx';
import { Gate } from './gate.tsx';
import { Lineage } from './lineage.tsx';

interface VersionDetailProps {
  readonly answer: ModelAnswer;
  readonly version: ModelVersionView;
  /** The address names it: it is brought into view. */
  readonly isAsked: boolean;
}

/** One version: why it decides or does not, what its gate saw, and what it was made of. */
export function VersionDetail({ answer, version, isAsked }: VersionDetailProps) {
  const host = useRef<HTMLDivElement>(null);
  const { version: number, status, reason, actor, gate, isBaseline } = version;
  useEffect(() => {
    if (isAsked) host.current?.scrollIntoView({ block: 'start' });
  }, [number, isAsked]);
  const request = answer.trainings.find(({ requestId }) => requestId === version.requestId);
  return (
    <div ref={host} className="detail-place">
      <Card title={`Version ${number}`} aside={<VersionMark status={status} />} className="version-detail">
        {reason === null ? null : (
          <p className="version-reason">
            {`${reason.replace(/\.$/u, '')}.`}
            {actor === null ? null : <span className="soft">{` By ${actor}.`}</span>}
          </p>
        )}
        {isBaseline && status !== 'live' ? (
          <p className="soft">It scores on in shadow, so that what the line of models gains can be told.</p>
        ) : null}
        <div className="detail-columns">
          <div>
            {gate === null ? <NoGate version={version} /> : <Gate gate={gate} />}
            {request === undefined || request.evidence.length === 0 ? null : (
              <>
                <h3>Why it was trained</h3>
                <Evidence training={request} />
              </>
            )}
          </div>
          <Lineage name={answer.name} version={version} />
        </div>
      </Card>
    </div>
  );
}

function NoGate({ version: { status, cause } }: { readonly version: ModelVersionView }) {
  return (
    <>
      <h3>Gate</h3>
      <Empty>{gateWords(status, cause)}</Empty>
    </>
  );
}

function gateWords(status: ModelVersionView['status'], cause: ModelVersionView['cause']): string {
  if (status === 'shadow') return 'Its trial is not over: the gate decides on outcomes that mature meanwhile.';
  return cause === 'first_model'
    ? 'A first model has nothing to be compared with: it decides once it is trained.'
    : 'No gate has judged it.';
}
