import type { ConsumerOptions, GroupOffset, TopicPartition } from '#core';
import { brokerError } from '../errors.ts';
import { assignPartitions } from './assignment.ts';
import { GroupMember, type MemberSource } from './group-member.ts';
import type { OffsetTable } from './offset-table.ts';
import type { PartitionState, TopicTable } from './topic-table.ts';

/** The log's consumer groups: who is in them, who holds what, and where each partition is to be read from. */
export class GroupTable {
  readonly #topics: TopicTable;
  readonly #offsets: OffsetTable;
  readonly #source: MemberSource;
  readonly #groups = new Map<string, Group>();
  #joined = 0;

  constructor(parts: { readonly topics: TopicTable; readonly offsets: OffsetTable; readonly source: MemberSource }) {
    this.#topics = parts.topics;
    this.#offsets = parts.offsets;
    this.#source = parts.source;
  }

  /** Adds a member and shares the partitions anew. Throws BROKER_TOPIC_MISSING, and what a listener throws. */
  join(options: ConsumerOptions): GroupMember {
    for (const topic of options.topics) this.#topics.get(topic);
    const known = this.#groups.get(options.group);
    const group = known ?? new Group(options.group, this.#topics, this.#offsets);
    this.#groups.set(options.group, group);
    this.#joined++;
    const member: GroupMember = new GroupMember({
      options,
      memberId: `${options.group}-${this.#joined}`,
      source: this.#source,
      leave: () => this.#leave(group, member),
    });
    group.add(member);
    return member;
  }

  memberCount(group: string): number {
    return this.#groups.get(group)?.members.length ?? 0;
  }

  /** The partitions of the positions; throws BROKER_GENERATION_STALE unless the member still holds them all. */
  checkOwnership(member: unknown, positions: readonly GroupOffset[]): PartitionState[] {
    return positions.map((position) => {
      const partition = this.#topics.partition(position);
      if (member instanceof GroupMember && member.mayCommit(partition)) return partition;
      throw staleGeneration(member, position, this.#groups);
    });
  }

  /** Lets waiting members look again: something is there to read, or the log has closed or failed. */
  wake(): void {
    for (const group of this.#groups.values()) for (const member of group.members) member.wake();
  }

  #leave(group: Group, member: GroupMember): void {
    group.remove(member);
    if (group.members.length === 0) this.#groups.delete(group.name);
  }
}

function staleGeneration(member: unknown, at: TopicPartition, groups: ReadonlyMap<string, Group>): Error {
  const who = member instanceof GroupMember ? `Member ${member.memberId}` : 'The consumer';
  const generation = member instanceof GroupMember ? groups.get(member.group)?.generation : undefined;
  return brokerError(
    'BROKER_GENERATION_STALE',
    `${who} does not hold partition ${at.partition} of '${at.topic}' any more. Drop the work; the partition's owner does it again from the committed offset.`,
    { details: { topic: at.topic, partition: at.partition, generation } },
  );
}

class Group {
  readonly name: string;
  readonly members: GroupMember[] = [];
  generation = 0;
  readonly #topics: TopicTable;
  readonly #offsets: OffsetTable;
  /** Where partitions with no committed offset began, so that `from: 'end'` does not skip when they change hands. */
  readonly #beginnings = new Map<PartitionState, number>();
  #owners = new Map<PartitionState, GroupMember>();

  constructor(name: string, topics: TopicTable, offsets: OffsetTable) {
    this.name = name;
    this.#topics = topics;
    this.#offsets = offsets;
  }

  add(member: GroupMember): void {
    this.members.push(member);
    this.#rebalance();
  }

  remove(member: GroupMember): void {
    const index = this.members.indexOf(member);
    if (index < 0) return;
    this.members.splice(index, 1);
    this.#rebalance();
  }

  /** Shares anew; every listener is called, revocations first, then the first error of a listener is thrown. */
  #rebalance(): void {
    this.generation++;
    const before = this.#owners;
    const wanted = [...new Set(this.members.flatMap((member) => [...member.topics]))].toSorted();
    const partitions = wanted.flatMap((topic) => this.#topics.get(topic).partitions);
    this.#owners = assignPartitions(partitions, this.members, before);
    const changed = partitions.filter((partition) => before.get(partition) !== this.#owners.get(partition));
    const notices: (() => void)[] = [];
    for (const member of this.members)
      notices.push(member.revoke(changed.filter((partition) => before.get(partition) === member)));
    for (const member of this.members) {
      const gained = changed.filter((partition) => this.#owners.get(partition) === member);
      notices.push(member.assign(gained.map((partition) => [partition, this.#positionOf(partition, member.from)])));
    }
    callAll(notices);
  }

  #positionOf(partition: PartitionState, from: ConsumerOptions['from']): number {
    const committed = this.#offsets.findAccepted(this.name, partition) ?? this.#beginnings.get(partition);
    if (committed !== undefined) return committed;
    const beginning = from === 'start' ? partition.start : partition.end;
    this.#beginnings.set(partition, beginning);
    return beginning;
  }
}

function callAll(notices: readonly (() => void)[]): void {
  const errors: unknown[] = [];
  for (const notice of notices) {
    try {
      notice();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
