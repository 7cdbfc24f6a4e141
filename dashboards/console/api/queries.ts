import { keepPreviousData, QueryClient, queryOptions } from '@tanstack/react-query';
import type { EventAnswer, FindAnswer, Health, JourneyPage, PipelineList, Span, Timeline } from '#core';
import { ApiProblem, getAnswer, queryString } from './client.ts';

const PIPELINES_EVERY_MS = 5_000;
const TIMELINE_EVERY_MS = 15_000;
/** While telemetry starts, or is away. */
const NOT_YET_EVERY_MS = 3_000;
const OPEN_EVENT_EVERY_MS = 10_000;
const MAX_RETRIES = 2;

/** GET /api/traces/:traceId. */
export interface TraceAnswer {
  readonly traceId: string;
  readonly spans: readonly Span[];
}

/** What the API refuses it will refuse again; only what may pass is tried again. */
function isWorthRetrying(failures: number, error: Error): boolean {
  const isFinal = error instanceof ApiProblem && error.status >= 400 && error.status < 500;
  return !isFinal && failures < MAX_RETRIES;
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: { queries: { retry: isWorthRetrying, staleTime: 2_000, refetchOnWindowFocus: true } },
  });
}

export const pipelinesQuery = queryOptions({
  queryKey: ['pipelines'],
  queryFn: ({ signal }) => getAnswer<PipelineList>('/api/pipelines', signal),
  refetchInterval: PIPELINES_EVERY_MS,
});

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => getAnswer<Health>('/api/health', signal),
});

export const timelineQuery = queryOptions({
  queryKey: ['timeline'],
  queryFn: ({ signal }) => getAnswer<Timeline>('/api/timeline', signal),
  refetchInterval: ({ state }) => (state.data === undefined ? NOT_YET_EVERY_MS : TIMELINE_EVERY_MS),
});

export function eventQuery(id: string, source: string | undefined) {
  return queryOptions({
    queryKey: ['event', id, source],
    queryFn: ({ signal }) => getAnswer<EventAnswer>(`/api/events/${encodeURIComponent(id)}${queryString({ source })}`, signal),
    refetchInterval: ({ state }) => (isOpen(state.data) ? OPEN_EVENT_EVERY_MS : false),
  });
}

function isOpen(answer: EventAnswer | undefined): boolean {
  return answer?.found.kind === 'journey' && answer.found.outcome.status === 'open';
}

export function traceQuery(traceId: string) {
  return queryOptions({
    queryKey: ['trace', traceId],
    queryFn: ({ signal }) => getAnswer<TraceAnswer>(`/api/traces/${encodeURIComponent(traceId)}`, signal),
  });
}

export function journeysQuery(search: Readonly<Record<string, string | undefined>>) {
  return queryOptions({
    queryKey: ['journeys', search],
    queryFn: ({ signal }) => getAnswer<JourneyPage>(`/api/journeys${queryString(search)}`, signal),
    placeholderData: keepPreviousData,
  });
}

export function findQuery(text: string) {
  return queryOptions({
    queryKey: ['find', text],
    queryFn: ({ signal }) => getAnswer<FindAnswer>(`/api/find${queryString({ q: text })}`, signal),
    enabled: text !== '',
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  });
}
