// Two who send the file of one import at the same time: whoever comes last takes over, and the file is free afterwards.

import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { csvOf, started, startImportStack, until } from './importing.ts';

const whole = { method: 'PUT', headers: {} };
const part = {
  method: 'PATCH',
  headers: {
    'tus-resumable': '1.0.0',
    'content-type': 'application/offset+octet-stream',
    'upload-offset': '0',
  },
};

it.each([
  [whole, whole],
  [part, whole],
  [whole, part],
])('a file that is sent twice at once is taken from the last: %#', async (first, last) => {
  const stack = await startImportStack();
  for (const rows of [20, 5000])
    for (const gap of [0, 1, 2, 4]) {
      const file = csvOf(rows);
      const { id, uploadUrl } = await started(stack, file, { start: 'AFTER_REVIEW' });
      const url = new URL(uploadUrl ?? '', stack.url);
      const send = async (init: typeof whole) => {
        // Whoever was taken over from finds the line broken.
        const sent = await fetch(url, { ...init, body: file }).catch(() => null);
        await sent?.arrayBuffer();
        return sent?.status;
      };
      const one = send(first);
      if (gap > 0) await wait(gap);
      const statuses = [await send(last), await one];
      const later = await send(whole);
      expect(later === 204 || later === 409, `${gap} ms: ${statuses}, then ${later}`).toBe(true);
      expect((await until(stack, id, 'READY')).counts.total).toBe(rows);
    }
});
