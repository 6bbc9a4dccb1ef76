// `dialgraph import` and `dialgraph imports`: hands a file to a server that runs, watches it, and says what became of it. The import
// itself is the server's: it goes on without this command, and `--resume` watches it again.
// Exit codes: 0 every row is scheduled, or was skipped (the dialer refuses duplicates, too) · 1 it could not be carried out ·
// 2 arguments that mean nothing · 3 it ended, and there are rows that are not scheduled · 130 interrupted: the last line says
// whether it goes on; a dry run never does.

import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isEnd, shownName } from '../imports/import.ts';
import { recordFields } from '../imports/mapping-names.ts';
import {
  countsText,
  decisionsText,
  errorsText,
  type Import,
  importFragment,
  type ListedImport,
  listedFields,
  listText,
  progressSteps,
  progressText,
} from './import-text.ts';
import { createLiveLine, type LiveLine } from './live-line.ts';
import { createServerClient, GivenUp, Refused, type ServerClient } from './server-client.ts';

export interface ImportArguments {
  /** With `resume` it is needed only where it was not sent whole. */
  file: string | undefined;
  campaign: string | undefined;
  dryRun: boolean;
  /** `column=field`, or `column=header:City` for a custom field. A column is its header, or its place as `#1`. */
  map: readonly string[];
  /** As the schema has them. Undefined: the server's defaults. */
  dateFormat: string | undefined;
  timeZone: string | undefined;
  sheet: string | undefined;
  duplicates: string | undefined;
  errorPolicy: string | undefined;
  /** An import's id: no new one is started. */
  resume: string | undefined;
}

/** Where the server is, and the key: DIALGRAPH_URL and DIALGRAPH_KEY. */
type Environment = Readonly<Record<string, string | undefined>>;

const usualUrl = 'http://127.0.0.1:4000/graphql';
const watched = `query Watched($id: ID!) { import(id: $id) { ...Watched } } ${importFragment}`;
/** Of the last look, and of a list. */
const briefMs = 30_000;

/** Prints what comes of it. Resolves to the exit code. */
export async function importFile(env: Environment, given: ImportArguments): Promise<number> {
  const problem = problemOf(given) ?? urlProblemOf(env);
  if (problem !== undefined) {
    console.error(`dialgraph: ${problem} (dialgraph import --help lists what there is)`);
    return 2;
  }
  const line = createLiveLine(process.stderr);
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt);
  const server = serverOf(env, interrupted.signal, line);
  const run: Run = { id: given.resume, file: undefined, signal: interrupted.signal };
  try {
    return await carryOut(server, given, line, run);
  } catch (error) {
    line.end();
    if (interrupted.signal.aborted)
      return given.dryRun ? await abandon(env, run, line) : await leave(env, run, line);
    if (!isTold(error)) throw error;
    console.error((error as Error).message);
    if (error instanceof GivenUp && run.id !== undefined && !given.dryRun)
      console.error(goingOn(run.id, run.file));
    return 1;
  } finally {
    process.off('SIGINT', interrupt);
  }
}

/** Prints the newest imports. Resolves to the exit code. */
export async function listImports(env: Environment): Promise<number> {
  const problem = urlProblemOf(env);
  if (problem !== undefined) {
    console.error(`dialgraph: ${problem}`);
    return 2;
  }
  const line = createLiveLine(process.stderr);
  const late = AbortSignal.timeout(briefMs);
  try {
    const server = serverOf(env, late, line);
    const document = `{ imports(first: 20) { nodes { ${listedFields} } } }`;
    const { imports } = await server.ask<{ imports: { nodes: ListedImport[] } }>(document, {});
    line.end();
    for (const one of imports.nodes) console.log(listText(one));
    if (imports.nodes.length === 0) console.log('There are no imports.');
    return 0;
  } catch (error) {
    line.end();
    if (!late.aborted && !isTold(error)) throw error;
    console.error(late.aborted ? 'The server did not answer in time.' : (error as Error).message);
    return 1;
  }
}

/** What is known of it when it is interrupted, which `signal` tells. */
interface Run {
  id: string | undefined;
  /** The one that is on its way. */
  file: string | undefined;
  readonly signal: AbortSignal;
}

async function carryOut(
  server: ServerClient,
  given: ImportArguments,
  line: LiveLine,
  run: Run,
): Promise<number> {
  let one = given.resume === undefined ? await start(server, given) : await find(server, given.resume);
  run.id = one.id;
  checkName(given, one);
  if (one.state === 'AWAITING_FILE') {
    run.file = given.file;
    await upload(server, given, one, line);
    run.file = undefined;
  }
  if (given.resume !== undefined && one.state === 'READY') await confirm(server, given);
  for (;;) {
    one = await find(server, one.id);
    line.show(progressText(one, Date.now()), progressSteps(one));
    if (isEnd(one.state) || one.state === 'READY') break;
    await sleep((one.pollAfterSeconds ?? 1) * 1000, undefined, { signal: run.signal });
  }
  line.end();
  if (one.state === 'READY') return await review(server, given, one);
  return tell(server, one);
}

async function start(server: ServerClient, given: ImportArguments): Promise<Import> {
  const file = given.file as string;
  const handle = await open(file);
  const stats = await handle.stat().finally(() => handle.close());
  if (stats.isDirectory()) throw new Refused(`${file} is a folder, and not a file of leads.`);
  const input = {
    campaignName: given.campaign,
    fileName: basename(file),
    fileSize: stats.size,
    // A lost answer is asked for again.
    idempotencyKey: randomUUID(),
    start: given.dryRun ? 'AFTER_REVIEW' : 'AUTOMATIC',
    ...choicesOf(given),
  };
  return await change(server, 'startImport(input: $value)', 'StartImportInput', input);
}

function confirm(server: ServerClient, given: ImportArguments): Promise<Import> {
  const input = { id: given.resume, ...choicesOf(given) };
  return change(server, 'confirmImport(input: $value)', 'ConfirmImportInput', input);
}

function cancel(server: ServerClient, id: string): Promise<Import> {
  return change(server, 'cancelImport(id: $value)', 'ID', id);
}

/** Rejects with a Refused, whose message is that of the error. */
async function change(server: ServerClient, field: string, type: string, value: unknown): Promise<Import> {
  const document = `mutation Change($value: ${type}!) {
    answer: ${field} { ... on ImportPayload { import { ...Watched } } ... on RequestError { message } }
  } ${importFragment}`;
  const { answer } = await server.ask<{ answer: { import?: Import; message?: string } }>(document, { value });
  if (answer.import === undefined) throw new Refused(answer.message ?? 'The server does not say why.');
  return answer.import;
}

async function find(server: ServerClient, id: string): Promise<Import> {
  const { import: one } = await server.ask<{ import: Import | null }>(watched, { id });
  if (one === null) throw new Refused(`There is no import ${id} that this key may see.`);
  return one;
}

function checkName({ file }: ImportArguments, { id, fileName }: Import): void {
  if (file !== undefined && shownName(basename(file)) !== fileName)
    throw new Refused(
      `${file} is not the file of import ${id}, which is ${fileName}: start another import for it.`,
    );
}

async function upload(
  server: ServerClient,
  { file }: ImportArguments,
  one: Import,
  line: LiveLine,
): Promise<void> {
  if (file === undefined) throw new Refused(`${one.fileName} was not sent whole: name the file again.`);
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    if (size !== one.fileSize)
      throw new Refused(`${file} has ${size} bytes, and the import was started for ${one.fileSize}.`);
    await server.upload(one.uploadUrl as string, handle, size, (receivedBytes) => {
      const now = { ...one, receivedBytes };
      line.show(progressText(now, Date.now()), progressSteps(now));
    });
  } finally {
    await handle.close();
  }
}

/** It waits to be confirmed: nothing was sent. */
async function review(server: ServerClient, given: ImportArguments, one: Import): Promise<number> {
  // Where the columns are not known, no row was read as a record.
  const counts = one.counts.total === null ? [] : [countsText(one)];
  const named = given.map.map((text) => text.slice(0, text.lastIndexOf('=')));
  const decisions = decisionsText(one, named, commandText(given, one));
  for (const text of [...counts, ...errorsText(one), ...decisions]) console.log(text);
  if (given.dryRun) {
    await cancel(server, one.id);
    console.log('Nothing was sent: --dry-run.');
    return one.decisions.length > 0 || one.counts.failed > 0 ? 3 : 0;
  }
  if (one.decisions.length === 0)
    console.log(
      `Nothing is sent yet: it waits to be confirmed. To send it: dialgraph import --resume ${one.id}`,
    );
  return 1;
}

/** How the person goes on. The import of a dry run is over. */
function commandText({ dryRun, file, campaign, ...given }: ImportArguments, { id }: Import): string {
  if (!dryRun) return `dialgraph import --resume ${id}`;
  const options = [
    ...given.map.map((text) => ['--map', text]),
    ['--date-format', given.dateFormat],
    ['--time-zone', given.timeZone],
    ['--sheet', given.sheet],
  ].flatMap(([name = '', value]) => (value === undefined ? [] : [name, quoted(value)]));
  const flags = [given.duplicates && '--skip-duplicates', given.errorPolicy && '--reject-everything'];
  const words = ['dialgraph import', quoted(file ?? ''), '--campaign', quoted(campaign ?? ''), '--dry-run'];
  return [...words, ...options, ...flags.filter(Boolean)].join(' ');
}

/** For a shell. */
function quoted(text: string): string {
  return /^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function tell(server: ServerClient, one: Import): number {
  console.log(`${one.fileName}: ${one.state}, ${countsText(one)}`);
  for (const text of errorsText(one)) console.log(text);
  const { failed, unknown, notSent } = one.counts;
  const isWhole = failed + unknown + notSent === 0;
  if (!isWhole && one.resultsUrl !== null)
    console.log(`Every row with its result, to be corrected and sent again: ${server.urlOf(one.resultsUrl)}`);
  if (one.failure !== null) {
    console.error(
      one.failure.line === null ? one.failure.message : `line ${one.failure.line}: ${one.failure.message}`,
    );
    return one.failure.kind === 'ERRORS_FOUND' ? 3 : 1;
  }
  return isWhole && one.state === 'FINISHED' ? 0 : 3;
}

/** After Ctrl-C: asks whether it is to go on, where somebody can answer. */
async function leave(env: Environment, { id, file }: Run, line: LiveLine): Promise<number> {
  if (id === undefined) return 130;
  const goesOn = goingOn(id, file);
  if (!process.stdin.isTTY) {
    console.error(goesOn);
    return 130;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const asked = await terminal
    .question('Cancel the import, or leave it as it is? [c/L] ', { signal: interruptedAgain() })
    .catch(() => '');
  terminal.close();
  if (!/^c/i.test(asked.trim())) {
    console.error(goesOn);
    return 130;
  }
  try {
    const one = await cancel(serverOf(env, AbortSignal.timeout(briefMs), line), id);
    console.error(`${one.state}: what was sent stays scheduled. ${countsText(one)}`);
  } catch (error) {
    line.end();
    if (!isTold(error)) throw error;
    console.error(`Not cancelled: ${(error as Error).message} ${goesOn}`);
  }
  return 130;
}

function goingOn(id: string, file: string | undefined): string {
  return file === undefined
    ? `It goes on. To watch it again: dialgraph import --resume ${id}`
    : `The file was not sent whole. To send it anew: dialgraph import ${file} --resume ${id}`;
}

/** After Ctrl-C in a dry run: its import would wait to be confirmed, and to confirm it is to send it. */
async function abandon(env: Environment, { id }: Run, line: LiveLine): Promise<number> {
  if (id === undefined) {
    console.error('Nothing was sent: --dry-run.');
    return 130;
  }
  try {
    const one = await cancel(serverOf(env, AbortSignal.timeout(briefMs), line), id);
    // Somebody else may have confirmed it.
    const what = one.state === 'CANCELED' ? 'nothing was sent (--dry-run).' : countsText(one);
    console.error(`${one.state}: ${what}`);
  } catch (error) {
    line.end();
    if (!isTold(error)) throw error;
    console.error(
      `Nothing was sent (--dry-run), but import ${id} is not cancelled: ${(error as Error).message} It waits for a person until it expires, and sends nothing by itself.`,
    );
  }
  return 130;
}

function interruptedAgain(): AbortSignal {
  const again = new AbortController();
  process.once('SIGINT', () => again.abort());
  return again.signal;
}

/** Whether its message is for the person who called: of the server, or of the file system. */
function isTold(error: unknown): boolean {
  return (
    error instanceof Refused ||
    typeof (error as NodeJS.ErrnoException).code === 'string' ||
    (error as Error).name === 'TimeoutError'
  );
}

function serverOf(env: Environment, signal: AbortSignal, line: LiveLine): ServerClient {
  const url = env.DIALGRAPH_URL || usualUrl;
  const onWait = (reason: string) => {
    const text = `${url} cannot be reached (${reason}); trying again …`;
    line.show(text, text);
  };
  return createServerClient({ url, key: env.DIALGRAPH_KEY || undefined, signal, onWait });
}

function urlProblemOf({ DIALGRAPH_URL: url = '' }: Environment): string | undefined {
  const isHttp = /^https?:\/\//i.test(url) && URL.canParse(url);
  if (url === '' || (isHttp && new URL(url).username === '')) return undefined;
  return 'DIALGRAPH_URL must be an http or https URL, such as http://127.0.0.1:4000/graphql; a key belongs into DIALGRAPH_KEY';
}

const dateFormats = ['ISO', 'DAY_MONTH_YEAR', 'MONTH_DAY_YEAR'];

/** Nothing leaves the column out. */
function isTarget(text: string): boolean {
  return text === '' || text.startsWith('header:') || recordFields.some((field) => field === text);
}

function problemOf({ file, campaign, resume, map, dateFormat, dryRun }: ImportArguments): string | undefined {
  if (resume === undefined && file === undefined) return 'import takes a file';
  if (resume === undefined && campaign === undefined)
    return 'import needs --campaign, the campaign that the records go to';
  if (resume !== undefined && campaign !== undefined) return '--campaign cannot be changed with --resume';
  if (resume !== undefined && dryRun) return '--dry-run goes with a new import, not with --resume';
  if (map.some((text) => !/^.+=/.test(text)))
    return '--map takes column=field, such as Mobile=phoneNumber, Town=header:City or Country=';
  const unknown = map
    .map((text) => text.slice(text.lastIndexOf('=') + 1))
    .find((target) => !isTarget(target));
  if (unknown !== undefined)
    return `--map knows no field ${unknown}: it is one of ${recordFields.join(', ')}, or header: and a name`;
  if (dateFormat !== undefined && !dateFormats.includes(dateFormat))
    return `--date-format is one of ${dateFormats.join(', ')}`;
  return undefined;
}

/** What a person may decide, as the inputs have it. */
function choicesOf({ map, dateFormat, timeZone, sheet, duplicates, errorPolicy }: ImportArguments) {
  const mapping = map.map((text) => {
    const at = text.lastIndexOf('=');
    const [column, target] = [text.slice(0, at), text.slice(at + 1)];
    if (target === '') return { column };
    return target.startsWith('header:')
      ? { column, header: target.slice('header:'.length) }
      : { column, field: constantOf(target) };
  });
  return {
    mapping: mapping.length === 0 ? undefined : mapping,
    dateFormat,
    timeZone,
    sheet,
    duplicates,
    errorPolicy,
  };
}

/** `phoneNumber` → `PHONE_NUMBER` */
function constantOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
