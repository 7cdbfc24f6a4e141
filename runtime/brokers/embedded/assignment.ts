import type { PartitionState } from './topic-table.ts';

/** Who may hold which partitions: a member and the topics it asked for. */
export interface Claimant {
  readonly topics: ReadonlySet<string>;
}

/**
 * Spreads partitions over members so that no two that could share differ by more than one; deterministic. Partitions
 * stay with their owner where that is even, so that a join moves as little state as it can.
 */
export function assignPartitions<M extends Claimant>(
  partitions: readonly PartitionState[],
  members: readonly M[],
  owners: ReadonlyMap<PartitionState, M>,
): Map<PartitionState, M> {
  const result = new Map<PartitionState, M>();
  const loads = new Map<M, number>(members.map((member) => [member, 0]));
  const give = (partition: PartitionState, to: M): void => {
    const from = result.get(partition);
    if (from !== undefined) loads.set(from, (loads.get(from) ?? 0) - 1);
    result.set(partition, to);
    loads.set(to, (loads.get(to) ?? 0) + 1);
  };
  for (const partition of partitions) {
    const owner = owners.get(partition);
    if (owner !== undefined && loads.has(owner)) give(partition, owner);
  }
  for (const partition of partitions) {
    const to = result.has(partition) ? undefined : leastLoaded(partition, members, loads);
    if (to !== undefined) give(partition, to);
  }
  // Each move lowers the sum of squared loads, so this ends.
  for (let move = findMove(result, members, loads); move !== undefined; move = findMove(result, members, loads)) {
    give(move.partition, move.to);
  }
  return result;
}

/** From the owner that has most over a member that could take it; undefined when none has two more than another. */
function findMove<M extends Claimant>(
  owners: ReadonlyMap<PartitionState, M>,
  members: readonly M[],
  loads: ReadonlyMap<M, number>,
): { readonly partition: PartitionState; readonly to: M } | undefined {
  let best: { readonly partition: PartitionState; readonly to: M } | undefined;
  let bestGain = 1;
  for (const [partition, owner] of owners) {
    const to = leastLoaded(partition, members, loads);
    const gain = to === undefined ? 0 : (loads.get(owner) ?? 0) - (loads.get(to) ?? 0);
    if (to === undefined || gain <= bestGain) continue;
    best = { partition, to };
    bestGain = gain;
  }
  return best;
}

function leastLoaded<M extends Claimant>(
  partition: PartitionState,
  members: readonly M[],
  loads: ReadonlyMap<M, number>,
): M | undefined {
  let best: M | undefined;
  for (const member of members) {
    if (!member.topics.has(partition.topic.name)) continue;
    if (best === undefined || (loads.get(member) ?? 0) < (loads.get(best) ?? 0)) best = member;
  }
  return best;
}
