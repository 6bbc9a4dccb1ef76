// The caps, on a clock of the test's own: on a busy machine's clock a turn may be noted long after it came.

import { expect, it, vi } from 'vitest';
import { createRateLimit } from '../../src/dialer/transport/rate-limit.ts';
import { createLocalState } from '../../src/dialer/transport/shared-state.ts';

it('keeps the turns of any second and any minute under their numbers', async ({ onTestFinished }) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const caps = { maxRequestsPerSecond: 40, maxRequestsPerMinute: 90, maxPauseSeconds: 300 };
  const limit = createRateLimit(caps, createLocalState(Date.now), Date.now);
  const turns: number[] = [];
  const latest = Date.now() + 10_000;
  const asked = Promise.all(
    Array.from({ length: 120 }, async () => {
      const seconds = await limit.turn(latest);
      if (seconds === null) turns.push(Date.now());
      return seconds;
    }),
  );
  await vi.advanceTimersByTimeAsync(10_000);
  const told = await asked;
  expect(turns).toHaveLength(90);
  for (let n = 40; n < 90; n++) expect((turns[n] ?? 0) - (turns[n - 40] ?? 0)).toBeGreaterThanOrEqual(1000);
  // The others would have to wait for a minute to pass: told so, they took no turn.
  const late = told.filter((seconds) => seconds !== null);
  expect(late).toHaveLength(30);
  for (const seconds of late) expect(seconds).toBeGreaterThan(50);
});
