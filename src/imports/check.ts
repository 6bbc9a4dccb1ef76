// The first pass over a file: it is decoded once, written down as rows, each row checked as the scheduling pass would, and counted.
// Nothing is sent. It may be begun anew at any time: what an earlier one wrote is replaced.

import { setTimeout as sleep } from 'node:timers/promises';
import { giveWay } from '../foundation/event-loop.ts';
import type { CampaignRecord } from '../scheduling/record.ts';
import { Overloaded } from '../scheduling/request-error.ts';
import { type ColumnPlan, planColumns, unreadColumns } from './columns.ts';
import { type FileLimits, type FileRow, readFile, sheetNames, UnsupportedFile } from './files/read-file.ts';
import { createHeaderCheck } from './header-again.ts';
import type { ImportFailure, ImportPreview } from './import.ts';
import type { ImportAccount } from './import-account.ts';
import type { Change, ImportStore, Progress, StoredImport, Work } from './import-store.ts';
import {
  createRowReader,
  type DateEvidence,
  type FilePreview,
  headerWidthOf,
  type PreviewProblem,
  previewOf,
  type RowReading,
} from './mapping.ts';
import { createQualifierCheck } from './mapping-unread.ts';
import { createObjectionCheck } from './not-to-call.ts';
import { createNumberSet, type NumberSet } from './number-set.ts';
import { closed, copyOf, emptyProgress, noteError, recount } from './progress.ts';
import { seemRenamed, seemTold } from './result-rows.ts';
import { createWidth } from './results.ts';
import { isOpen, packOutcomes, type RowOutcome, rowOutcomeOf, skipped, tallyOf } from './row-outcome.ts';
import { isRecord, outcomeOfReading } from './row-reading.ts';
import { FileLost, type RowWriter, type Spool } from './spool.ts';

export interface CheckParts {
  store: ImportStore;
  spool: Spool;
  limits: FileLimits;
}

/** So many rows are looked at to know what the columns are. */
const previewRows = 50;
/** Many slices need many statements; a long one is in memory as a whole. */
const sliceRows = 2000;
/** A slice ends when its rows have so many characters: it is held in memory as a whole. */
const sliceCharacters = 4 * 1024 * 1024;
const overloadedMs = 200;

/** What the import becomes. Null: it goes on elsewhere, or not at all. */
export async function check(
  parts: CheckParts,
  account: ImportAccount,
  work: Work,
  signal: AbortSignal,
): Promise<Change | null> {
  const { store, spool } = parts;
  if (!(await store.clearSlices(work))) return null;
  let writer: RowWriter | undefined;
  try {
    const { id, request } = work.import;
    const reading = await readFile(spool.receivedPath(id), request, parts.limits, signal);
    writer = await spool.writeRows(id);
    const pass = new CheckPass(parts, account, work, writer, signal);
    const plan = await pass.read(reading.facts, reading.rows);
    if (plan === 'lost') return null;
    // Whoever sent it twice, to two processes, may have had it emptied again.
    if ((await spool.receivedBytes(id)) !== request.fileSize) throw new FileLost('The file is not whole');
    if (plan.decisions.length > 0) return { state: 'READY', progress: { ...emptyProgress, ...plan } };
    if (pass.progress.counts.total === 0) throw noRecord(reading.facts);
    if (pass.contradictsDates)
      return (await store.clearSlices(work)) ? await undecidedDates(spool, id, plan) : null;
    await writer.keep();
    writer = undefined;
    return nextOf(work.import, pass.progress);
  } catch (error) {
    const failure = failureOf(error);
    if (failure === undefined || signal.aborted) throw error;
    await store.clearSlices(work);
    return { state: 'FAILED', progress: emptyProgress, failure };
  } finally {
    await writer?.drop();
  }
}

function noRecord({ sheet, sheets }: Facts): UnsupportedFile {
  const place = sheet === null ? 'The file' : `The sheet ${sheetNames([sheet])}`;
  const others = sheets.length < 2 ? '' : ` The workbook has: ${sheetNames(sheets)}.`;
  return new UnsupportedFile(
    'EMPTY',
    `${place} has a header, and no row besides: write one for each person who is to be called.${others}`,
  );
}

/** In the format that was given, the file's other dates would be read as days that nobody meant. */
async function undecidedDates(spool: Spool, id: string, plan: ColumnPlan): Promise<Change> {
  const preview = await spool.readPreview(id);
  const message = `dateFormat is ${plan.dateFormat}, and more dates of the file can be read in the other format alone: say the other, or correct the dates.`;
  const problem = { kind: 'DATE_FORMAT_CONTRADICTED', columns: [], message } as const;
  if (preview !== null)
    await spool.writePreview(id, { ...preview, problems: [...preview.problems, problem] });
  return { state: 'READY', progress: { ...emptyProgress, ...plan, decisions: ['DATE_FORMAT'] } };
}

function nextOf({ request }: StoredImport, progress: Progress): Change {
  const isRejected = request.errorPolicy === 'REJECT_EVERYTHING' && progress.counts.failed > 0;
  if (request.start === 'AFTER_REVIEW')
    return { state: 'READY', progress: isRejected ? { ...progress, decisions: ['ERRORS'] } : progress };
  if (!isRejected) return { state: 'RUNNING', progress };
  const message = `Nothing was sent: ${progress.counts.failed} rows have errors, and errorPolicy is REJECT_EVERYTHING. Correct them, and import the file again.`;
  return {
    state: 'FAILED',
    progress: closed(progress),
    failure: { kind: 'ERRORS_FOUND', message, line: null },
  };
}

/** Undefined: the file is not to blame. */
export function failureOf(error: unknown): ImportFailure | undefined {
  if (error instanceof UnsupportedFile) return { kind: error.kind, message: error.message, line: error.line };
  const { code } = error as NodeJS.ErrnoException;
  const lost = { kind: 'FILE_LOST', line: null };
  if (error instanceof FileLost)
    return { ...lost, message: `${error.message}: it was moved or changed. Import it again.` };
  if (code === 'ENOENT') return { ...lost, message: 'The file is not there any more. Import it again.' };
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG')
    return {
      kind: 'DISK_FULL',
      message:
        'This service has no room left for the rows of the file. Nothing was sent; tell the people who run it, and import the file again.',
      line: null,
    };
  return undefined;
}

/** The first batch has all that is looked at to know what the columns are, and comes even if there is no row. */
async function* firstRowsTogether(batches: AsyncIterable<FileRow[]>): AsyncGenerator<FileRow[]> {
  let first: FileRow[] | null = [];
  for await (const batch of batches) {
    if (first === null) yield batch;
    else if (first.push(...batch) >= previewRows) {
      yield first;
      first = null;
    }
  }
  if (first !== null) yield first;
}

/** What an earlier import sent would be sent again by a result file that does not say it any more. */
function assertOutcomes({ headerLine, columns }: FilePreview, first: readonly (readonly string[])[]): void {
  const ours = columns.filter(({ resultColumn }) => resultColumn !== null);
  if (ours.some(({ resultColumn }) => resultColumn === 'outcome')) return;
  if (ours.length > 0)
    throw outcomesMissing(
      `The file has columns of a result file, such as ${ours[0]?.header}, and not its dialgraph_outcome: which rows were scheduled cannot be told. Take the column from the results again; if no row of it was ever sent, delete all columns of that kind.`,
    );
  if (headerLine === null && seemTold(columns))
    throw outcomesMissing(
      'The file has the rows of a result file, and not its header, so that which column says what was scheduled cannot be told: put the header of the results into the first line.',
    );
  if (headerLine !== null && seemRenamed(columns, first))
    throw outcomesMissing(
      'The file has the columns of a result file under other names, so that which rows were scheduled cannot be told: give them the names of the results again, such as dialgraph_line and dialgraph_outcome. If no row was ever sent, delete the columns of lines and outcomes.',
    );
}

function outcomesMissing(message: string): UnsupportedFile {
  return new UnsupportedFile('OUTCOMES_MISSING', message);
}

function otherSheets({ sheet, otherSheets }: Facts): PreviewProblem[] {
  if (sheet === null || otherSheets.length === 0) return [];
  const message = `The workbook has several sheets with rows: ${sheetNames([sheet])} is the first, and nobody of ${sheetNames(otherSheets)} would be called. Say in sheet which it is, and import each of the others as well.`;
  return [{ kind: 'OTHER_SHEETS', columns: [], message }];
}

type Facts = Awaited<ReturnType<typeof readFile>>['facts'];

/** One pass: rows come in, and slices go out. */
class CheckPass {
  readonly progress: Progress = copyOf(emptyProgress);
  readonly #parts: CheckParts;
  readonly #account: ImportAccount;
  readonly #work: Work;
  readonly #writer: RowWriter;
  readonly #signal: AbortSignal;
  readonly #sliceRows: number;
  readonly #numbers: NumberSet | null;
  #read: (row: FileRow) => RowReading = () => ({});
  /** Of a row in the results. */
  #widthOf: (row: FileRow) => number = ({ cells }) => cells.length;
  #assertNoHeader: (row: FileRow) => void = () => undefined;
  readonly #dates: DateEvidence = { agreeing: 0, contradicting: 0 };
  #firstRow = 0;
  #outcomes: RowOutcome[] = [];

  constructor(parts: CheckParts, account: ImportAccount, work: Work, writer: RowWriter, signal: AbortSignal) {
    const { duplicates, recordsPerMinute = Infinity } = work.import.request;
    this.#parts = parts;
    this.#account = account;
    this.#work = work;
    this.#writer = writer;
    this.#signal = signal;
    // A slice takes its records from the rate at once.
    this.#sliceRows = Math.min(sliceRows, recordsPerMinute);
    this.#numbers = duplicates === 'SKIP' ? createNumberSet() : null;
  }

  /** What the columns are; what is to be decided first ends it. `lost`: another process goes on with the import. */
  async read(facts: Facts, batches: AsyncIterable<FileRow[]>): Promise<ColumnPlan | 'lost'> {
    let plan: ColumnPlan | undefined;
    for await (const batch of firstRowsTogether(batches)) {
      let rows = batch;
      if (plan === undefined) {
        const begun = await this.#begin(facts, batch);
        plan = begun.plan;
        if (plan.decisions.length > 0) return plan;
        rows = begun.records;
      }
      if (!(await this.#takeAll(rows))) return 'lost';
    }
    const { counts } = this.progress;
    counts.total = counts.valid + counts.failed + counts.skipped;
    if (!(await this.#endSlice())) return 'lost';
    return plan as ColumnPlan;
  }

  /** What the columns are, and which of the rows are records. */
  async #begin(facts: Facts, rows: readonly FileRow[]): Promise<{ plan: ColumnPlan; records: FileRow[] }> {
    const { id, campaignName, request } = this.#work.import;
    const campaign = new Map(Object.entries(this.#account.campaigns)).get(campaignName) ?? {};
    const { region } = this.#account;
    const supposed = { region, timeZone: request.timeZone ?? campaign.timeZone ?? this.#account.timeZone };
    const guessed = previewOf(rows.slice(0, previewRows), {
      headers: campaign.headers,
      hiddenColumns: facts.hiddenColumns,
      supposed,
    });
    const found = { ...guessed, problems: [...otherSheets(facts), ...guessed.problems] };
    const preview: ImportPreview = { ...facts, ...found };
    await this.#parts.spool.writePreview(id, preview);
    const first = rows
      .slice(0, previewRows)
      .filter(({ line }) => line > (found.headerLine ?? -1))
      .map(({ cells }) => cells);
    assertOutcomes(found, first);
    const plan = planColumns(found, request);
    Object.assign(this.progress, plan);
    const read = createRowReader(
      plan.mapping,
      found.columns,
      plan.dateFormat ?? 'ISO',
      headerWidthOf(preview),
      this.#dates,
    );
    const unread = unreadColumns(found.columns, plan.mapping, request.mapping);
    const placeOf = (field: string) => plan.mapping.find((one) => one.field === field)?.column;
    const objects = createObjectionCheck(unread);
    const qualifies = createQualifierCheck(unread, { first, placeOf, supposed });
    this.#read = (row) => {
      const reading = read(row);
      return isRecord(reading) ? (objects?.(row.cells) ?? qualifies(row.cells) ?? reading) : reading;
    };
    this.#assertNoHeader = createHeaderCheck(found, plan.mapping);
    this.#widthOf = createWidth(found.columns);
    const { headerLine, recordsAbove } = found;
    const isRecordAt = (line: number) =>
      headerLine === null || line > headerLine || (recordsAbove && line < headerLine);
    return { plan, records: rows.filter(({ line }) => isRecordAt(line)) };
  }

  /** One row among others that agree is a row written otherwise. */
  get contradictsDates(): boolean {
    return this.#dates.contradicting > this.#dates.agreeing;
  }

  async #takeAll(rows: readonly FileRow[]): Promise<boolean> {
    for (let start = 0; start < rows.length; ) {
      const size = Math.min(rows.length - start, this.#sliceRows - this.#outcomes.length);
      await this.#take(rows.slice(start, start + size));
      start += size;
      const isFull = this.#outcomes.length >= this.#sliceRows || this.#writer.pending >= sliceCharacters;
      if (isFull && !(await this.#endSlice())) return false;
    }
    return true;
  }

  async #take(rows: readonly FileRow[]): Promise<void> {
    for (const row of rows) this.#assertNoHeader(row);
    const readings = rows.map((row) => this.#read(row));
    const records = readings.filter(isRecord);
    const results = records.length === 0 ? [] : await this.#validate(records);
    let next = 0;
    const outcomes = readings.map((reading, n): RowOutcome => {
      if (!isRecord(reading)) return outcomeOfReading(reading);
      const result = results[next++];
      if (result === undefined) throw new Error('A record has no result');
      const { line } = rows[n] as FileRow;
      const earlier = 'phoneNumber' in result ? this.#numbers?.add(result.phoneNumber, line) : undefined;
      if (earlier === undefined) return rowOutcomeOf(result);
      return skipped(`Skipped: line ${earlier} of the file has the same phone number.`);
    });
    this.#writer.add(rows);
    for (const [n, outcome] of outcomes.entries()) {
      const row = rows[n] as FileRow;
      noteError(this.progress, row.line, outcome);
      this.progress.width = Math.max(this.progress.width, this.#widthOf(row));
      this.#outcomes.push(outcome);
    }
    recount(this.progress, null, tallyOf(outcomes));
    await giveWay();
  }

  async #validate(records: readonly CampaignRecord[]) {
    const { campaignName, request } = this.#work.import;
    for (;;) {
      this.#signal.throwIfAborted();
      try {
        const given = { campaignName, records, timeZone: request.timeZone, duplicates: 'ALLOW' as const };
        return (await this.#account.scheduling.validate(given)).results;
      } catch (error) {
        if (!(error instanceof Overloaded)) throw error;
        await sleep(overloadedMs, undefined, { signal: this.#signal });
      }
    }
  }

  async #endSlice(): Promise<boolean> {
    this.#signal.throwIfAborted();
    const outcomes = this.#outcomes;
    if (outcomes.length === 0) return this.#parts.store.noteProgress(this.#work, this.progress, null);
    const part = await this.#writer.endPart();
    const slice = {
      ...part,
      firstRow: this.#firstRow,
      rows: outcomes.length,
      base: packOutcomes(outcomes),
      open: outcomes.filter(isOpen).length,
    };
    this.#firstRow += outcomes.length;
    this.#outcomes = [];
    return this.#parts.store.addSlice(this.#work, slice, this.progress);
  }
}
