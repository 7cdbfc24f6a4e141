import type { EpochMs } from './clock.ts';
import type { RecordHeaders } from './ports.ts';

/** The CloudEvents 1.0.2 attributes that we read; (source, id) names the event for ever, `type` is the contract's subject. */
export interface Envelope {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** Event time, epoch ms. */
  readonly timeMs: EpochMs;
  /** Contract URL with its version, where the producer names one. */
  readonly dataschema?: string;
  /** W3C context of the event's origin (`ce_traceparent`), or of the last hop where only that is there. */
  readonly traceparent?: string;
}

/** Header names of the CloudEvents Kafka binding, binary mode, and our own. */
export const HEADERS = {
  id: 'ce_id',
  source: 'ce_source',
  type: 'ce_type',
  time: 'ce_time',
  specversion: 'ce_specversion',
  dataschema: 'ce_dataschema',
  traceparent: 'ce_traceparent',
  /** W3C context of the last hop. */
  hopTraceparent: 'traceparent',
  contentType: 'content-type',
  /** Present on a watermark record: the event time (ISO 8601) before which the source sends nothing more. */
  watermark: 'tl_watermark',
  /** Present on replayed history: such events have no source delay and stay out of latency SLIs. */
  replay: 'tl_replay',
  /** Present on what is replayed as fast as possible, not at its pace. */
  backlog: 'tl_backlog',
} as const;

/** Headers of an event in CloudEvents binary mode with a JSON payload. */
export function envelopeHeaders(envelope: Envelope): RecordHeaders {
  const headers: Record<string, string> = {
    [HEADERS.specversion]: '1.0',
    [HEADERS.id]: envelope.id,
    [HEADERS.source]: envelope.source,
    [HEADERS.type]: envelope.type,
    [HEADERS.time]: new Date(envelope.timeMs).toISOString(),
    [HEADERS.contentType]: 'application/json',
  };
  if (envelope.dataschema !== undefined) headers[HEADERS.dataschema] = envelope.dataschema;
  if (envelope.traceparent !== undefined) headers[HEADERS.traceparent] = envelope.traceparent;
  return headers;
}
