import { queryOptions } from '@tanstack/react-query';
import type { DistributionAnswer, DriftAnswer, DriftList, ModelAnswer, ModelList, RollbackAnswer, RollbackRequest } from '#core';
import { getAnswer, postAnswer, queryString } from './client.ts';

/** Lines of models and drift change at reviews, a few a week of event time. */
const EVERY_MS = 15_000;
const CELL_STALE_MS = 600_000;

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => getAnswer<ModelList>('/api/models', signal),
  staleTime: EVERY_MS,
});

export function modelQuery(name: string) {
  return queryOptions({
    queryKey: ['model', name],
    queryFn: ({ signal }) => getAnswer<ModelAnswer>(`/api/models/${encodeURIComponent(name)}`, signal),
    refetchInterval: EVERY_MS,
  });
}

export const driftsQuery = queryOptions({
  queryKey: ['drifts'],
  queryFn: ({ signal }) => getAnswer<DriftList>('/api/drift', signal),
  staleTime: EVERY_MS,
});

export function driftQuery(job: string) {
  return queryOptions({
    queryKey: ['drift', job],
    queryFn: ({ signal }) => getAnswer<DriftAnswer>(`/api/drift/${encodeURIComponent(job)}`, signal),
    refetchInterval: EVERY_MS,
  });
}

/** A window that was measured does not change any more. */
export function distributionQuery(job: string, { target, to }: { readonly target: string; readonly to: string }) {
  return queryOptions({
    queryKey: ['distribution', job, target, to],
    queryFn: ({ signal }) =>
      getAnswer<DistributionAnswer>(`/api/drift/${encodeURIComponent(job)}/distribution${queryString({ target, to })}`, signal),
    staleTime: CELL_STALE_MS,
  });
}

export async function rollBack(model: string, request: RollbackRequest): Promise<RollbackAnswer> {
  return postAnswer<RollbackAnswer>(`/api/models/${encodeURIComponent(model)}/rollback`, request);
}
