import { Link } from 'wouter';
import type { TrainingView } from '#core';
import { CAUSES } from '../words/governance.ts';
import { driftHref } from '../words/links.ts';

/** What spoke for a training, each with the drift job that measured it. */
export function Evidence({ training: { evidence, at } }: { readonly training: TrainingView }) {
  return (
    <ul className="evidence">
      {evidence.map(({ cause, summary, target, job }) => (
        <li key={summary}>
          {evidence.length > 1 ? <span className="tag">{CAUSES[cause]}</span> : null}
          <span>
            {summary}
            {job === null ? null : (
              <>
                {' '}
                <Link href={driftHref(job, target === null ? {} : { target, to: at })}>{placeWords(job, target)}</Link>
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What is found behind the link: outcomes have measures, and no distribution. */
function placeWords(job: string, target: string | null): string {
  if (target === null) return job;
  return target === 'outcome' ? 'its measures' : 'its distribution';
}
