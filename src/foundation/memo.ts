// A cache for what is computed from texts that callers choose. It is bounded, since they may choose any number of them.

import { LRUCache } from 'lru-cache';

/** Returns `compute` with a cache of at most `most` keys. The key that was not used for longest is dropped first. */
export function memoize<Key extends {}, Value>(
  most: number,
  compute: (key: Key) => Value,
): (key: Key) => Value {
  // Values are wrapped, since the cache takes undefined for a missing one.
  const known = new LRUCache<Key, { value: Value }>({ max: most });
  // The same key often comes many times in a row.
  let lastKey: Key | undefined;
  let last: { value: Value } | undefined;
  return (key) => {
    if (key === lastKey && last !== undefined) return last.value;
    let entry = known.get(key);
    if (entry === undefined) {
      entry = { value: compute(key) };
      known.set(key, entry);
    }
    lastKey = key;
    last = entry;
    return entry.value;
  };
}
