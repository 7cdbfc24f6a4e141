import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GateVerdict, LogPosition, ModelPromoted, ModelRefused, ModelShadowed } from '#core';
import { ModelRoles } from '../../../runtime/models/model-roles.ts';

/** Facts of one pipeline's line of models, at positions that only grow; the rules are said again here in their plainest form. */

const PARTITIONS = 2;
const VERSIONS = 5;
const END = 60;

type Offsets = readonly number[];
interface Fact {
  readonly kind: 'promoted' | 'candidate' | 'baseline' | 'refused';
  readonly version: number;
  readonly offsets: Offsets;
}

const positionsOf = (offsets: Offsets): LogPosition[] =>
  offsets.map((offset, partition) => ({ topic: 'shop.events', partition, offset }));
const about = (fact: Fact) => ({
  name: 'again',
  version: fact.version,
  requestId: `r${fact.version}`,
  pipeline: 'shop',
  atMs: 0,
  positions: positionsOf(fact.offsets),
});
const GATE: GateVerdict = {
  verdict: 'refuse',
  checks: [],
  window: { fromMs: 0, toMs: 0 },
  rows: 0,
  live: { version: 1, logLoss: null, calibrationError: null, auc: null, accuracy: null },
  candidate: { version: 1, logLoss: null, calibrationError: null, auc: null, accuracy: null },
  difference: null,
};

function tell(roles: ModelRoles, facts: readonly Fact[]): ModelRoles {
  for (const fact of facts) {
    const said = { ...about(fact), reason: 'test', actor: 'test' };
    if (fact.kind === 'promoted') roles.promote({ ...said, role: 'live' } satisfies ModelPromoted);
    else if (fact.kind === 'refused') roles.refuse({ ...said, gate: GATE } satisfies ModelRefused);
    else roles.shadow({ ...about(fact), purpose: fact.kind } satisfies ModelShadowed);
  }
  return roles;
}

type At = Readonly<{ partition: number; offset: number }>;
const reached = ({ offsets }: Fact, { partition, offset }: At): boolean => offset >= (offsets[partition] ?? Number.NaN);

function liveByRule(facts: readonly Fact[], at: At): number | undefined {
  return facts.findLast((fact) => fact.kind === 'promoted' && reached(fact, at))?.version;
}

function isShadowByRule(facts: readonly Fact[], version: number, at: At): boolean {
  if (liveByRule(facts, at) === version) return false;
  return facts.some((fact, index) => {
    if (fact.version !== version || !reached(fact, at)) return false;
    if (fact.kind === 'baseline') return true;
    if (fact.kind !== 'candidate') return false;
    const end = facts.slice(index).find((later) => later.version === version && ['promoted', 'refused'].includes(later.kind));
    return end === undefined || !reached(end, at);
  });
}

const histories = fc
  .array(
    fc.record({
      kind: fc.constantFrom('promoted', 'candidate', 'baseline', 'refused'),
      version: fc.integer({ min: 1, max: VERSIONS }),
      steps: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: PARTITIONS, maxLength: PARTITIONS }),
    }),
    { maxLength: 14 },
  )
  .map((steps) => {
    const offsets = Array.from({ length: PARTITIONS }, () => 0);
    return steps.map(({ kind, version, steps: by }): Fact => {
      for (const [partition, step] of by.entries()) offsets[partition] = (offsets[partition] ?? 0) + step;
      return { kind, version, offsets: [...offsets] };
    });
  });

const everywhere = Array.from({ length: PARTITIONS }, (_, partition) =>
  Array.from({ length: END }, (_unused, offset) => ({ partition, offset })),
).flat();

const shadowVersions = (roles: ModelRoles, at: At): number[] => roles.shadowsAt(at).map(({ version }) => version);

describe('the roles of versions', () => {
  test('are by position what the facts say, whatever the history', () => {
    fc.assert(
      fc.property(histories, (facts) => {
        const roles = tell(new ModelRoles(), facts);
        for (const at of everywhere) {
          expect(roles.liveAt(at)?.version).toBe(liveByRule(facts, at));
          const byRule = Array.from({ length: VERSIONS }, (_, index) => index + 1).filter((version) =>
            isShadowByRule(facts, version, at),
          );
          expect(shadowVersions(roles, at)).toEqual(byRule);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('of a line with a promotion, a refusal and a roll-back', () => {
    const roles = tell(new ModelRoles(), [
      { kind: 'promoted', version: 1, offsets: [10, 10] },
      { kind: 'candidate', version: 2, offsets: [20, 20] },
      { kind: 'promoted', version: 2, offsets: [30, 30] },
      { kind: 'baseline', version: 1, offsets: [30, 30] },
      { kind: 'candidate', version: 3, offsets: [35, 35] },
      { kind: 'promoted', version: 1, offsets: [40, 41] },
      { kind: 'refused', version: 3, offsets: [45, 45] },
      { kind: 'candidate', version: 4, offsets: [50, 50] },
      { kind: 'promoted', version: 4, offsets: [55, 55] },
    ]);
    const line = [5, 10, 20, 30, 35, 40, 45, 50, 55].map((offset) => {
      const at = { partition: 0, offset };
      return [offset, roles.liveAt(at)?.version, shadowVersions(roles, at)];
    });
    expect(line).toEqual([
      [5, undefined, []],
      [10, 1, []],
      [20, 1, [2]],
      [30, 2, [1]],
      [35, 2, [1, 3]],
      [40, 1, [3]],
      [45, 1, []],
      [50, 1, [4]],
      [55, 4, [1]],
    ]);
    expect(roles.liveAt({ partition: 1, offset: 40 })?.version).toBe(2);
  });
});
