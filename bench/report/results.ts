// Everything that one run has measured.

import type { CompressionResults } from '../scenarios/compression.ts';
import type { FairnessSamples } from '../scenarios/fairness.ts';
import type { ImportResults } from '../scenarios/imports.ts';
import type { PromisesResults } from '../scenarios/promises.ts';
import type { SinglesSamples } from '../scenarios/singles.ts';
import type { ValidationResults } from '../scenarios/validation.ts';
import type { WallResults } from '../scenarios/wall.ts';
import type { WallCell } from '../settings.ts';

export interface Results {
  wall: readonly { cell: WallCell; results: WallResults }[];
  fairness: ReadonlyMap<string, FairnessSamples>;
  singles: ReadonlyMap<string, SinglesSamples>;
  /** Megabytes, by contestant. */
  memory: ReadonlyMap<string, readonly number[]>;
  promises: PromisesResults;
  compression: CompressionResults;
  validation: ValidationResults;
  imports: ImportResults;
}

export function wallOf({ wall }: Results, records: number, latencyMs: number): WallResults {
  const found = wall.find(({ cell }) => cell.records === records && cell.latencyMs === latencyMs);
  if (found === undefined) throw new Error(`${records} records at ${latencyMs} ms were not measured`);
  return found.results;
}

/** A contestant's samples. Throws if it took no part. */
export function samplesOf<T>(results: ReadonlyMap<string, T>, name: string): T {
  const found = results.get(name);
  if (found === undefined) throw new Error(`${name} was not measured`);
  return found;
}
