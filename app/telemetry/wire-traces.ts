import { createJourneySpans, startNodeSdk } from '#collector';
import type { Lifecycle } from '../lifecycle.ts';
import type { WiredLine } from '../wire.ts';

interface TraceWiring extends Pick<WiredLine, 'observers' | 'telemetry' | 'latencyBudget'> {
  readonly lifecycle: Lifecycle;
  /** Share of ordinary events whose trace is kept, 0 to 1. */
  readonly ratio: number;
  /** Where spans go; undefined: our own receiver. */
  readonly endpoint: string | undefined;
  readonly address: { readonly url: string };
}

/** All quarantined events of a fast replay leave a trace: a year of the bundled shop has 7,001 in twenty seconds. */
const QUARANTINED_PER_MINUTE = 20_000;

/** Lets journeys leave traces: to the endpoint of the settings, else to our own while there is a store for them. */
export function wireTraces({ observers, telemetry, latencyBudget, lifecycle, ratio, endpoint, address }: TraceWiring): void {
  const url = endpoint ?? (telemetry === undefined ? undefined : `${address.url}/v1/traces`);
  if (url === undefined) return;
  const spans = createJourneySpans(url, {
    selection: { ratio, budgetP99Ms: latencyBudget.budgetP99Ms, maxPerMinute: { quarantined: QUARANTINED_PER_MINUTE } },
  });
  observers.add(spans);
  lifecycle.onStop('traces', () => spans.stop());
  const sdk = startNodeSdk({ url });
  lifecycle.onStop('the OpenTelemetry SDK', async () => void (await sdk.stop()));
}
