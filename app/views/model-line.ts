import type { ModelFact, StoredFact } from '#collector';
import type { EpochMs, GateVerdict, ModelLineage, TrainingRequested } from '#core';

/** Event times, epoch ms; `toMs` is undefined while it goes on. */
export interface LineSpan {
  readonly fromMs: EpochMs;
  readonly toMs: EpochMs | undefined;
}

type Promotion = StoredFact<'model_promoted'>;
type Refusal = StoredFact<'model_refused'>;
export type VersionStatus = 'live' | 'shadow' | 'retired' | 'refused' | 'rolled_back' | 'registered';
export type TrainingOutcome = 'pending' | 'refused' | 'in_shadow' | 'promoted' | 'not_promoted';

/** A version, and what became of it. */
export interface LineVersion {
  readonly version: number;
  readonly status: VersionStatus;
  readonly isBaseline: boolean;
  readonly requestId: string;
  readonly request: TrainingRequested | undefined;
  readonly lineage: ModelLineage | undefined;
  readonly inputs: readonly string[];
  readonly onnxSha256: string;
  readonly shadow: LineSpan | undefined;
  /** Oldest first. */
  readonly live: readonly LineSpan[];
  readonly gate: GateVerdict | undefined;
  readonly reason: string | undefined;
  readonly actor: string | undefined;
}

/** A request, and what came of it. */
export interface LineTraining {
  readonly request: TrainingRequested;
  readonly outcome: TrainingOutcome;
  readonly version: number | undefined;
  readonly message: string | undefined;
}

/** Something to count by month: a model was trained (at its request's event time), a version promoted other than by a roll-back, one refused. */
export interface LineEvent {
  readonly what: 'trainings' | 'promotions' | 'refusals';
  /** Event time, epoch ms. */
  readonly atMs: EpochMs;
}

/** A model's line, newest first, as its facts tell it. */
export interface ModelLine {
  readonly liveVersion: number | undefined;
  /** The candidate on trial. */
  readonly shadowVersion: number | undefined;
  readonly versions: readonly LineVersion[];
  readonly trainings: readonly LineTraining[];
  /** Versions that decided before and do not now. */
  readonly rollbackTo: readonly number[];
  /** In no order. */
  readonly events: readonly LineEvent[];
}

/** Facts by kind, each once, by event time; those of the same time as they were recorded. */
interface Sorted {
  readonly requests: readonly TrainingRequested[];
  readonly trainingsRefused: readonly StoredFact<'training_refused'>[];
  readonly trained: readonly StoredFact<'model_trained'>[];
  readonly registered: readonly StoredFact<'model_registered'>[];
  readonly shadows: readonly StoredFact<'model_shadowed'>[];
  readonly promotions: readonly Promotion[];
  readonly refusals: readonly Refusal[];
}

/** Makes a model's line of its facts: in any order, and however often a restart wrote one down. Pure. */
export function modelLineOf(facts: readonly ModelFact[]): ModelLine {
  const sorted = sortFacts(facts);
  const live = sorted.promotions.at(-1)?.fact.version;
  const registered = new Map(sorted.registered.map((fact) => [fact.fact.version, fact.fact]));
  const versions = [...registered.values()].sort((a, b) => b.version - a.version).map((fact) => versionOf(fact, sorted));
  const decided = new Set(sorted.promotions.map(({ fact }) => fact.version));
  return {
    liveVersion: live,
    shadowVersion: versions.find(({ status }) => status === 'shadow')?.version,
    versions,
    trainings: sorted.requests.map((request) => trainingOf(request, sorted)).reverse(),
    rollbackTo: [...decided].filter((version) => version !== live).sort((a, b) => b - a),
    events: eventsOf(sorted),
  };
}

function eventsOf({ requests, trained, promotions, refusals }: Sorted): readonly LineEvent[] {
  const requestedMs = new Map(requests.map(({ requestId, atMs }) => [requestId, atMs]));
  return [
    ...trained.map(({ atMs, fact }) => ({
      what: 'trainings' as const,
      atMs: requestedMs.get(fact.requestId) ?? atMs,
    })),
    ...promotions.filter(({ fact }) => fact.cause !== 'rollback').map(({ atMs }) => ({ what: 'promotions' as const, atMs })),
    ...refusals.map(({ atMs }) => ({ what: 'refusals' as const, atMs })),
  ];
}

function sortFacts(facts: readonly ModelFact[]): Sorted {
  const once = new Map<string, ModelFact>();
  for (const fact of facts) if (!once.has(fact.id)) once.set(fact.id, fact);
  const all = [...once.values()].sort((a, b) => a.atMs - b.atMs || a.recordedMs - b.recordedMs);
  const of = <K extends ModelFact['kind']>(kind: K) =>
    all.filter((fact): fact is StoredFact<K> & ModelFact => fact.kind === kind);
  const requests = new Map<string, TrainingRequested>();
  for (const { fact } of [...of('training_requested'), ...of('retraining_requested')].sort((a, b) => a.atMs - b.atMs))
    if (!requests.has(fact.requestId)) requests.set(fact.requestId, fact);
  return {
    requests: [...requests.values()],
    trainingsRefused: of('training_refused'),
    trained: of('model_trained'),
    registered: of('model_registered'),
    shadows: of('model_shadowed'),
    promotions: of('model_promoted'),
    refusals: of('model_refused'),
  };
}

function versionOf(
  { version, requestId, inputs, onnxSha256 }: StoredFact<'model_registered'>['fact'],
  sorted: Sorted,
): LineVersion {
  const live = liveSpans(version, sorted.promotions);
  const refusal = sorted.refusals.findLast(({ fact }) => fact.version === version);
  const candidate = sorted.shadows.findLast(({ fact }) => fact.version === version && fact.purpose === 'candidate');
  const ending = replacementOf(version, sorted.promotions);
  const status = statusOf({ live, ending, isRefused: refusal !== undefined, isCandidate: candidate !== undefined });
  const word = { promotion: sorted.promotions.findLast(({ fact }) => fact.version === version), refusal, ending };
  return {
    version,
    status,
    isBaseline: sorted.promotions[0]?.fact.version === version,
    requestId,
    request: sorted.requests.find((request) => request.requestId === requestId),
    lineage: sorted.trained.findLast(({ fact }) => fact.version === version)?.fact.lineage,
    inputs,
    onnxSha256,
    shadow: shadowSpan(version, sorted),
    live,
    gate: gateOf(version, sorted),
    ...reasonOf(status, word),
  };
}

/** What a gate said of it last: a person's roll-back says nothing of a gate. */
function gateOf(version: number, { promotions, refusals }: Sorted): GateVerdict | undefined {
  const verdicts = [...promotions, ...refusals].filter(({ fact }) => fact.version === version);
  return verdicts.toSorted((a, b) => a.atMs - b.atMs).findLast(({ fact }) => fact.gate !== undefined)?.fact.gate;
}

/** When it decided: from each of its promotions to the next of another version. */
function liveSpans(version: number, promotions: readonly Promotion[]): readonly LineSpan[] {
  const changes = promotions.filter(({ fact }, index) => fact.version !== promotions[index - 1]?.fact.version);
  return changes.flatMap(({ atMs, fact }, index) =>
    fact.version === version ? [{ fromMs: atMs, toMs: changes[index + 1]?.atMs }] : [],
  );
}

/** The promotion that ended its last time of deciding; undefined where it decides, or never did. */
function replacementOf(version: number, promotions: readonly Promotion[]): Promotion | undefined {
  const last = promotions.findLastIndex(({ fact }) => fact.version === version);
  return last < 0 ? undefined : promotions[last + 1];
}

/** Its newest time in shadow: to its promotion or refusal. */
function shadowSpan(version: number, { shadows, promotions, refusals }: Sorted): LineSpan | undefined {
  const shadow = shadows.findLast(({ fact }) => fact.version === version);
  if (shadow === undefined) return undefined;
  const end = [...promotions, ...refusals]
    .filter(({ fact, atMs }) => fact.version === version && atMs > shadow.atMs)
    .map(({ atMs }) => atMs)
    .toSorted((a, b) => a - b)[0];
  return { fromMs: shadow.atMs, toMs: end };
}

function statusOf(known: {
  readonly live: readonly LineSpan[];
  readonly ending: Promotion | undefined;
  readonly isRefused: boolean;
  readonly isCandidate: boolean;
}): VersionStatus {
  if (known.live.at(-1)?.toMs === undefined && known.live.length > 0) return 'live';
  if (known.ending !== undefined) return known.ending.fact.cause === 'rollback' ? 'rolled_back' : 'retired';
  if (known.isRefused) return 'refused';
  return known.isCandidate ? 'shadow' : 'registered';
}

/** Why it decides or does not, and who said so. */
function reasonOf(
  status: VersionStatus,
  {
    promotion,
    refusal,
    ending,
  }: Readonly<Record<'promotion' | 'ending', Promotion | undefined>> & {
    readonly refusal: Refusal | undefined;
  },
): Pick<LineVersion, 'reason' | 'actor'> {
  const said = {
    live: promotion,
    refused: refusal,
    rolled_back: ending,
    retired: ending,
    shadow: undefined,
    registered: undefined,
  };
  const fact = said[status]?.fact;
  const reason = status === 'retired' && ending !== undefined ? `Replaced by v${ending.fact.version}.` : fact?.reason;
  return { reason, actor: fact?.actor };
}

function trainingOf(request: TrainingRequested, sorted: Sorted): LineTraining {
  const { requestId } = request;
  const { trainingsRefused, registered, trained, promotions, refusals, shadows } = sorted;
  const refused = trainingsRefused.find(({ fact }) => fact.requestId === requestId);
  if (refused !== undefined) return { request, outcome: 'refused', version: undefined, message: refused.fact.message };
  const version = [...registered, ...trained].find(({ fact }) => fact.requestId === requestId)?.fact.version;
  if (version === undefined) return { request, outcome: 'pending', version, message: undefined };
  const promotion = promotions.find(({ fact }) => fact.version === version && fact.cause !== 'rollback');
  if (promotion !== undefined) return { request, outcome: 'promoted', version, message: promotion.fact.reason };
  const refusal = refusals.find(({ fact }) => fact.version === version);
  if (refusal !== undefined) return { request, outcome: 'not_promoted', version, message: refusal.fact.reason };
  const isOnTrial = shadows.some(({ fact }) => fact.version === version);
  return { request, outcome: isOnTrial ? 'in_shadow' : 'pending', version, message: undefined };
}
