import type { IncidentAnswer } from '#core';
import { Fold } from '../parts/fold.tsx';
import { ConfidenceMark } from '../parts/incident-marks.tsx';
import { plural } from '../words/numbers.ts';
import { HypothesisBody } from './hypothesis-body.tsx';
import { RuledOut } from './leading-cause.tsx';

/** What else it may be, and what it is not: folded. */
export function OtherCauses({ answer: { diagnosis, incident } }: { readonly answer: IncidentAnswer }) {
  if (diagnosis === null) return null;
  const { verdict, hypotheses, ruledOut } = diagnosis;
  const others = verdict === 'found' ? hypotheses.slice(1) : hypotheses;
  const isRuledOutShown = verdict !== 'found' || ruledOut.length === 0;
  if (others.length === 0 && isRuledOutShown) return null;
  return (
    <section className="card other-causes" aria-label={verdict === 'found' ? 'Other hypotheses' : 'What remains possible'}>
      {others.map((hypothesis) => (
        <Fold
          key={hypothesis.rank}
          name="hypothesis"
          id={String(hypothesis.rank)}
          summary={
            <>
              <span className="other-rank">{`${hypothesis.rank}.`}</span>
              <span className="other-title">{hypothesis.title}</span>
              <ConfidenceMark confidence={hypothesis.confidence} />
            </>
          }
        >
          <HypothesisBody hypothesis={hypothesis} incident={incident} />
        </Fold>
      ))}
      {isRuledOutShown ? null : (
        <Fold
          name="hypothesis"
          id="ruled-out"
          summary={<span className="other-title soft">{`${plural(ruledOut.length, 'other cause')} ruled out, and why`}</span>}
        >
          <RuledOut ruledOut={ruledOut} />
        </Fold>
      )}
    </section>
  );
}
