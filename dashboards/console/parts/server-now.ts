import { useEffect, useRef, useState } from 'react';
import type { LiveState } from '../api/live.ts';

const TICK_MS = 1_000;

/** By the page's own time line: it never goes back, whatever happens to the browser's clock. */
const browserNow = (): number => performance.timeOrigin + Number(document.timeline.currentTime ?? 0);

/**
 * Epoch ms on the server's clock, anew each second while `isRunning`: the newest tick's time and what has passed since. The browser's
 * own clock stands in only until the first tick.
 */
export function useServerNow({ tick }: LiveState, isRunning: boolean): number {
  const ahead = useRef<{ readonly at: string; readonly ms: number }>(undefined);
  const [, redraw] = useState(0);
  const at = tick?.at;
  if (at !== undefined && ahead.current?.at !== at) ahead.current = { at, ms: Date.parse(at) - browserNow() };
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(() => redraw((count) => count + 1), TICK_MS);
    return () => clearInterval(timer);
  }, [isRunning]);
  return browserNow() + (ahead.current?.ms ?? 0);
}
