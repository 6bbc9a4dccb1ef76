// Faults of the entries in an answer that is otherwise in order: out of order, missing, doubled, unnumbered, reshaped.
// The rows are accepted; only what the answer says of them is wrong. A reply without entries (a refusal) is sent as it is.

import { texts } from '../../upstream/contract.ts';
import type { ReplyBody } from '../decision.ts';
import { accepting, answer, type BodyFault, type FaultContext, twins } from './fault.ts';

type Entry = Readonly<Record<string, unknown>>;

export const entries = {
  'entries-shuffled': withEntries('entries out of order, their indexes right', shuffled),
  'entries-shuffled-no-index': withEntries('entries out of order and without indexes', (list) =>
    shuffled(list).map(noIndex),
  ),
  'entries-no-index': withEntries('entries without indexes', (list) => list.map(noIndex)),
  'entries-index-number': withEntries('indexes as numbers', (list) =>
    list.map((entry) => ({ ...entry, index: Number(entry.index) })),
  ),
  'entries-one-based': withEntries('indexes that count from 1', (list) =>
    list.map((entry) => ({ ...entry, index: String(Number(entry.index) + 1) })),
  ),
  'entries-duplicate-index': withEntries('every second entry repeats the index before it', (list) =>
    list.map((entry, at) => (at % 2 === 1 ? { ...entry, index: String(at - 1) } : entry)),
  ),
  'entries-missing-one': withEntries('an entry in the middle is missing', missingOne),
  'entries-missing-one-no-index': withEntries(
    'an entry in the middle is missing, and none has an index',
    (list) => missingOne(list).map(noIndex),
  ),
  'entries-missing-all': withEntries('an empty list of entries', () => []),
  'entries-extra': withEntries('one entry more than rows', (list) => [
    ...list,
    { ...list.at(-1), PhoneNumber: '0000000000', index: String(list.length) },
  ]),
  'entries-no-phone': withEntries('entries without their number', (list) =>
    list.map(({ PhoneNumber: _number, ...entry }) => entry),
  ),
  'entries-masked-phone': withEntries('numbers masked as 98XXXXXX10', (list) => list.map(phoneAs(masked))),
  'entries-normalised-phone': withEntries('numbers with +91, 91 or 0 put before them', (list) =>
    list.map((entry, at) => phoneAs((number) => ['+91', '91', '0'][at % 3] + number.slice(-10))(entry)),
  ),
  'message-object': withEntries('entries as an object keyed "0", "1", …', (list) =>
    Object.fromEntries(list.entries()),
  ),
  'message-single-object': withEntries('a single entry as an object, not a list', (list) =>
    list.length === 1 ? list[0] : list,
  ),
  'status-uppercase': accepting('status "SUCCESS"', ({ res, reply }) =>
    answer(res, 200, JSON.stringify({ ...reply, status: String(reply.status).toUpperCase() })),
  ),
  'status-absent': accepting('no status at all', ({ res, reply: { status: _status, ...rest } }) =>
    answer(res, 200, JSON.stringify(rest)),
  ),
  ...twins('message-null-string', 'status "success" and the text "null"', ({ res }) =>
    answer(res, 200, JSON.stringify({ status: 'success', message: 'null' })),
  ),
  'message-success-string': accepting('one success text, no entries', ({ res, terms }) =>
    answer(res, 200, JSON.stringify({ status: 'success', message: terms.text ?? texts.updated })),
  ),
  'partial-error': {
    stage: 'body',
    accepts: 'partly',
    description: 'accepts the first half of the rows; the entries of the others are errors',
    act: (context) =>
      answerWithEntries(context, (list) =>
        list.map((entry, at) =>
          at < context.acceptedRows
            ? entry
            : { ...entry, Response: 'error', msg: context.terms.text ?? 'Agent not found' },
        ),
      ),
  } satisfies BodyFault,
};

function withEntries(description: string, change: (list: readonly Entry[]) => unknown): BodyFault {
  return accepting(description, (context) => answerWithEntries(context, change));
}

function answerWithEntries({ res, reply }: FaultContext, change: (list: readonly Entry[]) => unknown): void {
  const body: ReplyBody = Array.isArray(reply.message)
    ? { ...reply, message: change(reply.message as Entry[]) }
    : reply;
  answer(res, 200, JSON.stringify(body));
}

// Not random, so that a test that fails will fail again: odd places first, then even ones.
function shuffled(list: readonly Entry[]): readonly Entry[] {
  return [...list.filter((_, at) => at % 2 === 1), ...list.filter((_, at) => at % 2 === 0)];
}

function missingOne(list: readonly Entry[]): readonly Entry[] {
  return list.toSpliced(Math.floor(list.length / 2), 1);
}

function noIndex({ index: _index, ...entry }: Entry): Entry {
  return entry;
}

function phoneAs(change: (number: string) => string) {
  return (entry: Entry): Entry => ({ ...entry, PhoneNumber: change(String(entry.PhoneNumber ?? '')) });
}

function masked(number: string): string {
  return number.replace(
    /^(..)(.*)(..)$/,
    (_, first: string, middle: string, last: string) => `${first}${'X'.repeat(middle.length)}${last}`,
  );
}
