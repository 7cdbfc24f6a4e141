import { useSyncExternalStore } from 'react';
import type { StreamTick } from '#core';

/** A tick comes about once a second; without one for this long, what is on the screen is old and says so. */
const STALE_AFTER_MS = 5_000;
/** A connection that is open and silent is given up and made again. */
const RECONNECT_AFTER_MS = 15_000;
/** EventSource reconnects by itself, but for answers that it takes as final. */
const RETRY_CLOSED_MS = 2_000;

/**
 * connecting: nothing has come yet · live: ticks come · stale: they stopped, the last one is shown · paused: the page is hidden, and
 * holds no connection (a browser has six for a server).
 */
export type LiveStatus = 'connecting' | 'live' | 'stale' | 'paused';

export interface LiveState {
  readonly status: LiveStatus;
  /** The newest tick; undefined before the first. */
  readonly tick: StreamTick | undefined;
}

/** The stream of ticks as a store: one connection for the whole page. */
export function createLiveStore(path: string) {
  const listeners = new Set<() => void>();
  let state: LiveState = { status: 'connecting', tick: undefined };
  let source: EventSource | undefined;
  let timers: ReturnType<typeof setTimeout>[] = [];

  const set = (next: Partial<LiveState>): void => {
    state = { ...state, ...next };
    for (const listener of listeners) listener();
  };
  const after = (ms: number, act: () => void): void => {
    timers.push(setTimeout(act, ms));
  };
  const watch = (): void => {
    for (const timer of timers) clearTimeout(timer);
    timers = [];
    after(STALE_AFTER_MS, () => set({ status: state.tick === undefined ? 'connecting' : 'stale' }));
    after(RECONNECT_AFTER_MS, open);
  };
  const close = (): void => {
    source?.close();
    source = undefined;
    for (const timer of timers) clearTimeout(timer);
    timers = [];
  };

  function open(): void {
    close();
    const opened = new EventSource(path);
    source = opened;
    watch();
    opened.addEventListener('tick', (event: MessageEvent<string>) => {
      watch();
      set({ status: 'live', tick: parseTick(event.data) });
    });
    opened.addEventListener('error', () => {
      if (state.tick !== undefined) set({ status: 'stale' });
      if (opened.readyState === EventSource.CLOSED) after(RETRY_CLOSED_MS, open);
    });
  }

  const followVisibility = (): void => {
    if (document.visibilityState === 'hidden') {
      close();
      set({ status: 'paused' });
      return;
    }
    set({ status: state.tick === undefined ? 'connecting' : 'stale' });
    open();
  };

  return {
    start(): void {
      document.addEventListener('visibilitychange', followVisibility);
      followVisibility();
    },
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    current: (): LiveState => state,
  };
}

function parseTick(data: string): StreamTick {
  return JSON.parse(data) as StreamTick;
}

export type LiveStore = ReturnType<typeof createLiveStore>;

export function useLive(store: LiveStore): LiveState {
  return useSyncExternalStore(
    (listener) => store.subscribe(listener),
    () => store.current(),
  );
}
