import type { Line } from '../line.ts';

/** What the server's plugins are given. */
export interface ServerDeps {
  readonly line: Line;
  readonly workspaceName: string;
}
