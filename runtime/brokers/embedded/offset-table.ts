import type { Databases } from './environment.ts';
import { parseOffset, parseOffsetKey } from './keys.ts';
import type { PartitionState, TopicTable } from './topic-table.ts';

/**
 * Committed offsets of all groups, twice: as accepted, which is where the next owner of a partition starts (its commit
 * comes after those under way), and as durable, which is what is reported.
 */
export class OffsetTable {
  readonly #accepted = new Map<string, Map<PartitionState, number>>();
  readonly #durable = new Map<string, Map<PartitionState, number>>();

  static load(databases: Databases, topics: TopicTable): OffsetTable {
    const table = new OffsetTable();
    for (const { key, value } of databases.offsets.getRange({})) {
      const { group, topic, partition } = parseOffsetKey(key);
      const state = topics.findByNumber(topic, partition);
      if (state === undefined) continue;
      table.accept(group, state, parseOffset(value));
      table.settle(group, state, parseOffset(value));
    }
    return table;
  }

  accept(group: string, partition: PartitionState, offset: number): void {
    mapOf(this.#accepted, group).set(partition, offset);
  }

  settle(group: string, partition: PartitionState, offset: number): void {
    mapOf(this.#durable, group).set(partition, offset);
  }

  findAccepted(group: string, partition: PartitionState): number | undefined {
    return this.#accepted.get(group)?.get(partition);
  }

  findDurable(group: string, partition: PartitionState): number | undefined {
    return this.#durable.get(group)?.get(partition);
  }
}

function mapOf(groups: Map<string, Map<PartitionState, number>>, group: string): Map<PartitionState, number> {
  const known = groups.get(group);
  if (known !== undefined) return known;
  const created = new Map<PartitionState, number>();
  groups.set(group, created);
  return created;
}
