import { constants, getPriority, setPriority } from 'node:os';

/** Lets others have the processor first (niceness 10), so that scoring is not slowed down. Never raises a priority, and never throws. */
export function lowerPriority(pid: number): void {
  try {
    if (getPriority(pid) < constants.priority.PRIORITY_BELOW_NORMAL) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // The process has ended, or the system does not let us: it runs as it is.
  }
}
