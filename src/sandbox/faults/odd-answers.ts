// Answers that are valid JSON with values of unexpected types: objects in place of text, some of which cannot be made into text,
// and very deep nesting. A reader must neither fail on them nor take anything from them for a fact.
// Answers from which a reader can learn what became of the rows have no twin.

import { accepting, answer, type BodyFault, type FaultContext, refusing, twins } from './fault.ts';

/** Too deep for a reader that calls itself, and far less than a parser can take. */
const depth = 5000;
/** `String()` throws for both: they have no method that makes them into text. */
const textless = [{ toString: 'x' }, { toString: null, valueOf: null }] as const;

export const oddAnswers = {
  ...twins('status-object', 'a status that is an object, and cannot be made into text', ({ res }) =>
    answer(res, 200, JSON.stringify({ status: textless[0], message: 'x' })),
  ),
  ...twins('status-list', 'a status that is a list nested without end', ({ res }) =>
    answer(res, 200, `{"status":${nested('[', '"success"', ']')},"message":"x"}`),
  ),
  ...twins(
    'response-object',
    'entries whose Response is an object, and cannot be made into text',
    (context) => answerWithEntries(context, (entry) => ({ ...entry, Response: textless[1], msg: 'x' })),
  ),
  ...twins('message-deep-list', 'status "success", and a message of lists nested without end', ({ res }) =>
    answer(res, 200, `{"status":"success","message":${nested('[', '"x"', ']')}}`),
  ),
  ...twins('message-deep-object', 'no status, and a message of objects nested without end', ({ res }) =>
    answer(res, 200, `{"message":${nested('{"x":', '"x"', '}')}}`),
  ),
  ...twins('json-null', 'null alone', ({ res }) => answer(res, 200, 'null')),
  ...twins('json-deep', 'lists nested without end, and no envelope', ({ res }) =>
    answer(res, 200, nested('[', '', ']')),
  ),
  'error-deep': refusing('status "error", and a message nested without end', ({ res }) =>
    answer(res, 200, `{"status":"error","message":${nested('{"x":', '"x"', '}')}}`),
  ),
  'entries-one-odd': withOddEntries(
    'one entry in the middle has values that cannot be made into text',
    (entry, isMiddle) => (isMiddle ? { ...entry, Response: textless[0], msg: textless[1] } : entry),
  ),
  'entries-odd-msg': withOddEntries(
    'entries whose msg is an object, and cannot be made into text',
    (entry) => ({
      ...entry,
      msg: textless[0],
    }),
  ),
  'entries-odd-values': withOddEntries('entries with objects for number, time and index', (entry) => ({
    ...entry,
    PhoneNumber: textless[0],
    ScheduleTime: textless[1],
    index: textless[0],
  })),
};

type Entry = Readonly<Record<string, unknown>>;
type Change = (entry: Entry, isMiddle: boolean) => Entry;

function withOddEntries(description: string, change: Change): BodyFault {
  return accepting(description, (context) => answerWithEntries(context, change));
}

/** A reply without entries (a refusal) is sent as it is. */
function answerWithEntries({ res, reply }: FaultContext, change: Change): void {
  const { message } = reply;
  const entries = Array.isArray(message) ? (message as Entry[]) : null;
  const middle = entries === null ? 0 : Math.floor(entries.length / 2);
  const changed = entries?.map((entry, at) => change(entry, at === middle)) ?? message;
  answer(res, 200, JSON.stringify({ ...reply, message: changed }));
}

function nested(open: string, inside: string, close: string): string {
  return open.repeat(depth) + inside + close.repeat(depth);
}
