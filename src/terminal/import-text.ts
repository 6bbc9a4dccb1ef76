// What the command says of an import.

import { indexOf } from '../imports/columns.ts';
import { type ImportCounts, type ImportState, isEnd } from '../imports/import.ts';

/** An import, as the command asks for it. */
export interface Import {
  id: string;
  campaignName: string;
  fileName: string;
  fileSize: number;
  receivedBytes: number;
  state: ImportState;
  uploadUrl: string | null;
  resultsUrl: string | null;
  createdAt: string;
  decisions: string[];
  preview: {
    columns: { index: number; header: string | null; samples: string[] }[];
    problems: { message: string }[];
  } | null;
  counts: ImportCounts;
  errorCounts: { code: string; count: number }[];
  firstErrors: { line: number; column: string | null; message: string }[];
  waitingFor: string | null;
  estimatedFinishAt: string | null;
  pollAfterSeconds: number | null;
  failure: { kind: string; message: string; line: number | null } | null;
}

export const importFragment = `fragment Watched on Import {
  id campaignName fileName fileSize receivedBytes state uploadUrl resultsUrl createdAt decisions
  preview { columns { index header samples } problems { message } }
  counts { total valid scheduled failed skipped unknown notSent }
  errorCounts { code count }
  firstErrors { line column message }
  waitingFor estimatedFinishAt pollAfterSeconds
  failure { kind message line }
}`;

/** What its line in a list needs. */
export type ListedImport = Pick<
  Import,
  'id' | 'createdAt' | 'state' | 'campaignName' | 'fileName' | 'counts'
>;

export const listedFields =
  'id createdAt state campaignName fileName counts { total valid scheduled failed skipped unknown notSent }';

const barWidth = 24;

/** `leads.csv  RUNNING  [#####     ]  41 %  410 of 1,000: 400 scheduled, 10 failed; about 20 s to go` */
export function progressText(one: Import, now: number): string {
  const share = shareOf(one);
  const bar = '#'.repeat(Math.round(share * barWidth)).padEnd(barWidth);
  const left = one.estimatedFinishAt === null ? undefined : Date.parse(one.estimatedFinishAt) - now;
  return [
    `${one.fileName}  ${one.state}  [${bar}] ${Math.floor(share * 100)} %  ${countsText(one)}`,
    ...(one.waitingFor === null ? [] : [`waiting: ${words(one.waitingFor)}`]),
    ...(left === undefined || left <= 0 ? [] : [`about ${duration(left)} to go`]),
  ].join('; ');
}

/** For logs: it changes with the state, and with every tenth of the rows. */
export function progressSteps(one: Import): string {
  return `${one.fileName}: ${one.state}, ${Math.floor(shareOf(one) * 10) * 10} %${one.waitingFor === null ? '' : `, waiting: ${words(one.waitingFor)}`}`;
}

function shareOf({ state, fileSize, receivedBytes, counts }: Import): number {
  if (state === 'AWAITING_FILE') return fileSize === 0 ? 0 : receivedBytes / fileSize;
  const { total, scheduled, failed, skipped, unknown } = counts;
  return total === null || total === 0 ? 0 : (scheduled + failed + skipped + unknown) / total;
}

export function countsText({
  state,
  counts: { total, ...counts },
}: Pick<Import, 'state' | 'counts'>): string {
  const parts = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${number(count)} ${name === 'notSent' ? 'not sent' : name}`);
  const rows = total === null ? unreadText(state) : `${number(total)} row(s)`;
  return parts.length === 0 ? rows : `${rows}: ${parts.join(', ')}`;
}

function unreadText(state: ImportState): string {
  if (state === 'AWAITING_FILE') return 'the file is awaited';
  return state === 'CHECKING'
    ? 'rows are being read'
    : isEnd(state)
      ? 'its rows were not read'
      : 'no rows are read yet';
}

/** What is wrong with its rows. */
export function errorsText({ errorCounts, firstErrors }: Import): string[] {
  if (errorCounts.length === 0) return [];
  return [
    `Errors: ${errorCounts.map(({ code, count }) => `${number(count)} ${code}`).join(', ')}`,
    ...firstErrors.map(
      ({ line, column, message }) => `  line ${line}${column === null ? '' : `, ${column}`}: ${message}`,
    ),
  ];
}

/** What has to be decided before anything is sent, and how. `columns`: those that the command named; `again`: it, as it goes on. */
export function decisionsText(
  { decisions, preview }: Import,
  named: readonly string[],
  again: string,
): string[] {
  if (decisions.length === 0) return [];
  const columns = preview?.columns ?? [];
  const isOfRows = decisions.every((decision) => decision === 'ERRORS');
  const absent = named.filter((column) => indexOf({ column }, columns) === undefined);
  return [
    `Nothing is sent yet. To be decided: ${decisions.map(words).join(', ')}.`,
    ...(preview?.problems ?? []).map(({ message }) => message),
    ...absent.map((column) => `The file has no column ${column}, or several of that name.`),
    ...(isOfRows
      ? [
          'Nothing is sent while rows have errors: correct them, or leave --reject-everything out, in a new import.',
        ]
      : [
          'The columns of the file, with their first values:',
          ...columns.map(
            ({ header, samples }, n) =>
              `  #${n + 1} ${header ?? '(no header)'}: ${samples.slice(0, 3).join(' | ')}`,
          ),
          `Then: ${again} ${hintsOf(decisions).join(' ')}`,
        ]),
  ];
}

function hintsOf(all: readonly string[]): string[] {
  const decisions = all.filter((decision) => decision !== 'SHEET');
  const sheets = all.length > decisions.length ? ['--sheet <name>'] : [];
  return decisions.length === 0 ? sheets : [...sheets, ...hintsOfColumns(decisions)];
}

function hintsOfColumns(decisions: readonly string[]): string[] {
  const formats = '--date-format <ISO, DAY_MONTH_YEAR or MONTH_DAY_YEAR>';
  const isOfOthers = !decisions.some((decision) => /COLUMN$/.test(decision));
  const maps = isOfOthers
    ? '--map <column>=<a field, header:<name>, or nothing at all>'
    : '--map <column>=phoneNumber --map <column>=scheduledTime';
  const isOfDates = decisions.includes('DATE_FORMAT');
  if (decisions.every((decision) => decision === 'DATE_FORMAT')) return [formats];
  return isOfDates ? [maps, formats] : [maps, '[--date-format …]'];
}

/** One line of the list. */
export function listText(one: ListedImport): string {
  return `${one.id}  ${one.createdAt}  ${one.state.padEnd(13)}  ${one.campaignName}  ${one.fileName}  ${countsText(one)}`;
}

function words(name: string): string {
  return name.toLowerCase().replaceAll('_', ' ');
}

function number(value: number): string {
  return value.toLocaleString('en');
}

function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 90) return `${seconds} s`;
  return seconds < 5400 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`;
}
