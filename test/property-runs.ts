// How many cases a property is tried with. A usual run tries few, and the same ones each time. PROPERTY_RUNS=10 tries ten times as
// many: use it when you change what a property is about.

const factor = Number(process.env.PROPERTY_RUNS ?? 1);

export function runs(count: number): number {
  return Math.ceil(count * factor);
}
