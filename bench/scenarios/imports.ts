// Files of leads: how long one takes beside a raw client that sends the same chunks, how much memory it needs, how long a workbook is
// checked, and what a lead of somebody else waits beside it. The process has PostgreSQL for its store, so that its memory is its own.

import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sheetOf, workbook } from '../../test/imports/workbook-file.ts';
import { startPostgres } from '../../test/postgres.ts';
import { type Arena, expectRows, type Gateway, startGateway, stopGateway } from '../load/arena.ts';
import { onServer } from '../load/contestant.ts';
import { importFile } from '../load/import.ts';
import { quantile } from '../load/statistics.ts';
import { recordAt } from '../payload.ts';
import type { Plan } from '../settings.ts';
import { sendSmallOnes } from './fairness.ts';

/** In milliseconds and megabytes, one for each round. */
export interface ImportResults {
  rows: number;
  rawMs: number[];
  wholeMs: number[];
  runningMs: number[];
  peakMegabytes: number[];
  singleIdleP99: number[];
  singleBesideP99: number[];
  workbookRows: number;
  workbookMs: number[];
  workbookMegabytes: number[];
}

const latencyMs = 20;
/** Before a process is measured. */
const warmUpRows = 100_000;
const singlesMs = 4000;
/** Numbers of files, apart from those of other scenarios. */
const firstOfFiles = 20_000_000;

export async function measureImports(
  { upstream, raw }: Pick<Arena, 'upstream' | 'raw'>,
  { rounds, rows, workbookRows }: Plan['imports'],
): Promise<ImportResults> {
  const folder = mkdtempSync(join(tmpdir(), 'dialgraph-bench-files-'));
  const postgres = await startPostgres();
  const results: ImportResults = {
    ...{ rows, rawMs: [], wholeMs: [], runningMs: [], peakMegabytes: [] },
    ...{ singleIdleP99: [], singleBesideP99: [], workbookRows, workbookMs: [], workbookMegabytes: [] },
  };
  const files = {
    warmUp: await writeCsv(join(folder, 'warm-up.csv'), firstOfFiles + rows, warmUpRows),
    leads: await writeCsv(join(folder, 'leads.csv'), firstOfFiles, rows),
    workbook: writeWorkbook(join(folder, 'leads.xlsx'), firstOfFiles, workbookRows),
  };
  try {
    for (let round = 0; round < rounds; round++) {
      const start = async () =>
        startGateway(onServer(await postgres.createDatabase(), join(folder, `round-${round}`)), upstream);
      const gateway = await start();
      await upstream.reset(0);
      await importFile(gateway, files.warmUp, warmUpRows, 'AUTOMATIC');
      await upstream.reset(latencyMs);
      const send = raw.prepare({ first: firstOfFiles, count: rows });
      const began = performance.now();
      await send();
      results.rawMs.push(performance.now() - began);
      await upstream.reset(latencyMs);
      const { wholeMs, runningMs } = await importFile(gateway, files.leads, rows, 'AUTOMATIC');
      expectRows(await upstream.counts(), rows);
      results.wholeMs.push(wholeMs);
      results.runningMs.push(runningMs);
      results.peakMegabytes.push(gateway.child.peakBytes() / 1e6);
      await measureSingles(gateway, upstream, files.leads, rows, results);
      await stopGateway(gateway);

      const fresh = await start();
      await importFile(fresh, files.warmUp, warmUpRows, 'AFTER_REVIEW');
      const before = fresh.child.peakBytes();
      results.workbookMs.push(
        (await importFile(fresh, files.workbook, workbookRows, 'AFTER_REVIEW')).wholeMs,
      );
      results.workbookMegabytes.push((fresh.child.peakBytes() - before) / 1e6);
      await stopGateway(fresh);
    }
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return results;
}

/** Somebody else's leads, one at a time by the clock: while nothing else runs, and beside the file. */
async function measureSingles(
  gateway: Gateway,
  upstream: Arena['upstream'],
  file: string,
  rows: number,
  results: ImportResults,
): Promise<void> {
  await upstream.reset(latencyMs);
  await sendSmallOnes(gateway, singlesMs / 4, 0, [1]);
  const idle = await sendSmallOnes(gateway, singlesMs, 10_000, [1]);
  let isOver = false;
  const importing = importFile(gateway, file, rows, 'AUTOMATIC').finally(() => {
    isOver = true;
  });
  const beside: number[] = [];
  for (let from = 20_000; !isOver; from += 1000)
    beside.push(...(await sendSmallOnes(gateway, singlesMs / 4, from, [1])).ms);
  await importing;
  results.singleIdleP99.push(quantile(idle.ms, 0.99));
  results.singleBesideP99.push(quantile(beside, 0.99));
}

const header = ['PhoneNumber', 'ScheduledTime', 'Name', 'Priority', 'Reference'];

function rowOf(number: number): string[] {
  const { phoneNumber, scheduledTime, name, reference } = recordAt(number);
  return [phoneNumber, scheduledTime, name, String(1 + (number % 99)), reference];
}

async function writeCsv(path: string, first: number, rows: number): Promise<string> {
  const file = createWriteStream(path);
  file.write(`${header.join()}\n`);
  for (let n = 0; n < rows; n++) if (!file.write(`${rowOf(first + n).join()}\n`)) await once(file, 'drain');
  await new Promise<void>((resolve) => file.end(resolve));
  return path;
}

function writeWorkbook(path: string, first: number, rows: number): string {
  const cells = [header, ...Array.from({ length: rows }, (_, n) => rowOf(first + n))];
  writeFileSync(path, workbook(sheetOf(cells, true)));
  return path;
}
