// Reads that many ask for at once.

import { expect, it } from 'vitest';
import { shareReads } from '../../src/foundation/shared-reads.ts';

it('who comes while one is under way shares the next, which begins after that', async () => {
  const ends: ((fails?: Error) => void)[] = [];
  const read = shareReads(
    (key) =>
      new Promise<string>((resolve, reject) => {
        const text = `${key} ${ends.length}`;
        ends.push((fails) => (fails ? reject(fails) : resolve(text)));
      }),
  );
  const first = read('a');
  const others = [read('a'), read('a')];
  const another = read('b');
  expect(ends.length).toBe(2);
  ends[1]?.();
  ends[0]?.(new Error('not now'));
  await expect(first).rejects.toThrow('not now');
  expect(await another).toBe('b 1');
  await expect.poll(() => ends.length).toBe(3);
  const last = read('a');
  ends[2]?.();
  expect(await Promise.all(others)).toEqual(['a 2', 'a 2']);
  await expect.poll(() => ends.length).toBe(4);
  ends[3]?.();
  expect(await last).toBe('a 3');
  void read('a');
  expect(ends.length).toBe(5);
});
