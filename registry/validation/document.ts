import { isObject, subschemasOf } from './keywords.ts';

/** A schema object of a document and where it stands. */
export interface PlacedSchema {
  /** JSON pointer inside the document. */
  readonly pointer: string;
  readonly schema: Readonly<Record<string, unknown>>;
  /** Absolute URI that its references are resolved against. */
  readonly base: string;
}

/** Limits of a schema document: more is refused, so that neither compiling nor walking it can take the process down. */
export const DOCUMENT_LIMITS = { maxDepth: 64, maxSchemas: 5000 } as const;

const ROOT_URI = 'https://contract.invalid/';

/** The URI that `reference` means at `base`; undefined where it is not a URI reference at all. */
export function resolveUri(reference: unknown, base: string): string | undefined {
  return typeof reference === 'string' && URL.canParse(reference, base) ? new URL(reference, base).href : undefined;
}

function pointed(root: unknown, pointer: string): unknown {
  let at: unknown = root;
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(at)) at = at[Number(name)];
    else at = isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  }
  return at;
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

/** The schemas of one document and what its references mean. Nothing outside the document is ever looked at. */
export class SchemaDocument {
  readonly schemas: readonly PlacedSchema[];
  /** Pointer of the first place beyond a limit, if there is one; the walk stopped there. */
  readonly beyondLimits: string | undefined;
  readonly #byUri = new Map<string, unknown>();
  readonly #bySchema = new Map<unknown, PlacedSchema>();

  constructor(root: Readonly<Record<string, unknown>>) {
    const schemas: PlacedSchema[] = [];
    const waiting: { pointer: string; schema: unknown; base: string; depth: number }[] = [
      { pointer: '', schema: root, base: ROOT_URI, depth: 0 },
    ];
    this.#byUri.set(ROOT_URI, root);
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { pointer, schema, depth } = next;
      if (depth > DOCUMENT_LIMITS.maxDepth || schemas.length >= DOCUMENT_LIMITS.maxSchemas) {
        this.beyondLimits = pointer;
        break;
      }
      if (!isObject(schema)) continue;
      const base = this.#register(schema, next.base);
      const placed = { pointer, schema, base };
      schemas.push(placed);
      this.#bySchema.set(schema, placed);
      for (const inner of subschemasOf(schema).toReversed()) {
        waiting.push({ pointer: pointer + inner.path, schema: inner.schema, base, depth: depth + 1 });
      }
    }
    this.schemas = schemas;
  }

  #register(schema: Readonly<Record<string, unknown>>, base: string): string {
    const own = (resolveUri(schema['$id'], base) ?? base).replace(/#$/u, '');
    if (own !== base) this.#byUri.set(own, schema);
    const { $anchor: anchor } = schema;
    if (typeof anchor === 'string') this.#byUri.set(`${own}#${anchor}`, schema);
    return own;
  }

  #target(reference: unknown, base: string): unknown {
    const uri = resolveUri(reference, base);
    if (uri === undefined) return undefined;
    const [resource = '', fragment = ''] = uri.split('#', 2);
    if (fragment.startsWith('/')) return pointed(this.#byUri.get(resource), decoded(fragment));
    return this.#byUri.get(fragment === '' ? resource : uri);
  }

  /** What `$ref` means at `base`; undefined where the document has no such schema. */
  find(reference: unknown, base: string): PlacedSchema | undefined {
    return this.placedOf(this.#target(reference, base));
  }

  /** Where a schema object of this document stands. */
  placedOf(schema: unknown): PlacedSchema | undefined {
    return this.#bySchema.get(schema);
  }

  /** Whether a reference ends at a schema of this document, true and false included. */
  has(reference: unknown, base: string): boolean {
    const target = this.#target(reference, base);
    return typeof target === 'boolean' || this.#bySchema.has(target);
  }

  /** Whether a reference stays in the document, whatever stands there. */
  isInside(reference: unknown, base: string): boolean {
    return this.#byUri.has(resolveUri(reference, base)?.split('#', 1)[0] ?? '');
  }
}
