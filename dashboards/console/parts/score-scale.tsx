import { formatFigure } from '../words/numbers.ts';

interface ScoreScaleProps {
  readonly score: number;
  readonly threshold: number;
}

/** The score on a scale from 0 to 1, and the threshold that decided. */
export function ScoreScale({ score, threshold }: ScoreScaleProps) {
  const label = `score ${formatFigure(score)} ${score < threshold ? 'under' : 'at or over'} the threshold ${formatFigure(threshold)}`;
  const at = `${(100 * Math.min(Math.max(score, 0), 1)).toFixed(2)}%`;
  const limit = `${(100 * threshold).toFixed(2)}%`;
  return (
    <div className="scale" role="img" aria-label={label}>
      <div className="scale-track">
        <div className="scale-below" style={{ width: limit }} />
        <div className="scale-threshold" style={{ left: limit }}>
          <span>{threshold}</span>
        </div>
        <div className={`scale-score${score < threshold ? ' is-below' : ''}`} style={{ left: at }} />
      </div>
      <div className="scale-ends">
        <span>0</span>
        <span>1</span>
      </div>
    </div>
  );
}
