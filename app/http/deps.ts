import type {
  ChangeAccepted,
  ChangeReport,
  Clock,
  Database,
  EventLog,
  Health,
  JourneySummary,
  RollbackAnswer,
  RollbackRequest,
  Span,
} from '#core';
import type { MonthlyQuality, WebhookStatus } from '#drift';
import type { Workspace } from '../config/index.ts';
import type { LineProgress } from '../line.ts';
import type { Operations } from '../operations/wire-operations.ts';

/** What the running line tells; all but `quality` at once, from memory. */
export interface LineStatus {
  progress(): LineProgress;
  replay(): Health['replay'];
  /** Version that decides in a pipeline; undefined before the first promotion. */
  liveVersion(pipeline: string): number | undefined;
  quality(): Promise<MonthlyQuality>;
}

/** The telemetry store, as far as there is one. */
export interface Telemetry {
  /** undefined while it is off, starting or away. */
  database(): Database | undefined;
  /** Asks nothing of the store. */
  status(): Health['telemetry'];
}

/** How entities are stored. */
export interface Entities {
  /** Whether rows hold a pseudonym, because the entity's property is tagged as personal data. */
  readonly isPseudonym: boolean;
  /** The text that stands in the rows for an entity as its producer writes it. */
  entityOf(text: string): string;
}

/** A request of an OTLP exporter, unread. */
export interface OtlpRequest {
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly body: Uint8Array;
}

/** What goes back to the exporter, in the encoding that it used. */
export interface OtlpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array | string;
}

export interface Traces {
  /** In no order; empty where nothing of the trace was kept. */
  read(database: Database, traceId: string): Promise<readonly Span[]>;
  receive(request: OtlpRequest): Promise<OtlpAnswer>;
}

/** What a person may do to the line of models. */
export interface Models {
  /** Goes back to a version that decided before; by default the one before the live one. Resolves when the fact is durable. */
  rollback(name: string, request: RollbackRequest): Promise<RollbackAnswer>;
}

/** Changes made elsewhere. */
export interface Changes {
  /** Resolves when it is durable; the same id is the same change. */
  record(report: ChangeReport): Promise<ChangeAccepted>;
}

/** What the server's plugins are given. */
export interface ServerDeps {
  readonly clock: Clock;
  readonly workspace: Workspace;
  readonly log: Pick<EventLog, 'read' | 'lag'>;
  readonly line: LineStatus;
  readonly telemetry: Telemetry;
  readonly entities: Entities;
  readonly traces: Traces;
  readonly models: Models;
  readonly changes: Changes;
  /** Alerts and incidents; undefined where telemetry is off. */
  readonly operations: () => Operations | undefined;
  /** How each webhook's endpoint is doing. */
  readonly webhooks: () => readonly WebhookStatus[];
  /** The newest decisions and quarantined events, newest first, at most 12. */
  readonly latest: () => readonly JourneySummary[];
  /** Folder of the built console; it need not be there. */
  readonly consoleFolder: string;
}
