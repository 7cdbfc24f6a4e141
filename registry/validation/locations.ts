import { type JsonSchema, PII_KINDS, type PiiKind } from '../config.ts';
import type { PlacedSchema, SchemaDocument } from './document.ts';
import { escapeToken, type Subschema, subschemasOf } from './keywords.ts';

/** What a schema says of one place in the data; a tree that follows the data, not the schema. */
export interface Location {
  /** JSON types that the schema names for it; empty where it names none. */
  readonly types: Set<string>;
  /** Strongest tag of the place itself. */
  pii: PiiKind;
  /** Whether the keys of this map are tagged (`propertyNames` with x-pii). */
  hasPiiKeys: boolean;
  /** Declared properties. */
  readonly children: Map<string, Location>;
  /** Items, and properties that are not declared by name. */
  any: Location | undefined;
  /** Schemas that were applied here, so that references in a circle end. */
  readonly applied: Set<unknown>;
}

/** The tree stops here; what lies deeper counts as tagged wherever the schema tags anything. */
export const LOCATION_LIMITS = { maxDepth: 12, maxLocations: 5000 } as const;

function createLocation(): Location {
  return { types: new Set(), pii: 'none', hasPiiKeys: false, children: new Map(), any: undefined, applied: new Set() };
}

function tagOf(schema: JsonSchema): PiiKind {
  return PII_KINDS.find((kind) => kind === schema['x-pii']) ?? 'none';
}

function strongest(a: PiiKind, b: PiiKind): PiiKind {
  return PII_KINDS.indexOf(a) >= PII_KINDS.indexOf(b) ? a : b;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

function typesOf(schema: JsonSchema): readonly string[] {
  const { type, enum: allowed } = schema;
  if (typeof type === 'string') return [type];
  if (Array.isArray(type)) return type.map(String);
  if (Object.hasOwn(schema, 'const')) return [typeOf(schema['const'])];
  return Array.isArray(allowed) ? allowed.map(typeOf) : [];
}

/** A schema that applies at a location. */
interface Step {
  readonly placed: PlacedSchema;
  readonly location: Location;
  readonly depth: number;
}

/** The places that a schema speaks of, with references followed. */
export class Locations {
  readonly root = createLocation();
  /** Whether some part of the schema is tagged. */
  readonly hasPii: boolean;
  readonly #document: SchemaDocument;
  #count = 1;

  constructor(document: SchemaDocument) {
    this.#document = document;
    this.hasPii = this.#document.schemas.some((placed) => tagOf(placed.schema) !== 'none');
    const [first] = this.#document.schemas;
    const waiting: Step[] = first === undefined ? [] : [{ placed: first, location: this.root, depth: 0 }];
    for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) waiting.push(...this.#apply(step));
  }

  #apply(step: Step): readonly Step[] {
    const { placed, location } = step;
    if (location.applied.has(placed.schema)) return [];
    location.applied.add(placed.schema);
    location.pii = strongest(location.pii, tagOf(placed.schema));
    for (const type of typesOf(placed.schema)) location.types.add(type);
    const next: Step[] = [];
    const target = this.#document.find(placed.schema['$ref'], placed.base);
    if (target !== undefined) next.push({ ...step, placed: target });
    for (const inner of subschemasOf(placed.schema)) {
      const innerPlaced = this.#document.placedOf(inner.schema);
      if (innerPlaced === undefined) this.#declare(step, inner);
      const innerStep = innerPlaced === undefined ? undefined : this.#enter({ ...step, placed: innerPlaced }, inner);
      if (innerStep !== undefined) next.push(innerStep);
    }
    return next;
  }

  /** A property whose schema is true or false is declared all the same. */
  #declare(step: Step, { place, name }: Subschema): void {
    if (place === 'name') this.#descend(step, name);
  }

  /** The step into a subschema: at the same location, or at one beneath it that is made if need be. */
  #enter(step: Step, { place, name }: Subschema): Step | undefined {
    switch (place) {
      case 'same':
        return step;
      case 'keys':
        step.location.hasPiiKeys ||= tagOf(step.placed.schema) !== 'none';
        return undefined;
      case 'nowhere':
        return undefined;
      case 'any':
      case 'name':
        return this.#descend(step, place === 'name' ? name : undefined);
    }
  }

  #descend(step: Step, name: string | undefined): Step | undefined {
    const { location, placed, depth } = step;
    const known = name === undefined ? location.any : location.children.get(name);
    const isFull = depth >= LOCATION_LIMITS.maxDepth || this.#count >= LOCATION_LIMITS.maxLocations;
    if (known === undefined && isFull) return undefined;
    if (known !== undefined) return { placed, location: known, depth: depth + 1 };
    const child = createLocation();
    this.#count++;
    if (name === undefined) location.any = child;
    else location.children.set(name, child);
    return { placed, location: child, depth: depth + 1 };
  }

  /** Tagged places, as JSON pointers into the data with `*` for items and undeclared properties; a tag covers all beneath it. */
  tagged(): readonly { readonly pointer: string; readonly kind: PiiKind }[] {
    const found: { pointer: string; kind: PiiKind }[] = [];
    const waiting: { pointer: string; location: Location }[] = [{ pointer: '', location: this.root }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { pointer, location } = next;
      if (location.pii !== 'none') {
        found.push({ pointer, kind: location.pii });
        continue;
      }
      for (const [name, child] of location.children)
        waiting.push({ pointer: `${pointer}/${escapeToken(name)}`, location: child });
      if (location.any !== undefined) waiting.push({ pointer: `${pointer}/*`, location: location.any });
    }
    return found.sort((a, b) => (a.pointer < b.pointer ? -1 : 1));
  }
}
