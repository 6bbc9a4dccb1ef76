// A value in a column that is not read, and that would change the call, counts the same in whichever row of the file it stands.

import { expect, it } from 'vitest';
import type { Stack } from '../harness.ts';
import { importFile, numberOf, resultsOf, startImportStack, until } from './importing.ts';

/** One of each way in which a name says something: alone, vaguely, among other words; and one that says nothing. */
const names = [
  ...['Country', 'Prefix', 'Billing Country', 'Ext', 'Durchwahl', 'Work Extension', 'Time Zone', 'Offset'],
  ...['Client TZ', 'Uhrzeit', 'Start', 'AM/PM', 'Session', 'Remarks'],
];
/** One of each kind, and one that is none. */
const values = ['+44', 'United Kingdom', 'x23', 'America/New_York', '-05:00', '15:00', 'PM', 'Mr.'];

/** A list whose row n, from 1, has the cells in these columns, and all other rows have none there. */
function listOf(rows: number, cells: ReadonlyMap<number, readonly string[]>): string {
  const lines = Array.from({ length: rows }, (_, n) =>
    [numberOf(n), '2026-11-26 00:00', ...(cells.get(n + 1) ?? names.map(() => ''))].join(','),
  );
  return [`Phone Number,Scheduled Time,${names.join(',')}`, ...lines].join('\n');
}

async function askedFor(stack: Stack, row: number, value: string): Promise<string[]> {
  const file = listOf(50, new Map([[row, names.map(() => value)]]));
  const { preview } = await until(stack, await importFile(stack, file, { start: 'AFTER_REVIEW' }), 'READY');
  const unread = (preview?.problems ?? []).filter(({ kind }) => kind === 'UNREAD_COLUMN');
  return names.filter((_, index) => unread.some(({ columns }) => columns.includes(index + 2)));
}

/** In each of these rows and the next ones, each name has the value alone. */
async function failedFor(stack: Stack, starts: readonly number[], value: string): Promise<string[][]> {
  const cells = new Map<number, readonly string[]>();
  for (const start of starts)
    for (const n of names.keys())
      cells.set(
        start + n,
        names.map((_, index) => (index === n ? value : '')),
      );
  const file = listOf(Math.max(...starts) + names.length, cells);
  const id = await importFile(stack, file, { start: 'AFTER_REVIEW' });
  await until(stack, id, 'READY');
  const failed = new Set<number>();
  for (const { line, message } of await resultsOf(stack, id, 'failed'))
    if (message?.includes(' of this row: it seems to ')) failed.add(line - 1);
  return starts.map((start) => names.filter((_, n) => failed.has(start + n)));
}

it.each(values)('in row 1, 49, 51 or 5000: %s', async (value) => {
  const stack = await startImportStack();
  const asked = await askedFor(stack, 1, value);
  expect(await askedFor(stack, 49, value)).toEqual(asked);
  expect(await failedFor(stack, [51, 5000], value)).toEqual([asked, asked]);
  expect(asked.length).toBeGreaterThan(1);
  expect(asked.length).toBeLessThan(names.length + 1);
});

it('of another kind than its name is what it looks like, or what the name says', async () => {
  const stack = await startImportStack();
  const asked = await askedFor(stack, 1, 'America/New_York');
  expect(asked).toEqual(expect.arrayContaining(['Billing Country', 'Session', 'Remarks', 'Prefix']));
  expect(await askedFor(stack, 1, 'Mr.')).not.toContain('Prefix');
});

it('is judged beside the number and the time of its own row', async () => {
  const stack = await startImportStack();
  const rows = Array.from({ length: 60 }, (_, n) => `India,${numberOf(n)},2026-11-26 10:00`);
  for (const row of [0, 55]) rows[row] = `United Kingdom,+4479111234${10 + row},2026-11-26 10:00`;
  const file = ['Country,Phone Number,Scheduled Time', ...rows].join('\n');
  expect((await until(stack, await importFile(stack, file), 'FINISHED')).counts).toMatchObject({ failed: 0 });
});

it('is a note among notes, wherever it stands', async () => {
  const stack = await startImportStack();
  for (const row of [2, 6, 49, 51]) {
    const notes = Array.from({ length: 60 }, (_, n) => (n === row || n < 5 ? '10:30' : 'called before'));
    const rows = notes.map((note, n) => `${numberOf(n)},2026-11-27 00:00,${note}`);
    const file = ['Phone Number,Scheduled Time,Remarks', ...rows].join('\n');
    const id = await importFile(stack, file, { start: 'AFTER_REVIEW' });
    expect((await until(stack, id, 'READY')).preview?.problems).toEqual([]);
    for (const { message } of await resultsOf(stack, id, 'failed')) expect(message).not.toContain('10:30');
  }
});
