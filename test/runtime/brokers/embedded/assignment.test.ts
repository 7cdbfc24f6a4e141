import fc from 'fast-check';
import { expect, it } from 'vitest';
import { assignPartitions } from '../../../../runtime/brokers/embedded/assignment.ts';
import type { PartitionState, TopicState } from '../../../../runtime/brokers/embedded/topic-table.ts';

function createTopic(name: string, count: number): readonly PartitionState[] {
  const partitions: PartitionState[] = [];
  const topic: TopicState = { name, number: 1, retention: {}, partitions };
  for (let partition = 0; partition < count; partition++)
    partitions.push({ topic, partition, start: 0, end: 0, next: 0, totalBytes: 0 });
  return partitions;
}

interface Member {
  readonly topics: ReadonlySet<string>;
}

const member = (...topics: string[]): Member => ({ topics: new Set(topics) });
const loadsOf = (members: readonly Member[], owners: ReadonlyMap<PartitionState, Member>): number[] =>
  members.map((candidate) => [...owners.values()].filter((owner) => owner === candidate).length);

it('gives every partition one owner and shares evenly through any joins and leaves, moving no more than it must', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.boolean(), { maxLength: 12 }), (count, joins) => {
      const partitions = createTopic('t', count);
      const members: Member[] = [member('t')];
      let owners = assignPartitions(partitions, members, new Map());
      for (const isJoin of joins) {
        const before = owners;
        const left = isJoin || members.length === 1 ? 0 : (loadsOf(members, before)[0] ?? 0);
        if (isJoin) members.push(member('t'));
        else if (members.length > 1) members.shift();
        owners = assignPartitions(partitions, members, before);
        const loads = loadsOf(members, owners);
        expect(owners.size).toBe(count);
        expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
        const moved = partitions.filter((partition) => before.get(partition) !== owners.get(partition)).length;
        // What the newcomer gets, or what the leaver had.
        const least = isJoin ? (loads.at(-1) ?? 0) : left;
        expect(moved).toBe(least);
      }
    }),
  );
});

it('gives a topic only to members that asked for it', () => {
  const [a, b] = [createTopic('a', 4), createTopic('b', 2)];
  const members = [member('a'), member('a', 'b')];
  const owners = assignPartitions<Member>([...a, ...b], members, new Map());
  for (const [partition, owner] of owners) expect(owner.topics.has(partition.topic.name)).toBe(true);
  expect(loadsOf(members, owners)).toEqual([3, 3]);
  expect(assignPartitions(b, [member('a')], new Map()).size).toBe(0);
});
