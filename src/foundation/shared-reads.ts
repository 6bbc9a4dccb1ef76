// Reads that many ask for at the same time. Whoever comes while one of the same key is under way shares the next with all others who
// do: that one begins after they came, so nobody is told what was so before.
// States of a key: idle → (it is asked for) read → (asked for meanwhile) read, and to be read again → read …, or idle.

export function shareReads<Value>(read: (key: string) => Promise<Value>): (key: string) => Promise<Value> {
  const underWay = new Map<string, { now: Promise<Value>; next?: Promise<Value> }>();

  const begin = (key: string): Promise<Value> => {
    const turn: { now: Promise<Value>; next?: Promise<Value> } = { now: read(key) };
    underWay.set(key, turn);
    const end = () => {
      if (turn.next === undefined) underWay.delete(key);
    };
    turn.now.then(end, end);
    return turn.now;
  };

  return (key) => {
    const turn = underWay.get(key);
    if (turn === undefined) return begin(key);
    const again = () => begin(key);
    turn.next ??= turn.now.then(again, again);
    return turn.next;
  };
}
