import type { FeatureUse, StoredReceipt } from '#collector';
import type { Receipt, Span } from '#core';
import { maskText } from './mask.ts';
import type { RawView } from './raw-event.ts';
import { contractAnswer, entityAnswer, identityOf, timeOf, type ViewContext } from './record-view.ts';

export interface ReceiptParts {
  readonly receipt: StoredReceipt;
  readonly uses: FeatureUse;
  readonly spans: readonly Span[];
  readonly raw: RawView;
}

/** What became of an event that did not enter scoring. */
export function receiptOf({ receipt, uses, spans, raw }: ReceiptParts, context: ViewContext): Receipt {
  const { contract, detail, pipeline } = receipt;
  return {
    kind: 'receipt',
    fate: receipt.fate,
    event: identityOf(receipt.event),
    pipeline: { name: pipeline, owner: context.index.pipeline(pipeline).file.owner },
    position: receipt.position,
    appendedAt: raw.appendedMs === undefined ? null : timeOf(raw.appendedMs),
    replay: receipt.replay,
    traceId: receipt.traceId,
    entity: receipt.entity === '' ? null : entityAnswer(receipt, context),
    contract: contract === undefined ? null : contractAnswer(contract, context.index),
    views: [...receipt.views],
    reason: receipt.reason ?? null,
    detail: detail === undefined ? null : shownDetail(receipt, detail, raw),
    duplicateOf: receipt.duplicateOf ?? null,
    usedBy: uses.uses.map(({ event, score, decision, label }) => ({
      event: identityOf(event),
      score: score ?? null,
      decision: decision ?? null,
      label: label ?? null,
    })),
    usedByMore: uses.hasMore,
    spans: [...spans],
    raw: raw.raw,
  };
}

/** A parser's own sentence quotes what it could not read, and an exception's may: what is in them nobody can tell. */
function shownDetail({ reason }: StoredReceipt, detail: string, { hidden }: RawView): string {
  if (reason === 'decode: not JSON') return 'the value is not JSON';
  if (reason?.startsWith('exception: ') === true)
    return 'a stage failed on it; the sentence of the failure is not shown, for it may quote the event';
  return maskText(detail, hidden);
}
