// Medians with their spread. A ratio is taken within each round, and the median of the ratios at the end, so that what slows the
// whole machine for a while cancels out.

export interface Spread {
  median: number;
  min: number;
  max: number;
}

export function spread(values: readonly number[]): Spread {
  return { median: quantile(values, 0.5), min: Math.min(...values), max: Math.max(...values) };
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const low = sorted[Math.floor(position)] ?? Number.NaN;
  const high = sorted[Math.ceil(position)] ?? Number.NaN;
  return low + (high - low) * (position - Math.floor(position));
}

/** The mean of the least fifth: what the machine allows when nothing else holds it up. */
export function leastFifth(values: readonly number[]): number {
  const least = [...values].sort((a, b) => a - b).slice(0, Math.max(1, Math.floor(values.length / 5)));
  return least.reduce((sum, value) => sum + value, 0) / least.length;
}

/** `values[i] / base[i]`, for each round. */
export function ratios(values: readonly number[], base: readonly number[]): number[] {
  return values.map((value, round) => value / (base[round] ?? Number.NaN));
}
