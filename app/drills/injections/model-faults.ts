import { CONTROL_TYPES, controlRecord, type ModelRegistered, type ModelRunner, type ModelShadowed, STORES } from '#core';
import type { Fault } from '#runbooks';
import { readControlFacts } from '../../control-facts.ts';
import type { Injection, Target } from './injection.ts';

type CandidateFault = Extract<Fault, { readonly name: 'F10' }>;

/** So many rows show where a feature's quantile lies. */
const ROWS = 150;

/** A candidate that is as good as the live version, but where a feature is at or over one of its quantiles. */
export function injectCandidate(fault: CandidateFault, column: (feature: string) => number): Injection {
  let candidate: number | undefined;
  const seen: number[] = [];
  return {
    seams: {
      inference: (runner) => biased(runner, { fault, column: column(fault.feature), seen, candidate: () => candidate }),
    },
    begin: async (target) => {
      candidate = target.live.version + 1;
      await putInShadow(target, candidate);
      return { candidateVersion: candidate };
    },
  };
}

interface Bias {
  readonly fault: CandidateFault;
  readonly column: number;
  /** Values of the feature so far. */
  readonly seen: number[];
  readonly candidate: () => number | undefined;
}

function biased(runner: ModelRunner, { fault, column, seen, candidate }: Bias): ModelRunner {
  return {
    load: (model) => runner.load(model),
    unload: (model) => runner.unload(model),
    close: () => runner.close(),
    score: async (request) => {
      // Before they are handed over: the rows' memory goes with them.
      const width = request.rows.length / Math.max(1, request.rowCount);
      const values = Array.from({ length: request.rowCount }, (_, row) => request.rows[row * width + column] ?? Number.NaN);
      const result = await runner.score(request);
      if (request.version !== candidate()) {
        for (const value of values) if (!Number.isNaN(value)) seen.push(value);
        seen.splice(0, Math.max(0, seen.length - ROWS));
        return result;
      }
      const cut = seen.toSorted((a, b) => a - b)[Math.floor(fault.quantile * seen.length)] ?? Number.POSITIVE_INFINITY;
      const scores = result.scores.map((score, row) =>
        (values[row] ?? Number.NaN) >= cut ? Math.min(0.99, Math.max(0.01, score + fault.bias)) : score,
      );
      return { ...result, scores };
    },
  };
}

/** The live version's file under the next number, in shadow from the topic's end on. */
async function putInShadow({ line, clock, models, definition, live }: Target, version: number): Promise<void> {
  const { log } = line;
  const { name } = live;
  const requestId = `${name}/${version}`;
  const onnx = await artifactOf(log, `${name}@${live.version}`);
  const positions = await Promise.all(
    Array.from({ length: definition.partitions }, async (_, partition) => {
      const { end } = await log.bounds({ topic: definition.topic, partition });
      return { topic: definition.topic, partition, offset: end };
    }),
  );
  const inputs = await inputsOf(log, live.version);
  const registered: ModelRegistered = { name, version, requestId, inputs, onnxSha256: '' };
  const shadowed: ModelShadowed = {
    name,
    version,
    requestId,
    pipeline: definition.name,
    purpose: 'candidate',
    atMs: clock.now(),
    positions,
  };
  const about = { source: '/throughline/governance', key: name };
  const facts = [
    controlRecord({ ...about, type: CONTROL_TYPES.modelRegistered, id: `registered/${requestId}`, fact: registered }, clock),
    controlRecord({ ...about, type: CONTROL_TYPES.modelShadowed, id: `shadowed/${requestId}`, fact: shadowed }, clock),
  ];
  await log.commit({
    records: facts,
    state: [{ store: STORES.artifacts, partition: 0, key: `${name}@${version}`, value: onnx }],
  });
  await models.catchUp();
}

type Log = Target['line']['log'];

async function artifactOf(log: Log, wanted: string): Promise<Uint8Array | undefined> {
  for await (const { key, value } of log.readState(STORES.artifacts, 0)) if (key === wanted) return value;
  return undefined;
}

async function inputsOf(log: Log, version: number): Promise<readonly string[]> {
  for await (const { fact } of readControlFacts<ModelRegistered>(log, CONTROL_TYPES.modelRegistered))
    if (fact.version === version) return fact.inputs;
  return [];
}
