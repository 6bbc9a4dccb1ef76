// Memory of what callers choose, and therefore bounded.

import { LRUCache } from 'lru-cache';

/** `compute`, which is asked once for each key; of more than so many keys, the least used are forgotten. */
export function remembered<Key extends {}, Value>(
  most: number,
  compute: (key: Key) => Value,
): (key: Key) => Value {
  // A value may be null or undefined, which the cache takes for none.
  const known = new LRUCache<Key, { value: Value }>({ max: most });
  return (key) => {
    let entry = known.get(key);
    if (entry === undefined) {
      entry = { value: compute(key) };
      known.set(key, entry);
    }
    return entry.value;
  };
}
