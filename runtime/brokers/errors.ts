import { defineErrors, type ErrorTable } from '#core';

/** Failures of event logs, by stable code; every driver uses the same table. */
export const BROKER_ERRORS = {
  BROKER_TOPIC_MISSING: {
    status: 404,
    retryable: false,
    doc: 'No topic has this name, or the topic has no such partition; the message names what there is.',
  },
  BROKER_TOPIC_MISMATCH: {
    status: 409,
    retryable: false,
    doc: 'The topic exists with another number of partitions; keys would move between partitions, so it is not changed.',
  },
  BROKER_NAME_INVALID: {
    status: 400,
    retryable: false,
    doc: 'A topic, group or store name is empty, too long or holds characters that not every broker takes.',
  },
  BROKER_KEY_TOO_LONG: {
    status: 400,
    retryable: false,
    doc: 'A state key is longer than the embedded log can hold (1978 bytes with the store’s name).',
  },
  BROKER_KEY_INVALID: {
    status: 400,
    retryable: false,
    doc: 'A state key is not well-formed Unicode: two different keys could become one.',
  },
  BROKER_RECORD_TOO_LARGE: {
    status: 413,
    retryable: false,
    doc: 'A record’s value is larger than the log’s limit for one record.',
  },
  BROKER_COMMIT_TOO_LARGE: {
    status: 413,
    retryable: false,
    doc: 'A commit holds more records, state writes or bytes than one transaction may; split it.',
  },
  BROKER_QUEUE_FULL: {
    status: 503,
    retryable: true,
    doc: 'More commits wait for the disk than may; the caller should await earlier commits before it sends more.',
  },
  BROKER_OFFSET_INVALID: {
    status: 400,
    retryable: false,
    doc: 'An offset is not a whole number from 0 to the end of its partition.',
  },
  BROKER_GENERATION_STALE: {
    status: 409,
    retryable: false,
    doc: 'A group member committed for a partition that it does not hold any more; its work must be abandoned.',
  },
  BROKER_CONSUMER_BUSY: {
    status: 409,
    retryable: false,
    doc: 'A consumer was polled while an earlier poll of it still waits.',
  },
  BROKER_PARTITION_NOT_ASSIGNED: {
    status: 409,
    retryable: false,
    doc: 'A consumer was asked to seek, pause or resume in a partition that is not assigned to it.',
  },
  BROKER_DISK_FULL: {
    status: 507,
    retryable: false,
    doc: 'A commit did not fit on the disk; nothing of it is stored, everything acknowledged is. Free space, then reopen the log.',
  },
  BROKER_WRITE_FAILED: {
    status: 500,
    retryable: false,
    doc: 'The disk refused a commit; nothing of it is acknowledged, everything acknowledged before is stored. Reopen the log.',
  },
  BROKER_REOPEN_NEEDED: {
    status: 503,
    retryable: false,
    doc: 'An earlier commit failed, so that later ones would break the order; the log must be closed and opened again.',
  },
  BROKER_CLOSED: {
    status: 409,
    retryable: false,
    doc: 'The log or the consumer was closed.',
  },
  BROKER_FOLDER_IN_USE: {
    status: 409,
    retryable: true,
    doc: 'Another process, or this one, has the embedded log’s folder open; a folder has one owner.',
  },
  BROKER_FOLDER_UNUSABLE: {
    status: 500,
    retryable: false,
    doc: 'The embedded log’s folder cannot be made, read or written; the message says why.',
  },
  BROKER_FOLDER_CORRUPT: {
    status: 500,
    retryable: false,
    doc: 'The embedded log’s data file is not a readable log: damaged, cut short, or something else’s file.',
  },
  BROKER_FORMAT_UNKNOWN: {
    status: 409,
    retryable: false,
    doc: 'The embedded log was written in a format that this version does not read.',
  },
} as const satisfies ErrorTable;

/** Makes the errors of event logs. */
export const brokerError = defineErrors(BROKER_ERRORS);
