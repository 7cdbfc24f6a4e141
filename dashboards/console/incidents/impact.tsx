import type { IncidentAnswer } from '#core';
import { Card } from '../parts/card.tsx';
import { Empty } from '../parts/notes.tsx';

/** What of the traffic is hit, in sentences. */
export function Impact({ impact, diagnosis }: Pick<IncidentAnswer, 'impact' | 'diagnosis'>) {
  return (
    <Card title="Impact" className="impact">
      {impact.length === 0 ? (
        <Empty>{withoutImpact(diagnosis)}</Empty>
      ) : (
        <ul>
          {impact.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function withoutImpact(diagnosis: IncidentAnswer['diagnosis']): string {
  if (diagnosis === null) return 'Not counted yet.';
  return diagnosis.problems.length === 0 ? 'Nothing of the traffic was found to be hit.' : 'It could not be counted.';
}
