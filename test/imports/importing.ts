// Imports as a front end has them: started by the mutation, uploaded, and looked at until they are where they should be.

import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { Owner } from '../../src/imports/import.ts';
import type { ImportStore } from '../../src/imports/import-store.ts';
import type { Imports, ResultFilter, ResultRow } from '../../src/imports/imports.ts';
import {
  ImportDocument,
  type ImportStateFragment,
  StartImportDocument,
  type StartImportInput,
} from '../gql/graphql.ts';
import { answered, type Stack, type StackOptions, sharedStore, startStack } from '../harness.ts';

export type Import = ImportStateFragment;

export const everybody: Owner = { account: 'default', credential: 'everybody', campaigns: null };

/** A stack whose files lie in a folder of its own. */
export function startImportStack({ env, ...options }: StackOptions = {}): Promise<Stack> {
  return startStack({ env: { UPLOADS_DIR: uploadsFolder(), ...env }, ...options });
}

/** The same, over a store of imports that does some things otherwise. */
export function startOver(change: (imports: ImportStore) => Partial<ImportStore>): Promise<Stack> {
  const store = sharedStore();
  return startImportStack({ store: { ...store, imports: { ...store.imports, ...change(store.imports) } } });
}

export function uploadsFolder(): string {
  const folder = join(tmpdir(), `dialgraph-uploads-${randomUUID()}`);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The n-th lead's number. */
export function numberOf(n: number): string {
  return `98${10_000_000 + n}`;
}

const time = '2026-11-26 10:00:00';

/** Leads as CSV, with a header; a row may be written otherwise. */
export function csvOf(
  count: number,
  row: (n: number) => string = (n) => `${numberOf(n)},${time},Lead ${n}`,
): string {
  const rows = Array.from({ length: count }, (_, n) => row(n));
  return `${['PhoneNumber,ScheduledTime,Name', ...rows].join('\n')}\n`;
}

/** The mutation, whatever member of its union it answers. */
export async function start(
  { send }: Pick<Stack, 'send'>,
  file: string | Uint8Array,
  input: Partial<StartImportInput> = {},
) {
  const whole = {
    campaignName: 'Sales_Demo',
    fileName: 'leads.csv',
    fileSize: Buffer.byteLength(file),
    ...input,
  };
  return answered((await send(StartImportDocument, { input: whole })).startImport);
}

export async function started(
  stack: Pick<Stack, 'send'>,
  file: string | Uint8Array,
  input: Partial<StartImportInput> = {},
): Promise<Import> {
  return payloadOf(await start(stack, file, input));
}

export async function upload(
  { imports }: { imports: Imports },
  id: string,
  file: string | Uint8Array,
): Promise<void> {
  const place = await imports.upload(id, everybody);
  if (place?.path == null) throw new Error('Nothing is awaited');
  await writeFile(place.path, file);
  await imports.uploaded(id);
}

/** Starts an import, and uploads its file. */
export async function importFile(
  stack: Stack,
  file: string | Uint8Array,
  input: Partial<StartImportInput> = {},
): Promise<string> {
  const { id } = await started(stack, file, input);
  await upload(stack, id, file);
  return id;
}

export function payloadOf(
  result:
    | { __typename: 'ImportPayload'; import: Import }
    | { __typename: string; message?: string }
    | null
    | undefined,
): Import {
  if (result && 'import' in result) return result.import;
  throw new Error(`No payload: ${JSON.stringify(result)}`);
}

export async function look({ send }: Pick<Stack, 'send'>, id: string): Promise<Import> {
  const found = answered((await send(ImportDocument, { id })).import);
  expectCountsToAddUp(found);
  return found;
}

/** Resolves when it has come to the state, which is the only end that is meant. */
export async function until(
  stack: Pick<Stack, 'send'>,
  id: string,
  ...states: Import['state'][]
): Promise<Import> {
  for (;;) {
    const found = await look(stack, id);
    if (states.includes(found.state)) return found;
    if (['FINISHED', 'CANCELED', 'FAILED', 'EXPIRED'].includes(found.state))
      throw new Error(`It is ${found.state}: ${JSON.stringify(found.failure ?? found.counts)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function expectCountsToAddUp({ counts }: Pick<Import, 'counts'>): void {
  const { total, ...ends } = counts;
  if (total === null) return;
  expect(Object.values(ends).reduce((sum, count) => sum + count, 0)).toBe(total);
}

export async function resultsOf(
  { imports }: { imports: Imports },
  id: string,
  outcome: ResultFilter = 'all',
): Promise<ResultRow[]> {
  const rows: ResultRow[] = [];
  for await (const batch of (await imports.results(id, outcome, everybody)).rows) rows.push(...batch);
  return rows;
}
