import { vi } from 'vitest';

/** Sooner than after vi.waitFor's 50 ms, and not so often that checking is what takes the time. */
export function poll(check: () => void): Promise<void> {
  return vi.waitFor(check, { interval: 5, timeout: 60_000 });
}
