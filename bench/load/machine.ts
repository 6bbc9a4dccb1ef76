// How busy the machine is with what is not the benchmark: looked at between two scenarios, while its own processes rest.

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const lookMs = 500;
/** Past that, figures say more of the machine than of the contestants. */
const mostBusy = 0.1;

export interface MachineLoad {
  /** Looks once. */
  look(): Promise<void>;
  /** The shares of its cores' time in use, 0 to 1, one for each look; `stolen`: by the host's other guests, over the whole run. */
  readonly busy: readonly number[];
  stolen(): number;
}

export function createMachineLoad(): MachineLoad {
  const began = readTimes();
  const busy: number[] = [];
  return {
    busy,
    async look() {
      const before = readTimes();
      await sleep(lookMs);
      const after = readTimes();
      busy.push(1 - (after.idle - before.idle) / (after.all - before.all));
    },
    stolen() {
      const now = readTimes();
      return (now.stolen - began.stolen) / (now.all - began.all);
    },
  };
}

/** Whether its figures may stand in the README. */
export function isQuiet({ busy, stolen }: MachineLoad): boolean {
  return Math.max(...busy) <= mostBusy && stolen() <= mostBusy;
}

/** In ticks, of all cores since the machine started: man 5 proc_stat. */
function readTimes(): { idle: number; stolen: number; all: number } {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, irq = 0, softIrq = 0, stolen = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return {
    idle: idle + waiting,
    stolen,
    all: user + nice + system + idle + waiting + irq + softIrq + stolen,
  };
}
