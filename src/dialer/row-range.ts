// Rows in their order, by position.

/** `size` of them, from the one at `start` on. */
export interface RowRange {
  readonly start: number;
  readonly size: number;
}

/** One bad row costs its neighbours the request. Halving finds k bad rows among n in about 2k·log2(n/k) requests. */
export function halvesOf({ start, size }: RowRange): RowRange[] {
  const half = Math.ceil(size / 2);
  return [
    { start, size: half },
    { start: start + half, size: size - half },
  ];
}
