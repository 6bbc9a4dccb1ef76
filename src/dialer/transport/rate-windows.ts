// Turns under caps: at most so many in any span of time, in a state that does not grow with the cap.
// Turns that lie close together are kept as one run. All turns of a run count until the last of them has left the span. There
// are as many runs as a span has parts. So a cap is never passed; all of it can be used at once, and 1 − 2/25 of it steadily.
// If several processes share an account, SQL does the same (store/database/migrations.ts); a property test compares the two.

export interface Cap {
  requests: number;
  withinMs: number;
}

/** Turns at `from`, at `to`, and between: `count` of them. Epoch milliseconds. */
export type Run = readonly [from: number, to: number, count: number];

/** By a cap's span in milliseconds, oldest first. Survives JSON. */
export type Windows = Readonly<Record<string, readonly Run[]>>;

/** A run is no longer than this part of its cap's span. */
export const runShare = 1 / 25;
/** Requests reach the dialer some milliseconds after their turns, and not all equally late: a turn counts for so much longer. */
export const latenessShare = 1 / 25;
/** A turn that lies further ahead was written by a clock that has been set back since. */
export const furthestTurnMs = 60_000;

/** The next turn, not before `earliest`. If it is after `latest` it is not taken, and the windows stay as they are. */
export function takeTurn(
  windows: Windows,
  caps: readonly Cap[],
  now: number,
  earliest: number,
  latest: number,
): { at: number; windows: Windows } {
  const believed = caps.map((cap) => ({
    cap,
    runs: (windows[cap.withinMs] ?? []).filter(([, to]) => to <= now + furthestTurnMs),
  }));
  const at = Math.max(earliest, ...believed.map(({ cap, runs }) => nextUnder(cap, runs)));
  if (at > latest) return { at, windows };
  return {
    at,
    windows: Object.fromEntries(believed.map(({ cap, runs }) => [cap.withinMs, withTurn(cap, runs, at)])),
  };
}

/** A turn may come when the turn that lies a whole cap before it no longer counts, and never before one that was given already. */
function nextUnder({ requests, withinMs }: Cap, runs: readonly Run[]): number {
  let count = 0;
  for (const [, to, turns] of runs.toReversed()) {
    count += turns;
    if (count >= requests) return Math.max(to + withinMs * (1 + latenessShare), runs.at(-1)?.[1] ?? 0);
  }
  return runs.at(-1)?.[1] ?? Number.NEGATIVE_INFINITY;
}

function withTurn({ withinMs }: Cap, runs: readonly Run[], at: number): Run[] {
  const kept = runs.filter(([, to]) => to + withinMs * (1 + latenessShare) > at);
  const [from, , count] = kept.at(-1) ?? [Number.NEGATIVE_INFINITY, 0, 0];
  return at - from <= withinMs * runShare
    ? [...kept.slice(0, -1), [from, at, count + 1]]
    : [...kept, [at, at, 1]];
}
