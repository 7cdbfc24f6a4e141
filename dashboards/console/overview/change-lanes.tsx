import { Link } from 'wouter';
import type { Timeline } from '#core';
import { type ChangeMark, changeMarks, LANES } from './change-marks.ts';
import { ChangeSign } from './change-sign.tsx';

/** Changes as marks above the days on which they hold, a lane a subject; each leads to the page that is about it. */
export function ChangeLanes({ timeline }: { readonly timeline: Timeline }) {
  const marks = changeMarks(timeline);
  const lanes = LANES.filter((name) => marks.some(({ lane }) => lane === name));
  if (lanes.length === 0) return null;
  return (
    <div className="change-lanes" role="group" aria-label="Changes over event time">
      {lanes.map((name) => (
        <div key={name} className="change-lane">
          <span className="change-lane-name">{name}</span>
          <div className="change-lane-track">
            {marks
              .filter(({ lane }) => lane === name)
              .map((mark) => (
                <MarkOf key={mark.key} mark={mark} />
              ))}
          </div>
        </div>
      ))}
    </div>
  );
}

function MarkOf({ mark: { kind, left, href, words } }: { readonly mark: ChangeMark }) {
  const place = { left: `${left.toFixed(2)}%` };
  return href === undefined ? (
    <span className="change-mark" style={place} title={words}>
      <ChangeSign kind={kind} />
      <span className="visually-hidden">{words}</span>
    </span>
  ) : (
    <Link href={href} className="change-mark" style={place} title={words} aria-label={words}>
      <ChangeSign kind={kind} />
    </Link>
  );
}
