// Opens an embedded database for the first time, in a process of its own. The folder, its argument, is left as by a process that
// was killed while it did so. Prints the longest time for which the event loop stood still, as a share of the whole.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createDatabase, type StoreError } from '../src/store/database/database.ts';

const dataDir = process.argv[2] ?? '';
mkdirSync(join(dataDir, 'pg'), { recursive: true, mode: 0o700 });
writeFileSync(join(dataDir, 'pg', 'PG_VERSION'), '18\n');
writeFileSync(join(dataDir, 'pg.unfinished'), '');
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
const startedAt = performance.now();
const database = createDatabase({ url: undefined, dataDir });
// Longer than a caller would be kept waiting, on a machine that does much else.
const isOpening = () =>
  database.query('SELECT 1').then(
    () => false,
    (error: StoreError) => {
      if (error.kind === 'opening') return true;
      throw error;
    },
  );
while (await isOpening());
await database.close();
delay.disable();
console.log(delay.max / 1e6 / (performance.now() - startedAt));
