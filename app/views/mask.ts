import type { Contract } from '#registry';

type Locations = Contract['validator']['locations'];
type Location = Locations['root'];

export const MASK = '•••';

/** Data with what says something of a person hidden. */
export interface MaskedData {
  readonly data: unknown;
  /** JSON pointers of what is hidden; a masked name reads '•••' in them too. */
  readonly masked: readonly string[];
  /** The hidden values, as text: nothing beside the data may show them either. */
  readonly hidden: ReadonlySet<string>;
}

/** What the contract says of one place: several locations where a name and a pattern both apply, none where it is not known. */
interface Place {
  readonly pointer: string;
  readonly locations: readonly Location[];
  readonly isTagged: boolean;
}

/** Shorter texts stand in every date and count: they are hidden where they are all of a text, and left where they are part of one. */
const MIN_PART_LENGTH = 4;

const isDefined = <T>(value: T | undefined): value is T => value !== undefined;
const tokenOf = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/**
 * Masks by the rule of the contract's own sentences: a tagged place and all beneath it; and, where the contract tags anything, every
 * place that it does not declare, for a renamed property holds what the declared one held. Without a contract, every value.
 */
export function maskData(data: unknown, contract: Contract | undefined): MaskedData {
  const walk = new Walk(contract?.validator.locations);
  return { data: walk.begin(data), masked: walk.masked, hidden: walk.hidden };
}

/** Hides what was masked wherever it occurs in a text. */
export function maskText(text: string, hidden: ReadonlySet<string>): string {
  let shown = text;
  for (const value of [...hidden].sort((a, b) => b.length - a.length)) {
    if (value.length >= MIN_PART_LENGTH) shown = shown.replaceAll(value, MASK);
    else if (shown === value) shown = MASK;
  }
  return shown;
}

class Walk {
  readonly masked: string[] = [];
  readonly hidden = new Set<string>();
  readonly #locations: Locations | undefined;

  constructor(locations: Locations | undefined) {
    this.#locations = locations;
  }

  begin(data: unknown): unknown {
    const root = this.#locations?.root;
    return this.#shown(data, { pointer: '', locations: root === undefined ? [] : [root], isTagged: root?.pii !== 'none' });
  }

  #shown(value: unknown, place: Place): unknown {
    if (typeof value !== 'object' || value === null) return place.isTagged ? this.#hide(value, place.pointer) : value;
    if (Array.isArray(value)) return value.map((item: unknown, index) => this.#shown(item, this.#step(place, String(index))));
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => this.#property(place, name, inner)));
  }

  #property(place: Place, name: string, value: unknown): readonly [string, unknown] {
    const isDeclared = place.locations.some(({ children }) => children.has(name));
    const isNameTagged = !isDeclared && (place.isTagged || place.locations.some(({ hasPiiKeys }) => hasPiiKeys));
    if (!isNameTagged || this.#locations === undefined) return [name, this.#shown(value, this.#step(place, name))];
    this.hidden.add(name);
    const shownName = `${MASK}${this.masked.length}`;
    this.masked.push(`${place.pointer}/${shownName}`);
    return [shownName, this.#shown(value, { ...this.#step(place, name), pointer: `${place.pointer}/${shownName}` })];
  }

  #step(place: Place, name: string): Place {
    const locations = place.locations.flatMap(({ children, any }) => [children.get(name), any]).filter(isDefined);
    const isUnknown = locations.length === 0 && (this.#locations?.hasPii ?? true);
    const isTagged = place.isTagged || isUnknown || locations.some(({ pii }) => pii !== 'none');
    return { pointer: `${place.pointer}/${tokenOf(name)}`, locations, isTagged };
  }

  #hide(value: unknown, pointer: string): unknown {
    if (value === null) return null;
    const json = JSON.stringify(value);
    if (typeof value === 'string') this.hidden.add(value).add(json.slice(1, -1));
    else this.hidden.add(json);
    this.masked.push(pointer);
    return MASK;
  }
}
