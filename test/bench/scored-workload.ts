/**
 * Every event is scored: eight features, a logistic model, contracts, decisions and predictions, all durable. Beside it, on the
 * same log and in the same process, a bare consume → JSON → produce as the limit that the log alone sets; and the same work with
 * telemetry: every record stored in ClickHouse, spans for 1 %, which ends only when the last row is stored. Prints one JSON line.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createJourneySpans, createPseudonyms, isSampledByRatio, receiveTraces } from '#collector';
import { type EventLog, type JourneyObserver, type NewRecord, systemClock } from '#core';
import { createPipelineTopics, createStages, InferenceClient, ModelCatalog, openEmbeddedLog, PipelineRunner } from '#runtime';
import { createContractGate } from '../../app/contract-gate.ts';
import type { Telemetry } from '../../app/telemetry/telemetry.ts';
import { wireTelemetry } from '../../app/telemetry/wire-telemetry.ts';
import { CONTRACTS, DEFINITION, NAMES, payment, promoteModel, VIEW } from './payments.ts';
import { ProcessTree } from './process-tree.ts';

const EVENTS = Number(process.argv[2] ?? 200_000);
const CHUNK = 1000;

interface Measured {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

async function measured(work: () => Promise<void>): Promise<Measured> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { wallSeconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6 };
}

/** The log's own limit: read, parse, serialise, write, with the offset in the same commit. */
async function bareCopy(log: EventLog): Promise<void> {
  await log.createTopic({ name: 'bench.copy', partitions: DEFINITION.partitions, retention: {} });
  const consumer = await log.join({ group: 'bare', topics: [DEFINITION.topic], from: 'start' });
  const { signal } = new AbortController();
  const commits: Promise<unknown>[] = [];
  const decoder = new TextDecoder();
  for (let read = 0; read < EVENTS; ) {
    const polled = await consumer.poll({ maxRecords: DEFINITION.maxBatchEvents, maxWaitMs: 1000, signal });
    const records: NewRecord[] = [];
    for (const batch of polled) {
      for (const { value, headers, partition } of batch.records) {
        const data: unknown = JSON.parse(decoder.decode(value));
        records.push({ topic: 'bench.copy', partition, headers, value: JSON.stringify(data) });
      }
    }
    read += records.length;
    const positions = polled.map(({ topic, partition, records: of }) => ({
      topic,
      partition,
      offset: (of.at(-1)?.offset ?? -1) + 1,
    }));
    commits.push(log.commit({ records, offsets: { consumer, positions } }));
    if (commits.length >= 4) await commits.shift();
  }
  await Promise.all(commits);
  await consumer.close();
}

interface Scored extends Measured {
  readonly scoredEvents: number;
  readonly stageUs: Readonly<Record<string, number>>;
}

/** What runs beside the pipeline, and until when its work is not done. */
interface Beside {
  readonly observer?: JourneyObserver;
  readonly isSampled?: (traceId: string) => boolean;
  readonly finish: () => Promise<void>;
}

const NOTHING: Beside = { finish: async () => undefined };

/** A log with the model promoted and every event appended. */
async function filledLog(folder: string): Promise<{ readonly log: EventLog; readonly produced: Measured }> {
  const log = await openEmbeddedLog({ folder, clock: systemClock });
  await createPipelineTopics(log, DEFINITION);
  await promoteModel(log);
  const produced = await measured(async () => {
    for (let from = 0; from < EVENTS; from += CHUNK) {
      await log.commit({ records: Array.from({ length: Math.min(CHUNK, EVENTS - from) }, (_, index) => payment(from + index)) });
    }
  });
  return { log, produced };
}

async function scoreAll(log: EventLog, beside: Beside): Promise<Scored & { readonly pipelineSeconds: number }> {
  const clock = systemClock;
  const inference = new InferenceClient();
  const models = new ModelCatalog({ log, runner: inference, pipeline: DEFINITION.name, featureNames: NAMES });
  await models.catchUp();
  const abort = new AbortController();
  const gate = createContractGate(CONTRACTS);
  const { observer, isSampled, finish } = beside;
  const runner = new PipelineRunner({
    log,
    clock,
    definition: DEFINITION,
    views: [VIEW],
    stages: createStages({
      clock,
      definition: DEFINITION,
      gate,
      models,
      runner: inference,
      ...(isSampled === undefined ? {} : { isSampled }),
    }),
    nextBarrier: () => undefined,
    onCommitted: () => {
      if (runner.durableEvents >= EVENTS) abort.abort();
    },
    ...(observer === undefined ? {} : { observer }),
  });
  await runner.start();
  let pipelineSeconds = 0;
  const used = await measured(async () => {
    const startMs = performance.now();
    await runner.run(abort.signal);
    pipelineSeconds = (performance.now() - startMs) / 1000;
    await finish();
  });
  const scoredEvents = runner.lanes.reduce((sum, { progress }) => sum + progress.fates.scored, 0);
  const stageUs = Object.fromEntries([...runner.stageUs].map(([stage, us]) => [stage, us / EVENTS]));
  await runner.close();
  await inference.close();
  return { ...used, scoredEvents, stageUs, pipelineSeconds };
}

/** The pipeline with all of its telemetry, as `npm start` has it. */
async function scoreWithTelemetry(folder: string): Promise<object> {
  const { log } = await filledLog(path.join(folder, 'log'));
  const telemetry = await wireTelemetry({
    log,
    clock: systemClock,
    setting: { kind: 'embedded' },
    dataFolder: folder,
    entityName: createPseudonyms(randomBytes(32)),
    fresh: false,
  });
  if (telemetry === undefined) throw new TypeError('telemetry is off');
  const { signal } = new AbortController();
  telemetry.start();
  await telemetry.drained(signal);
  const server = await receiveSpans(telemetry);
  const spans = createJourneySpans(server.url, { selection: { ratio: TRACE_RATIO, budgetP99Ms: 400 } });
  const tree = new ProcessTree(process.pid);
  tree.sample();
  const before = tree.usage.cpuSeconds;
  const scored = await scoreAll(log, {
    observer: spans,
    isSampled: (traceId) => isSampledByRatio(traceId, TRACE_RATIO),
    finish: async () => {
      await telemetry.drained(signal);
      await spans.flush();
      await telemetry.traces.flush();
    },
  });
  tree.sample();
  const [stored] = await telemetry.lateDatabase.query<{ rows: number; bytes: number; spans: number }>(STORED);
  await spans.stop();
  server.close();
  await telemetry.stop();
  await log.close();
  return { ...scored, cpuSeconds: tree.usage.cpuSeconds - before, mainCpuSeconds: scored.cpuSeconds, ...stored };
}

const TRACE_RATIO = 0.01;
const STORED = `SELECT
  (SELECT toFloat64(count()) FROM decisions) AS rows,
  (SELECT toFloat64(sum(bytes_on_disk)) FROM system.parts WHERE active AND table = 'decisions' AND database = currentDatabase()) AS bytes,
  (SELECT toFloat64(count()) FROM otel_traces) AS spans`;

/** Our own receiver without the rest of the API. */
async function receiveSpans(telemetry: Telemetry): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { 'content-type': contentType, 'content-encoding': contentEncoding } = request.headers;
      receiveTraces({ contentType, contentEncoding, body: Buffer.concat(chunks) }, { nowMs: systemClock.now() }).then(
        ({ rows }) => {
          telemetry.traces.add(rows);
          response.setHeader('content-type', 'application/json').end('{}');
        },
        () => response.writeHead(400).end(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/v1/traces`, close: () => server.close() };
}

async function main(folder: string): Promise<object> {
  const { log, produced } = await filledLog(path.join(folder, 'plain'));
  const bare = await measured(() => bareCopy(log));
  const scored = await scoreAll(log, NOTHING);
  await log.close();
  const telemetry = await scoreWithTelemetry(path.join(folder, 'telemetry'));
  return { events: EVENTS, produced, bare, scored, telemetry };
}

const folder = await mkdtemp(path.join(tmpdir(), 'throughline-scored-'));
try {
  process.stdout.write(`${JSON.stringify(await main(folder))}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
