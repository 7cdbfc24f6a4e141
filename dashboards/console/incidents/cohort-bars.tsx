import type { Cohort, Diagnosis, IncidentAnswer } from '#core';
import { Card } from '../parts/card.tsx';
import { useWidth } from '../parts/use-width.ts';
import { formatMs } from '../words/durations.ts';
import { formatShare, plural } from '../words/numbers.ts';
import { STAGES } from '../words/stages.ts';
import { formatClock } from '../words/times.ts';
import { type CohortPicture, type CohortStage, cohortPicture, suspectStage } from './cohort-stages.ts';

interface CohortBarsProps {
  readonly cohorts: NonNullable<IncidentAnswer['cohorts']>;
  readonly diagnosis: Diagnosis | null;
}

/** The bad cohort's time by stage under the good one's, on one scale: what grew is seen at a glance, and stands in the table. */
export function CohortBars({ cohorts, diagnosis }: CohortBarsProps) {
  const picture = cohortPicture(cohorts);
  const suspect = suspectStage(diagnosis);
  return (
    <Card title="Where the time went" aside="mean by stage, before and during; both on one scale" className="cohorts">
      <Grew picture={picture} />
      <Bars picture={picture} cohorts={cohorts} />
      <CohortTable picture={picture} cohorts={cohorts} suspect={suspect} />
    </Card>
  );
}

function Grew({ picture: { goodMs, badMs, grower } }: { readonly picture: CohortPicture }) {
  if (grower === undefined) return <p className="cohort-told">No stage takes longer than before: it is not about time.</p>;
  return (
    <p className="cohort-told">
      <strong>{STAGES[grower.stage].name}</strong>
      {` holds ${formatShare(grower.share, 1)} of what was added: end to end went from ${formatMs(goodMs)} to ${formatMs(badMs)}.`}
    </p>
  );
}

const HEIGHT = 124;
const BAR = 26;
const TOP = 20;
const BOTTOM = HEIGHT - BAR - 20;
/** Narrower parts have no name on them. */
const NAMED_PX = 74;

function Bars({ picture, cohorts }: { readonly picture: CohortPicture; readonly cohorts: CohortBarsProps['cohorts'] }) {
  const [host, width] = useWidth<HTMLDivElement>();
  const x = (share: number): number => share * width;
  const row = ({ from, to }: Cohort): string => `${formatClock(from)}–${formatClock(to)} UTC`;
  return (
    <div ref={host} className="cohort-bars" aria-hidden="true">
      <svg width={width} height={HEIGHT} viewBox={`0 0 ${Math.max(width, 1)} ${HEIGHT}`}>
        <defs>
          <pattern id="cohort-over" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="6" height="6" className="cohort-over-ground" />
            <rect width="4" height="6" className="cohort-over-line" />
          </pattern>
        </defs>
        {picture.stages.map((stage) => (
          <path key={stage.stage} className="cohort-ribbon" d={ribbon(stage, x)} />
        ))}
        {picture.stages.map((stage) => (
          <g key={stage.stage}>
            <Part stage={stage} which="good" x={x} />
            <Part stage={stage} which="bad" x={x} />
          </g>
        ))}
        <text x="0" y={TOP - 7}>{`before, ${row(cohorts.good)}: ${formatMs(picture.goodMs)}`}</text>
        <text x="0" y={HEIGHT - 5}>{`during, ${row(cohorts.bad)}: ${formatMs(picture.badMs)}`}</text>
      </svg>
    </div>
  );
}

function ribbon({ good, bad }: CohortStage, x: (share: number) => number): string {
  return `M${x(good[0])} ${TOP + BAR}L${x(good[1])} ${TOP + BAR}L${x(bad[1])} ${BOTTOM}L${x(bad[0])} ${BOTTOM}Z`;
}

interface PartProps {
  readonly stage: CohortStage;
  readonly which: 'good' | 'bad';
  readonly x: (share: number) => number;
}

function Part({ stage, which, x }: PartProps) {
  const [from, to] = stage[which];
  const width = x(to) - x(from);
  const y = which === 'good' ? TOP : BOTTOM;
  if (width <= 0) return null;
  return (
    <>
      <rect className={partClass(stage, which)} x={x(from)} y={y} width={Math.max(width - 1, 0.75)} height={BAR} rx="2" />
      {width > NAMED_PX && !(which === 'bad' && stage.isOver) ? (
        <text className={stage.stage === 'unattributed' ? '' : 'cohort-part-name'} x={x(from) + 6} y={y + BAR / 2 + 4}>
          {STAGES[stage.stage].name}
        </text>
      ) : null}
      {width > NAMED_PX && which === 'bad' && stage.isOver ? <OverName stage={stage} left={x(from)} /> : null}
    </>
  );
}

/** On a ground of its own: text on hatching cannot be read. */
function OverName({ stage, left }: { readonly stage: CohortStage; readonly left: number }) {
  const { name } = STAGES[stage.stage];
  return (
    <>
      <rect className="cohort-name-ground" x={left + 4} y={BOTTOM + 4} width={name.length * 6.6 + 8} height={BAR - 8} rx="2" />
      <text className="cohort-over-name" x={left + 8} y={BOTTOM + BAR / 2 + 4}>
        {name}
      </text>
    </>
  );
}

function partClass({ stage, isOver }: CohortStage, which: 'good' | 'bad'): string {
  if (which === 'bad' && isOver) return 'cohort-part is-over';
  return stage === 'unattributed' ? 'cohort-part is-unattributed' : 'cohort-part';
}

interface CohortTableProps extends Pick<CohortBarsProps, 'cohorts'> {
  readonly picture: CohortPicture;
  readonly suspect: CohortStage['stage'] | undefined;
}

function CohortTable({ picture, cohorts: { good, bad }, suspect }: CohortTableProps) {
  return (
    <table className="grid cohort-table">
      <thead>
        <tr>
          <th scope="col">stage</th>
          <th scope="col">before</th>
          <th scope="col">during</th>
          <th scope="col">added</th>
          <th scope="col">budget</th>
        </tr>
      </thead>
      <tbody>
        {picture.stages.map((stage) => (
          <StageLine key={stage.stage} stage={stage} isSuspect={stage.stage === suspect} />
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">end to end</th>
          <td>{formatMs(picture.goodMs)}</td>
          <td>{formatMs(picture.badMs)}</td>
          <td>{added(picture.badMs - picture.goodMs)}</td>
          <td />
        </tr>
        <tr className="cohort-p99">
          <th scope="row">its p99</th>
          <td>{formatMs(good.endToEndP99Ms)}</td>
          <td>{formatMs(bad.endToEndP99Ms)}</td>
          <td colSpan={2}>{`${plural(good.decisions, 'decision')} before, ${plural(bad.decisions, 'decision')} during`}</td>
        </tr>
      </tfoot>
    </table>
  );
}

function StageLine({ stage, isSuspect }: { readonly stage: CohortStage; readonly isSuspect: boolean }) {
  const { name, covers } = STAGES[stage.stage];
  return (
    <tr className={stage.isOver ? 'is-over' : ''}>
      <th scope="row" title={covers}>
        {name}
        {isSuspect ? <span className="tag tag-suspect">suspect</span> : null}
      </th>
      <td>{formatMs(stage.goodMs)}</td>
      <td>{formatMs(stage.badMs)}</td>
      <td>{added(stage.addedMs)}</td>
      <td>{stage.budgetMs === null ? '' : `${stage.isOver ? '! over ' : ''}${formatMs(stage.budgetMs)}`}</td>
    </tr>
  );
}

/** A difference with its sign; less than a hundredth of a millisecond is none. */
function added(ms: number): string {
  if (Math.abs(ms) < 0.01) return '±0';
  return ms > 0 ? `+${formatMs(ms)}` : formatMs(ms);
}
