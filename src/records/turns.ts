// Changes of one record take turns: whoever comes second looks the record up when the first is done, and sees what that one has made of
// it. That holds within this process: other processes, and the staff on the dialer's own page, take no turns.
// States of a record: nobody's → (a change of it comes) somebody's, and others wait → (the last of them is done) nobody's.

export interface Turns {
  /** Does work on these records when everybody who came before is done with each of them. */
  take<Result>(ids: Iterable<string>, work: () => Promise<Result>): Promise<Result>;
}

export function createTurns(): Turns {
  /** Of each record that somebody works on or waits for, the end of whoever came last. */
  const ends = new Map<string, Promise<void>>();

  return {
    async take(ids, work) {
      const own = [...new Set(ids)];
      const before = new Set(own.flatMap((id) => ends.get(id) ?? []));
      let end = () => {};
      const ended = new Promise<void>((resolve) => {
        end = resolve;
      });
      // For all of them at once, so that no two wait for each other.
      for (const id of own) ends.set(id, ended);
      try {
        await Promise.all(before);
        return await work();
      } finally {
        end();
        for (const id of own) if (ends.get(id) === ended) ends.delete(id);
      }
    },
  };
}

/**
 * The same for records that were found. They are looked for again in turn, since those who came before may have changed which ones they
 * are.
 */
export async function takeFound<Found extends { targets: ReadonlyMap<string, unknown> }, Result>(
  turns: Turns,
  { targets }: Found,
  findAgain: () => Promise<Found>,
  work: (found: Found) => Promise<Result>,
): Promise<Result> {
  const ids = new Set(targets.keys());
  for (;;) {
    const turn = await turns.take(ids, async () => {
      const found = await findAgain();
      const others = [...found.targets.keys()].filter((id) => !ids.has(id));
      return others.length === 0 ? { result: await work(found) } : { others };
    });
    if ('result' in turn) return turn.result;
    for (const id of turn.others) ids.add(id);
  }
}
