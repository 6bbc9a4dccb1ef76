// What every lead was told, answer by answer, and what the ledger says of it in the end. Here the three promises are
// judged: nothing lost, nobody twice, and nothing false; and that a key's answer stays what it was.

import type { LedgerRow, SeenRequest } from '../../src/sandbox/sandbox.ts';
import type { Answer, Result } from './caller.ts';
import type { Lead, PlannedMutation } from './mutations.ts';

export interface LedgerDump {
  readonly rows: readonly LedgerRow[];
  readonly requests: readonly SeenRequest[];
  readonly tokensGenerated: number;
}

export type ViolationKind = 'lost' | 'twice' | 'false' | 'changed' | 'shape' | 'unanswered' | 'leak';

export interface Violation {
  readonly kind: ViolationKind;
  readonly text: string;
}

interface Told {
  readonly key: string;
  readonly index: number;
  readonly startedAt: number;
  readonly answeredAt: number;
  readonly kind: Result['__typename'];
  readonly retryable: boolean;
  readonly message: string;
}

export interface Verdict {
  readonly violations: Violation[];
  /** Leads by the kind of their last answer. */
  readonly outcomes: ReadonlyMap<string, number>;
  readonly unknownInLedger: number;
  readonly unknownNotInLedger: number;
}

export interface Stories {
  /** Notes that a mutation is about to be sent. */
  begin(mutation: PlannedMutation): void;
  /** Notes an answer; where the key had one before, compares them. */
  note(mutation: PlannedMutation, answer: Answer): void;
  /** Notes something that went wrong besides. */
  blame(kind: ViolationKind, text: string): void;
  /** Leads whose last answer invites to send them again. */
  retryable(): Lead[];
  /** How many first answers of a key said each kind. */
  readonly firstAnswers: ReadonlyMap<string, number>;
  /** Why records were told in a first answer that they were not accepted, or that nobody knows. */
  readonly reasons: ReadonlyMap<string, number>;
  readonly replays: number;
  /** Records that were unknown in one answer, and clear in a later one with the same key. */
  readonly learned: number;
  judge(ledger: LedgerDump): Verdict;
}

/** From a row's acceptance to its answer's arrival, clocks and scripted lateness included. */
const settledMs = 1000;

export function createStories(): Stories {
  const stories = new Map<string, { lead: Lead; told: Told[] }>();
  const answers = new Map<string, { mutation: PlannedMutation; all: Answer[] }>();
  const firstAnswers = new Map<string, number>();
  const reasons = new Map<string, number>();
  const violations: Violation[] = [];
  let replays = 0;
  let learned = 0;
  const blame = (kind: ViolationKind, text: string) => violations.push({ kind, text });

  const compare = (mutation: PlannedMutation, before: Answer, now: Answer) => {
    replays++;
    for (const [at, result] of now.payload.results.entries()) {
      const was = before.payload.results[at];
      if (was?.__typename === result.__typename) continue;
      const isLearned =
        was?.__typename === 'OutcomeUnknownError' &&
        (result.__typename === 'ScheduledRecord' || result.__typename === 'DialerUnavailableError');
      if (isLearned) learned++;
      else
        blame(
          'changed',
          `${mutation.key}[${at}] was ${JSON.stringify(was)}, ${now.answeredAt - before.answeredAt} ms later ${JSON.stringify(result)}`,
        );
    }
  };

  return {
    firstAnswers,
    reasons,
    blame,
    get replays() {
      return replays;
    },
    get learned() {
      return learned;
    },

    begin({ leads }) {
      for (const lead of leads) if (!stories.has(lead.number)) stories.set(lead.number, { lead, told: [] });
    },

    note(mutation, answer) {
      const fault = shapeOf(mutation, answer);
      if (fault !== null) blame('shape', `${mutation.key}: ${fault}: ${JSON.stringify(answer.payload)}`);
      const earlier = answers.get(mutation.key);
      const before = earlier?.all.at(-1);
      if (before !== undefined) compare(mutation, before, answer);
      if (earlier === undefined) answers.set(mutation.key, { mutation, all: [answer] });
      else earlier.all.push(answer);

      for (const [index, lead] of mutation.leads.entries()) {
        const result = answer.payload.results[index];
        if (result === undefined) continue;
        const kind = result.__typename;
        if (earlier === undefined) {
          count(firstAnswers, kind);
          const isVague = kind === 'DialerUnavailableError' || kind === 'OutcomeUnknownError';
          if (isVague) count(reasons, `${kind}: ${/: (.*?)\. /.exec(result.message)?.[1] ?? result.message}`);
        }
        const { key, startedAt, answeredAt } = answer;
        const retryable = 'retryable' in result && result.retryable;
        const told = { key, index, startedAt, answeredAt, kind, retryable, message: result.message };
        stories.get(lead.number)?.told.push(told);
      }
    },

    // A key that is replayed says again what has been acted upon already: the newest key has the last word.
    retryable: () =>
      [...stories.values()].filter(({ told }) => lastWord(told)?.retryable).map(({ lead }) => lead),

    judge(ledger) {
      const rowsOf = new Map<string, LedgerRow[]>();
      for (const row of ledger.rows) {
        const number = row.phoneNumber.replace(/\D/g, '').slice(-10);
        if (!stories.has(number)) blame('false', `nobody asked for row ${JSON.stringify(row)}`);
        rowsOf.set(number, [...(rowsOf.get(number) ?? []), row]);
      }
      const outcomes = new Map<string, number>();
      let unknownInLedger = 0;
      let unknownNotInLedger = 0;

      for (const [number, { lead, told }] of stories) {
        const rows = rowsOf.get(number) ?? [];
        const last = lastWord(told);
        if (last === undefined) continue;
        outcomes.set(last.kind, (outcomes.get(last.kind) ?? 0) + 1);
        const describe = () => storyText(lead, told, rows, ledger.requests);
        if (rows.length > 1) blame('twice', describe());
        if (last.kind === 'ScheduledRecord' && rows.length === 0) blame('lost', describe());
        if (last.kind === 'OutcomeUnknownError') {
          if (rows.length > 0) unknownInLedger++;
          else unknownNotInLedger++;
        }
        if (told.some((answer) => isFalse(answer, told, rows))) blame('false', describe());
      }
      for (const { mutation, all } of answers.values())
        for (const answer of all.slice(1)) {
          const first = all[0];
          const grown = ledger.rows.filter(
            ({ createdAt, phoneNumber }) =>
              createdAt >= answer.startedAt &&
              createdAt <= answer.answeredAt &&
              first !== undefined &&
              answer.startedAt > first.answeredAt + settledMs &&
              mutation.leads.some(({ number }) => phoneNumber.endsWith(number)),
          );
          if (grown.length > 0)
            blame('changed', `${mutation.key} sent rows when asked again: ${JSON.stringify(grown)}`);
        }
      return { violations, outcomes, unknownInLedger, unknownNotInLedger };
    },
  };
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** The newest key's latest answer. */
function lastWord(told: readonly Told[]): Told | undefined {
  const newest = told.reduce<Told | undefined>(
    (best, answer) =>
      best === undefined || firstTime(told, answer.key) > firstTime(told, best.key) ? answer : best,
    undefined,
  );
  return told.findLast(({ key }) => key === newest?.key);
}

function firstTime(told: readonly Told[], key: string): number {
  return told.find((answer) => answer.key === key)?.startedAt ?? 0;
}

/**
 * "Not accepted" is false where the ledger has a row that only the request so answered, or one before it, can have
 * brought: one from before the same lead was sent under another key.
 */
function isFalse(answer: Told, told: readonly Told[], rows: readonly LedgerRow[]): boolean {
  if (answer.kind === 'ScheduledRecord' || answer.kind === 'OutcomeUnknownError') return false;
  const next = told
    .filter(({ key, startedAt }) => key !== answer.key && startedAt >= firstTime(told, answer.key))
    .map(({ startedAt }) => startedAt);
  const until = Math.min(...next.filter((at) => at >= firstAnswered(told, answer.key)), Infinity);
  return rows.some(({ createdAt }) => createdAt < until);
}

function firstAnswered(told: readonly Told[], key: string): number {
  return told.find((answer) => answer.key === key)?.answeredAt ?? 0;
}

/** What is wrong with an answer's form, or null. */
function shapeOf({ leads }: PlannedMutation, { payload }: Answer): string | null {
  const { results, summary } = payload;
  if (results.length !== leads.length || summary.total !== leads.length)
    return `${results.length} results for ${leads.length} records`;
  const { scheduled, valid, failed, skipped, unknown, total } = summary;
  if (scheduled + valid + failed + skipped + unknown !== total) return 'a summary that does not add up';
  if (results.filter(({ __typename }) => __typename === 'ScheduledRecord').length !== scheduled)
    return 'a summary that counts otherwise';
  for (const [at, result] of results.entries()) {
    const lead = leads[at];
    if (!('index' in result) || result.index !== at) return `result ${at} has another index`;
    if (result.reference !== lead?.record.reference) return `result ${at} has another reference`;
    if (result.__typename === 'ScheduledRecord' && !result.phoneNumber.endsWith(lead?.number ?? ''))
      return `result ${at} has another number`;
  }
  return null;
}

function storyText(
  { number, isBad }: Lead,
  told: readonly Told[],
  rows: readonly LedgerRow[],
  requests: readonly SeenRequest[],
): string {
  const time = (at: number) => new Date(at).toISOString().slice(11, 23);
  return [
    `${number}${isBad ? ' (bad)' : ''}`,
    ...told.map(
      ({ key, index, startedAt, answeredAt, kind, message }) =>
        `    ${time(startedAt)} to ${time(answeredAt)} ${key}[${index}]: ${kind}: ${message}`,
    ),
    ...rows.map(({ id, createdAt, requestNumber }) => {
      const request = requests[requestNumber - 1];
      return `    ${time(createdAt)} ledger row ${id}, by request ${requestNumber} of ${request?.rows} rows, fault ${request?.fault}`;
    }),
  ].join('\n');
}
