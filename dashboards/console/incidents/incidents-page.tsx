import type { LiveState } from '../api/live.ts';
import { IncidentList } from './incident-list.tsx';
import { IncidentView } from './incident-view.tsx';

interface IncidentsPageProps {
  readonly fingerprint: string | undefined;
  readonly live: LiveState;
}

/** All incidents, or the one of a fingerprint. */
export function IncidentsPage({ fingerprint, live }: IncidentsPageProps) {
  return fingerprint === undefined ? <IncidentList live={live} /> : <IncidentView fingerprint={fingerprint} live={live} />;
}
