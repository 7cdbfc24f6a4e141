/** Bounds of the embedded log; at each, the call that would pass it is refused and nothing of it is stored. */
export interface EmbeddedLogLimits {
  /** Largest record value, bytes; default 8 MiB (BROKER_RECORD_TOO_LARGE). */
  readonly maxRecordBytes: number;
  /** Most records, and most state writes, of one commit; default 100,000 (BROKER_COMMIT_TOO_LARGE). */
  readonly maxRecordsPerCommit: number;
  /** Most bytes of one commit; default 256 MiB (BROKER_COMMIT_TOO_LARGE). */
  readonly maxCommitBytes: number;
  /** Most bytes of commits that wait for the disk; default 512 MiB (BROKER_QUEUE_FULL). */
  readonly maxQueuedBytes: number;
}

const MIB = 2 ** 20;

export const DEFAULT_LIMITS: EmbeddedLogLimits = {
  maxRecordBytes: 8 * MIB,
  maxRecordsPerCommit: 100_000,
  maxCommitBytes: 256 * MIB,
  maxQueuedBytes: 512 * MIB,
};

/** LMDB's key limit with 4 KiB pages, bytes; lmdb-js holds to it on every machine. */
export const MAX_KEY_BYTES = 1978;

/** Partitions that a topic may have. */
export const MAX_PARTITIONS = 1024;

/** Topics that a log may ever have had; their numbers are 16 bits wide. */
export const MAX_TOPICS = 65_535;

/** A stored batch holds at most so many records, so that reading one record never decodes a huge batch. */
export const MAX_FRAME_RECORDS = 1024;

/** A batch is closed when its values pass this, bytes. */
export const FRAME_BYTES = MIB;

/** One read of one partition stops after this many bytes of values, whatever the record count. */
export const MAX_READ_BYTES = 16 * MIB;
