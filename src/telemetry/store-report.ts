// Logs that the store fails, and that it answers again. Each kind of failure is logged at once, and then ever more rarely for as
// long as it goes on: every record of a long list has the same one.

import { redact } from '../foundation/redaction.ts';
import type { StoreErrorKind, StoreFailure } from './events.ts';
import type { Log } from './log.ts';

/** From one line to the next of the same kind; doubled with each line. */
const firstSilenceMs = 10_000;
const longestSilenceMs = 10 * 60_000;

interface Repeated {
  silenceMs: number;
  nextAt: number;
  /** Failures since the last line. */
  untold: number;
}

/** Returns what is to be called after each question to the store, with its failure; undefined: it was answered. */
export function createStoreReport(
  log: Log | undefined,
  now: () => number = () => performance.now(),
): (failure: StoreFailure | undefined) => void {
  const kinds = new Map<StoreErrorKind, Repeated>();
  let isToldDown = false;

  return (failure) => {
    if (failure === undefined) {
      if (isToldDown) log?.notice('info', 'the store answers again', {});
      isToldDown = false;
      return;
    }
    const { kind, text } = failure;
    const known = kinds.get(kind);
    const at = now();
    if (known !== undefined && at < known.nextAt) {
      known.untold++;
      return;
    }
    // A kind that has not come for long counts as new.
    const goesOn = known !== undefined && at < known.nextAt + longestSilenceMs;
    const silenceMs = goesOn ? Math.min(known.silenceMs * 2, longestSilenceMs) : firstSilenceMs;
    kinds.set(kind, { silenceMs, nextAt: at + silenceMs, untold: 0 });
    const times = (known?.untold ?? 0) + 1;
    log?.error(`The store: ${redact(text)}${times > 1 ? ` (${times} times)` : ''}`, undefined);
    // One refused statement does not mean that the store is down.
    isToldDown ||= kind !== 'statement';
  };
}
