// The upstream as the rest of the house sees it: one account, one `schedule` that never rejects.
// A dialect says how a chunk is written and authenticated; adding one is a file of its own and its line below.

import type { DialectName } from './contract.ts';
import type { Account, ChunkScheduler, Dialect } from './dialect.ts';
import { createHttpClient } from './http.ts';
import { v1 } from './v1.ts';
import { basic, token } from './v2.ts';

export interface DialerOptions extends Account {
  auth: DialectName;
  timeoutMs: number;
  concurrency: number;
}

export interface Dialer extends ChunkScheduler {
  /** How many chunks it carries at a time; more than that wait inside. */
  readonly concurrency: number;
  /** Lets running requests end, then closes the connections. */
  close(): Promise<void>;
}

const dialects: Record<DialectName, Dialect> = { v1, basic, token };

export function createDialer(options: DialerOptions, now: () => number = Date.now): Dialer {
  const { concurrency } = options;
  const http = createHttpClient(options);
  const { schedule } = dialects[options.auth](options, http, now);
  return { schedule, concurrency, close: () => http.close() };
}
