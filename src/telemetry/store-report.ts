// What the log says of a store that fails: each kind of failure once, then ever more rarely for as long as it goes on, and
// when the store answers again. Every record of a long list meets the same failure.

import { redact } from '../foundation/redaction.ts';
import type { StoreErrorKind, StoreFailure } from './events.ts';
import type { Log } from './log.ts';

/** From one line to the next of the same kind, doubled with each. */
const firstSilenceMs = 10_000;
const longestSilenceMs = 10 * 60_000;

interface Repeated {
  silenceMs: number;
  nextAt: number;
  /** Since the last line. */
  untold: number;
}

/** Called with what came of each question to the store; undefined: an answer. */
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
    // One that has not come for long is new again.
    const goesOn = known !== undefined && at < known.nextAt + longestSilenceMs;
    const silenceMs = goesOn ? Math.min(known.silenceMs * 2, longestSilenceMs) : firstSilenceMs;
    kinds.set(kind, { silenceMs, nextAt: at + silenceMs, untold: 0 });
    const times = (known?.untold ?? 0) + 1;
    log?.error(`The store: ${redact(text)}${times > 1 ? ` (${times} times)` : ''}`, undefined);
    // A statement that is refused says nothing of the others.
    isToldDown ||= kind !== 'statement';
  };
}
