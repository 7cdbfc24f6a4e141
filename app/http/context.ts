import { EventRate } from '../event-rate.ts';
import type { ViewContext } from '../views/record-view.ts';
import { WorkspaceIndex } from '../views/workspace-index.ts';
import type { ServerDeps } from './deps.ts';

/** What the routes work with: what they were given, and what is made of it once. */
export interface ApiContext extends ServerDeps, ViewContext {
  readonly rate: EventRate;
}

export function createContext(deps: ServerDeps): ApiContext {
  return { ...deps, index: new WorkspaceIndex(deps.workspace), rate: new EventRate(deps.clock) };
}
