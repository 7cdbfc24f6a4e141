import type { ErrorObject } from 'ajv/dist/2020.js';
import { describeValue, expectationOf } from './expectation.ts';
import { escapeToken } from './keywords.ts';
import type { Location, Locations } from './locations.ts';

/** Why data does not fit a contract. */
export interface Violation {
  readonly ok: false;
  /** Bounded category for counting, such as `/quantity minimum`: declared names only, anything else as `*`, then the keyword. */
  readonly reason: string;
  /** A sentence for people, such as `data/quantity is -3 but must be >= 1`; tagged values are masked. */
  readonly message: string;
}

const MASK = '***';
const MAX_SEGMENTS = 8;
const MAX_NAME = 64;
/** Their last error only says that an inner one made them fail. */
const WRAPPERS = new Set(['if']);

/** A place in the data, as far as the contract knows it. */
interface Place {
  readonly category: string;
  readonly label: string;
  readonly isTagged: boolean;
  /** Everything that the contract says of it; several where a name and a pattern both apply, none where it is not known. */
  readonly locations: readonly Location[];
}

function shown(name: string): string {
  const text = JSON.stringify(name).slice(1, -1);
  return text.length > MAX_NAME ? `${text.slice(0, MAX_NAME)}…` : text;
}

function tokensOf(instancePath: string): readonly string[] {
  return instancePath
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}

/** One step down. A place that the tree does not reach counts as tagged wherever the contract tags anything. */
function stepInto(place: Place, segment: string, hasPii: boolean): Place {
  const declared = place.locations.map(({ children }) => children.get(segment)).filter(isDefined);
  const locations = [...declared, ...place.locations.map((location) => location.any).filter(isDefined)];
  const isDeclared = declared.length > 0;
  const isNameMasked = !isDeclared && (place.isTagged || place.locations.some((location) => location.hasPiiKeys));
  const isBeneath = locations.length === 0 ? hasPii : locations.some(({ pii }) => pii !== 'none');
  return {
    category: `${place.category}/${isDeclared ? escapeToken(segment) : '*'}`,
    label: `${place.label}/${isNameMasked ? MASK : shown(segment)}`,
    isTagged: place.isTagged || isBeneath,
    locations,
  };
}

/** Follows an instance path through the contract’s locations; category and label end after 8 names. */
function placeOf(instancePath: string, { root, hasPii }: Locations): Place {
  let place: Place = { category: '', label: 'data', isTagged: root.pii !== 'none', locations: [root] };
  for (const [index, segment] of tokensOf(instancePath).entries()) {
    if (index === MAX_SEGMENTS) return { ...place, category: `${place.category}/…`, label: `${place.label}/…`, isTagged: hasPii };
    place = stepInto(place, segment, hasPii);
  }
  return place;
}

/** The error that says most: the outermost, or the one inside a wrapper. */
function decisive(errors: readonly ErrorObject[]): ErrorObject | undefined {
  const last = errors.at(-1);
  return last !== undefined && WRAPPERS.has(last.keyword) ? (errors.at(-2) ?? last) : last;
}

/** Sentences about names rather than a value: missing ones, and ones that nobody declared. */
function nameViolation(error: ErrorObject, place: Place): Violation | undefined {
  const missing: unknown = error.params['missingProperty'];
  if (typeof missing === 'string') {
    const reason = `${place.category}/${escapeToken(missing)} ${error.keyword}`;
    return { ok: false, reason, message: `${place.label} ${expectationOf(error)}` };
  }
  const extra: unknown =
    error.params['additionalProperty'] ?? error.params['unevaluatedProperty'] ?? error.params['propertyName'];
  if (typeof extra !== 'string') return undefined;
  const isMasked = place.isTagged || place.locations.some((location) => location.hasPiiKeys);
  const what =
    error.keyword === 'propertyNames' ? 'whose name is not of the declared form' : 'which the contract does not declare';
  const message = `${place.label} has the property '${isMasked ? MASK : shown(extra)}', ${what}`;
  return { ok: false, reason: `${place.category || '/'} ${error.keyword}`, message };
}

/** Turns ajv’s errors into a bounded reason and a sentence without personal data. */
export function violationOf(errors: readonly ErrorObject[], locations: Locations): Violation {
  const error = decisive(errors);
  if (error === undefined) return { ok: false, reason: '/ unknown', message: 'data does not fit the contract' };
  const place = placeOf(error.instancePath, locations);
  const named = nameViolation(error, place);
  if (named !== undefined) return named;
  const value = place.isTagged ? MASK : describeValue(error.data);
  const message = `${place.label} is ${value} but ${expectationOf(error)}`;
  return { ok: false, reason: `${place.category || '/'} ${error.keyword}`, message };
}
