// The upstream's process, and its counts.

import { request } from 'undici';
import type { Counts } from '../upstream/counts.ts';
import { type Child, startChild } from './child.ts';

export interface Upstream extends Child {
  /** Resets the counts, and sets how long each answer takes from now on. */
  reset(latencyMs: number): Promise<void>;
  counts(): Promise<Counts>;
}

export async function startUpstream(script: string): Promise<Upstream> {
  const child = await startChild(script, {});
  const control = `${child.url}/bench`;
  return {
    ...child,
    async reset(latencyMs) {
      const { body } = await request(control, { method: 'POST', body: JSON.stringify({ latencyMs }) });
      await body.dump();
    },
    async counts() {
      const { body } = await request(control);
      return (await body.json()) as Counts;
    },
  };
}
