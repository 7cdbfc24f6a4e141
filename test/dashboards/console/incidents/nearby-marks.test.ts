import { describe, expect, it } from 'vitest';
import { nearbyMarks } from '../../../../dashboards/console/incidents/nearby-marks.ts';
import { SLOW_CONSUMER } from '../answers/slow-consumer.ts';

describe('the changes around an incident', () => {
  const marks = nearbyMarks(SLOW_CONSUMER.changes, SLOW_CONSUMER.diagnosis?.hypotheses[0]);

  it('begin with the suspect, then what touches the pathway, then decoys, the nearest first', () => {
    expect(marks.map(({ nearby, isSuspect }) => [nearby.minutesFromStart, nearby.touches, isSuspect])).toEqual([
      [-3.2, true, true],
      [-19, true, false],
      [-8, false, false],
      [21, false, false],
    ]);
  });

  it('stand on the axis by their minutes, and none outside it', () => {
    expect(marks.map(({ left }) => Math.round(left))).toEqual([45, 18, 37, 85]);
    const [first] = SLOW_CONSUMER.changes;
    if (first === undefined) return expect.fail('there are changes');
    expect(nearbyMarks([{ ...first, minutesFromStart: -400 }], undefined)).toMatchObject([{ left: 0, isSuspect: false }]);
    return undefined;
  });
});
