// How many cases a property is tried with: few in every run, which are the same each time; PROPERTY_RUNS=10 takes ten times
// as many, by whoever changes what a property is about.

const factor = Number(process.env.PROPERTY_RUNS ?? 1);

export function runs(count: number): number {
  return Math.ceil(count * factor);
}
