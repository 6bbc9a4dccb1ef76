// Results by their kind: match, isRecordError and problemsByField of @dialgraph/client, and what its types refuse.

import { describe, expect, it } from 'vitest';
import {
  ask,
  fetchTransport,
  isRecordError,
  LimitsDocument,
  match,
  problemsByField,
  type RecordResult,
  schedule,
} from '../../client/src/index.ts';
import { lead, startStack } from '../harness.ts';

async function resultsOf(records: object[]): Promise<RecordResult[]> {
  const { url } = await startStack();
  const input = { campaignName: 'Sales_Demo', records };
  return (await schedule(fetchTransport({ url }), input)).results;
}

const say = (result: RecordResult) =>
  match(result, {
    ScheduledRecord: ({ dialerTime }) => `at ${dialerTime}`,
    ValidRecord: () => 'valid',
    InvalidDateFormatError: ({ expected }) => `write ${expected}`,
    RecordError: ({ code }) => code,
    otherwise: ({ message = 'something new' }) => message,
  });

describe('match', () => {
  it('calls the function of the kind, and that of errors for the rest of them', async () => {
    const results = await resultsOf([
      lead(0),
      { phoneNumber: '12', scheduledTime: '' },
      lead(2, { scheduledTime: '01/12/2026' }),
    ]);
    expect(results.map(say)).toEqual([
      'at 2026-11-26 10:00:00',
      'INVALID_PHONE_NUMBER',
      expect.stringMatching(/^write /),
    ]);
  });

  it('gives kinds of a newer server to otherwise, errors too', () => {
    const error = {
      __typename: 'TooEarlyError',
      index: 0,
      code: 'TOO_EARLY',
      message: 'Too early.',
      retryable: false,
    };
    expect(isRecordError(error)).toBe(true);
    expect(say(error as never)).toBe('Too early.');
    expect(say({ __typename: 'DelayedRecord' } as never)).toBe('something new');
    expect(say({ __typename: 'toString' } as never)).toBe('something new');
  });

  it('does not compile without otherwise, or with a kind left out', () => {
    const result = { __typename: 'ValidRecord' } as RecordResult;
    const handlers = { ScheduledRecord: () => 1, ValidRecord: () => 2, RecordError: () => 3 };
    // @ts-expect-error no otherwise
    expect(match(result, handlers)).toBe(2);
    // @ts-expect-error no ScheduledRecord
    expect(match(result, { ValidRecord: () => 2, RecordError: () => 3, otherwise: () => 4 })).toBe(2);
    // @ts-expect-error no RecordError
    expect(match(result, { ScheduledRecord: () => 1, ValidRecord: () => 2, otherwise: () => 4 })).toBe(2);
  });
});

describe('problemsByField', () => {
  it('has what is wrong beside each field', async () => {
    const [result, good] = await resultsOf([
      { phoneNumber: '12', scheduledTime: 'soon', priority: 500 },
      lead(1),
    ]);
    const problems = problemsByField(result as RecordResult);
    expect([...problems.keys()].sort()).toEqual(['phoneNumber', 'priority', 'scheduledTime']);
    expect(problems.get('priority')?.[0]?.message).toContain('from 1 to 99');
    expect(problemsByField(good as RecordResult).size).toBe(0);
  });
});

describe('ask', () => {
  it('says that a server is too old for an operation', async () => {
    const { url } = await startStack();
    const newer = {
      ...LimitsDocument,
      loc: { source: { body: '{ limits { horizonWeeks } }' } },
    } as typeof LimitsDocument;
    await expect(ask(fetchTransport({ url }), newer, {})).rejects.toMatchObject({
      name: 'ServerTooOldError',
    });
  });
});
