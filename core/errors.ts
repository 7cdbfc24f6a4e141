/** What every error code declares once: HTTP status, whether a retry can help, and one sentence for the docs. */
export interface ErrorSpec {
  readonly status: number;
  readonly retryable: boolean;
  readonly doc: string;
}

/** One folder's failures by stable code; codes carry the folder's prefix, such as `BROKER_`. */
export type ErrorTable = Readonly<Record<string, ErrorSpec>>;

export interface ErrorContext {
  readonly cause?: unknown;
  /** Identifiers involved: topic, partition, file. Never payloads. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The one error class. `message` says what is wrong, where, and what to do; `code` is stable. */
export class ThroughlineError extends Error {
  readonly code: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: ErrorContext & { readonly spec: ErrorSpec }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ThroughlineError';
    this.code = code;
    this.status = options.spec.status;
    this.retryable = options.spec.retryable;
    this.details = options.details ?? {};
  }
}

/** Builds the maker of a folder's errors: `const fail = defineErrors(TABLE)`, then `throw fail('BROKER_…', sentence)`. */
export function defineErrors<const T extends ErrorTable>(
  table: T,
): (code: keyof T & string, message: string, context?: ErrorContext) => ThroughlineError {
  return (code, message, context = {}) => {
    const spec = table[code];
    if (spec === undefined) throw new TypeError(`unknown error code ${code}`);
    return new ThroughlineError(code, message, { ...context, spec });
  };
}

/** Whether the same call may succeed later, as far as the failure says so. */
export function isRetryable(error: unknown): boolean {
  return error instanceof ThroughlineError && error.retryable;
}

/** The sentence of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An expected outcome as a value: a verdict with a named reason instead of an exception. */
export type Result<T, R extends string = string> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: R; readonly message: string };
