import type { Static, TSchema } from 'typebox';
import type { Validator } from 'typebox/compile';
import { type LogRecord, messageOf } from '#core';
import { driftError } from './errors.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * The JSON value of a record as its schema describes it; properties that the schema does not name pass unseen.
 * Throws DRIFT_RECORD_INVALID with topic, partition, offset and the first deviation, never with the payload.
 */
export function parsePayload<const S extends TSchema>(record: LogRecord, schema: Validator<Record<never, never>, S>): Static<S> {
  const at = `${record.topic}[${record.partition}]@${record.offset}`;
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(record.value));
  } catch (cause) {
    throw driftError('DRIFT_RECORD_INVALID', `${at} is not JSON in UTF-8: ${messageOf(cause)}`, { cause });
  }
  if (schema.Check(value)) return value;
  const [first] = schema.Errors(value);
  throw driftError('DRIFT_RECORD_INVALID', `${at} is not what the topic promises: ${first?.instancePath} ${first?.message}`, {
    details: { topic: record.topic, partition: record.partition, offset: record.offset },
  });
}
