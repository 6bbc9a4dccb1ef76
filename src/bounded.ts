// Memory of what callers choose, and therefore bounded.

/** `compute`, which is asked once for each key; past so many keys it begins anew. */
export function remembered<Key, Value>(most: number, compute: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      if (known.size >= most) known.clear();
      value = compute(key);
      known.set(key, value);
    }
    return value;
  };
}

/** Adds a key to a map; of one that has so many already the oldest goes. */
export function addBounded<Key, Value>(map: Map<Key, Value>, most: number, key: Key, value: Value): void {
  const [oldest] = map.keys();
  if (map.size >= most && oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}
