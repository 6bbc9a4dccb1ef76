// Those who watch imports. However many they are, one question tells which imports have changed, twice a second, and only while
// somebody watches. Who is slow misses what lies between: each is told the whole state at once.
// States of the poll: idle → (the first watcher comes) polling → (the last goes) idle.

import type { StopSignal } from '../foundation/cancellation.ts';
import { type ImportView, isEnd } from './import.ts';
import type { StoredImport } from './import-store.ts';

export interface Watching {
  /** Begins with what is given. Ends after the import's end, when the signal is aborted, or when all of it is closed. */
  watch(first: ImportView, signal: StopSignal): AsyncIterable<ImportView>;
  close(): void;
}

export interface WatchingParts {
  /** Told once for as long as it fails. */
  failed(error: unknown): void;
  changed(known: readonly { id: string; version: number }[]): Promise<StoredImport[]>;
  view(stored: StoredImport): Promise<ImportView>;
}

const pollMs = 500;
/** Proxies end a connection on which nothing comes. */
const repeatMs = 20_000;

interface Watcher {
  tell(view: ImportView): void;
  end(): void;
}

interface Watched {
  view: ImportView;
  watchers: Set<Watcher>;
}

export function createWatching({ changed, view, failed }: WatchingParts): Watching {
  const watched = new Map<string, Watched>();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let isFailing = false;

  const poll = async () => {
    // The last may have gone since the poll was arranged.
    if (watched.size === 0) return;
    const known = [...watched.values()].map(({ view: { id, version } }) => ({ id, version }));
    for (const stored of await changed(known)) {
      const next = await view(stored);
      const one = watched.get(stored.id);
      if (one !== undefined) goOn(one, next);
    }
  };

  /** What is known is not asked for again: all are told of it. */
  const goOn = (one: Watched, next: ImportView) => {
    if (next.version <= one.view.version) return;
    one.view = next;
    for (const watcher of one.watchers) watcher.tell(next);
  };

  /** What fails is asked again. */
  const pollOnce = async () => {
    try {
      await poll();
      isFailing = false;
    } catch (error) {
      if (!isFailing) failed(error);
      isFailing = true;
    }
  };

  const pollLater = () => {
    if (timer !== undefined || watched.size === 0 || isClosed) return;
    timer = setTimeout(() => {
      void pollOnce().finally(() => {
        timer = undefined;
        pollLater();
      });
    }, pollMs).unref();
  };

  const enter = (first: ImportView, watcher: Watcher): Watched => {
    const one = watched.get(first.id) ?? { view: first, watchers: new Set() };
    watched.set(first.id, one);
    goOn(one, first);
    // It was read before, and is entered after a poll.
    if (first.version < one.view.version) watcher.tell(one.view);
    one.watchers.add(watcher);
    pollLater();
    return one;
  };

  const leave = (id: string, watcher: Watcher) => {
    const one = watched.get(id);
    one?.watchers.delete(watcher);
    if (one?.watchers.size === 0) watched.delete(id);
  };

  return {
    async *watch(first, signal) {
      let next: ImportView | undefined = first;
      let isOver = signal.aborted || isClosed;
      let wake = () => {};
      const watcher: Watcher = {
        tell(view) {
          next = view;
          wake();
        },
        end() {
          isOver = true;
          wake();
        },
      };
      let last = first;
      enter(first, watcher);
      signal.addEventListener('abort', watcher.end);
      try {
        while (!isOver) {
          if (next === undefined) {
            await new Promise<void>((resolve) => {
              const timer = setTimeout(resolve, repeatMs).unref();
              wake = () => {
                clearTimeout(timer);
                resolve();
              };
            });
            if (isOver) return;
          }
          last = next ?? last;
          next = undefined;
          yield last;
          if (isEnd(last.state)) return;
        }
      } finally {
        signal.removeEventListener('abort', watcher.end);
        leave(first.id, watcher);
      }
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      for (const { watchers } of watched.values()) for (const watcher of watchers) watcher.end();
    },
  };
}
