import { Link } from 'wouter';
import type { Journey } from '#core';
import { ScoreScale } from '../parts/score-scale.tsx';
import { modelHref, searchHref } from '../words/links.ts';
import { spoken } from '../words/stages.ts';

/** The score on its scale, the decision it led to, and which model version it was. */
export function PredictionBody({ prediction }: { readonly prediction: NonNullable<Journey['prediction']> }) {
  const { score, threshold, below, decision, model } = prediction;
  const isUnder = score < threshold;
  return (
    <>
      <ScoreScale score={score} threshold={threshold} />
      <p>
        {isUnder ? `under ${threshold}: ` : `not under ${threshold}: `}
        <Link href={searchHref({ decision })} className={decision === below ? 'decision' : ''}>
          {spoken(decision)}
        </Link>
      </p>
      <p className="soft">
        <Link href={modelHref(model.name, { version: model.version })}>{`${model.name} v${model.version}`}</Link>
        {`, ${model.role}`}
      </p>
    </>
  );
}
