// What is told of an import that waits before it asks the dialer again.

import { expect, it } from 'vitest';
import { csvOf, importFile, look, startImportStack } from './importing.ts';

it('tells that answers are looked up, and no end that would move on', async () => {
  const stack = await startImportStack();
  stack.sandbox.script(
    { fault: 'latency', latencyMs: 1, times: 1 },
    { fault: 'reset-after', times: Number.POSITIVE_INFINITY },
  );
  const id = await importFile(stack, csvOf(300));
  await expect
    .poll(async () => {
      const { waitingFor, estimatedFinishAt, counts } = await look(stack, id);
      return { waitingFor, estimatedFinishAt, isUnknown: counts.unknown > 0 };
    })
    .toEqual({ waitingFor: 'LOOK_UP', estimatedFinishAt: null, isUnknown: true });
});
