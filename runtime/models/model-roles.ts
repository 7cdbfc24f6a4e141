import type { LogPosition, ModelPromoted, ModelRef, ModelRefused, ModelShadowed } from '#core';

/** A place in the pipeline's topic. */
export interface Place {
  readonly partition: number;
  readonly offset: number;
}

/** Where a version scores in shadow: from one fact's positions up to another's. */
interface ShadowSpan {
  readonly fact: ModelShadowed;
  /** Where a candidate ended; undefined while it goes on. A baseline goes on for ever. */
  end: readonly LogPosition[] | undefined;
}

const NONE: readonly ModelRef[] = [];

/**
 * Which version has which role at which place. Follows from the control topic's facts of one pipeline alone, in their order: whoever
 * is told the same facts, at once or one by one, gives the same answers.
 */
export class ModelRoles {
  readonly #promotions: ModelPromoted[] = [];
  readonly #spans: ShadowSpan[] = [];

  promote(fact: ModelPromoted): void {
    this.#endCandidate(fact);
    this.#promotions.push(fact);
  }

  shadow(fact: ModelShadowed): void {
    this.#spans.push({ fact, end: undefined });
  }

  refuse(fact: ModelRefused): void {
    this.#endCandidate(fact);
  }

  /** The promotion that is in force at this place: the last one whose position it has reached; undefined before the first. */
  liveAt(at: Place): ModelPromoted | undefined {
    return this.#promotions.findLast(({ positions }) => isReached(positions, at));
  }

  /**
   * The versions that score beside the live one at this place, lowest first: candidates from their shadow's positions up to those of
   * their promotion or refusal, baselines from theirs on. The version that is live at a place is no shadow there.
   */
  shadowsAt(at: Place): readonly ModelRef[] {
    if (this.#spans.length === 0) return NONE;
    const live = this.liveAt(at);
    const shadows = new Map<number, ModelRef>();
    for (const { fact, end } of this.#spans) {
      const isOn = isReached(fact.positions, at) && (end === undefined || !isReached(end, at));
      if (isOn && !isSame(fact, live)) shadows.set(fact.version, fact);
    }
    return [...shadows.values()].toSorted((left, right) => left.version - right.version);
  }

  #endCandidate(fact: ModelPromoted | ModelRefused): void {
    for (const span of this.#spans) {
      if (span.fact.purpose === 'candidate' && span.end === undefined && isSame(span.fact, fact)) span.end = fact.positions;
    }
  }
}

function isReached(positions: readonly LogPosition[], at: Place): boolean {
  return positions.some(({ partition, offset }) => partition === at.partition && at.offset >= offset);
}

function isSame(one: ModelRef, other: ModelRef | undefined): boolean {
  return one.name === other?.name && one.version === other.version;
}
