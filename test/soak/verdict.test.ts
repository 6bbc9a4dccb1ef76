// The soak's judge: each kind of lie is found, and what others did at the same time is not taken for one.

import { expect, it } from 'vitest';
import type { LedgerRow, SeenRequest } from '../../src/sandbox/sandbox.ts';
import type { Payload, Result, Try } from './caller.ts';
import type { ChangePayload, ChangeStory } from './changes.ts';
import { judgeChanges } from './changes-verdict.ts';
import { planMutations } from './mutations.ts';
import { type Circumstances, judge } from './verdict.ts';

const [planned] = planMutations(1, 1, 0);
const [lead] = planned?.leads ?? [];
if (planned === undefined || lead === undefined) throw new Error('There is no mutation');
const mutation = { ...planned, leads: [lead] };

const summary = { total: 1, scheduled: 0, valid: 0, failed: 0, skipped: 0, unknown: 0 };
const scheduled = result('ScheduledRecord', { phoneNumber: `+91${lead.number}` });
const unknown = result('OutcomeUnknownError', { retryable: false });
const throttled = result('DialerThrottledError', { retryable: true });
const refused = result('DialerRejectionError', { retryable: false });

function result(__typename: Result['__typename'], fields: object): Result {
  return { __typename, index: 0, reference: lead?.record.reference, message: '', ...fields } as Result;
}

/** Asked at `startedAt`, and told so at `endedAt`; null: no answer. */
function told(startedAt: number, endedAt: number, said: Result | null, replica = 0): Try {
  const counts = said?.__typename === 'ScheduledRecord' ? { scheduled: 1 } : { failed: 1 };
  const payload = said && ({ results: [said], summary: { ...summary, ...counts } } as unknown as Payload);
  return { replica, startedAt, endedAt, payload };
}

/** Accepted then, in the request of that number. */
function row(createdAt: number, requestNumber: number, phoneNumber = lead?.number ?? ''): LedgerRow {
  return { id: '1', createdAt, requestNumber, phoneNumber } as unknown as LedgerRow;
}

const calm: Circumstances = { pauses: [[], []], outages: [[], []] };
const s = 1000;

it.each<[what: string, tries: Try[], rows: LedgerRow[], violations: string[], circumstances?: Circumstances]>(
  [
    ['scheduled, and there', [told(0, 2 * s, scheduled)], [row(s, 1)], []],
    ['scheduled, and not there', [told(0, 2 * s, scheduled)], [], ['lost']],
    ['scheduled before it was', [told(0, 2 * s, scheduled)], [row(3 * s, 1)], ['false']],
    ['twice', [told(0, 3 * s, scheduled)], [row(s, 1), row(2 * s, 2)], ['twice']],
    ['refused, and there', [told(0, 2 * s, refused)], [row(s, 1)], ['false']],
    ['to be sent again, and there', [told(0, 2 * s, throttled)], [row(s, 1)], ['false', 'false']],
    ['to be sent again, in the end', [told(0, 2 * s, throttled)], [], ['unsettled']],
    [
      'to be sent again, and sent again',
      [told(0, 2 * s, throttled), told(3 * s, 5 * s, scheduled)],
      [row(4 * s, 2)],
      [],
    ],
    [
      'to be sent again, and there already',
      [told(0, 2 * s, throttled), told(3 * s, 5 * s, scheduled)],
      [row(s, 1)],
      ['false'],
    ],
    [
      'to be sent again, while an earlier request was accepted later',
      [told(0, 2 * s, throttled), told(3 * s, 5 * s, scheduled)],
      [row(s, 2, '9800000000'), row(3 * s, 1)],
      ['false', 'false'],
    ],
    [
      'to be sent again, and overtaken by one that was asked meanwhile',
      [told(0, 10 * s, throttled), told(s, 9.5 * s, scheduled, 1), told(12 * s, 13 * s, scheduled)],
      [row(9 * s, 2)],
      [],
    ],
    [
      'to be sent again, long after one that was asked meanwhile had it accepted',
      [told(0, 10 * s, throttled), told(s, 4 * s, scheduled, 1), told(12 * s, 13 * s, scheduled)],
      [row(3 * s, 2)],
      ['false'],
    ],
    ['unknown, then clear', [told(0, s, unknown), told(2 * s, 3 * s, scheduled)], [row(0.5 * s, 1)], []],
    [
      'scheduled, then refused',
      [told(0, s, scheduled), told(2 * s, 3 * s, refused)],
      [row(0, 1)],
      ['changed', 'false'],
    ],
    [
      'scheduled, then unknown',
      [told(0, s, scheduled), told(2 * s, 3 * s, unknown)],
      [row(0, 1)],
      ['changed'],
    ],
    [
      'scheduled, then unknown without a database',
      [told(0, s, scheduled), told(2 * s, 3 * s, unknown), told(20 * s, 21 * s, scheduled)],
      [row(0, 1)],
      [],
      { ...calm, outages: [[{ from: 2 * s, to: 5 * s }], []] },
    ],
  ],
)('%s', (_, tries, rows, violations, circumstances = calm) => {
  const ledger = { rows, requests: [] as SeenRequest[], tokensGenerated: 0 };
  const { violations: found } = judge([{ mutation, tries }], ledger, circumstances);
  expect(found.map(({ kind }) => kind).sort()).toEqual(violations);
});

const change: ChangeStory['change'] = {
  key: 'a-key',
  what: 'reschedule',
  time: '2026-11-26T04:30:00.000Z',
  newTime: '2026-11-27T04:30:00.000Z',
  hangsUpAfterMs: [],
  doubledAfterMs: null,
};
const before = { scheduledTime: '2026-11-26 10:00:00' };
const after = { scheduledTime: '2026-11-27 10:00:00' };
const gone = { deleted: true };

function changed(...kinds: string[]): Try<ChangePayload>[] {
  return kinds.map((__typename, n) => ({
    replica: 0,
    startedAt: 2 * n * s,
    endedAt: (2 * n + 1) * s,
    payload: { results: [{ __typename, message: '' }] } as unknown as ChangePayload,
  }));
}

it.each<[what: ChangeStory['change']['what'], kinds: string[], rows: object[], violations: string[]]>([
  ['reschedule', ['RescheduledRecord'], [{ ...before, ...gone }, after], []],
  ['reschedule', ['RescheduledRecord'], [before, after], ['twice']],
  ['reschedule', ['RescheduledRecord'], [{ ...before, ...gone }], ['lost']],
  ['reschedule', ['RescheduledRecord'], [{ ...before, ...gone }, after, after], ['twice']],
  ['reschedule', ['BothScheduledError', 'RescheduledRecord'], [{ ...before, ...gone }, after], []],
  ['reschedule', ['BothScheduledError'], [before, after], ['unsettled']],
  ['reschedule', ['OutcomeUnknownError'], [before, after], []],
  ['reschedule', ['OutcomeUnknownError'], [{ ...before, ...gone }], ['lost']],
  ['reschedule', ['InvalidDateFormatError'], [before], []],
  ['reschedule', ['InvalidDateFormatError'], [before, after], ['false']],
  ['reschedule', ['CampaignRecordNotFoundError'], [{ ...before, ...gone }], ['lost']],
  [
    'reschedule',
    ['RescheduledRecord', 'InvalidDateFormatError', 'RescheduledRecord'],
    [{ ...before, ...gone }, after],
    ['changed'],
  ],
  ['cancel', ['OutcomeUnknownError', 'CancelledRecord'], [{ ...before, ...gone }], []],
  ['cancel', ['CancelledRecord'], [before], ['false']],
  ['cancel', ['CampaignRecordNotFoundError'], [{ ...before, ...gone }], ['lost']],
])('a change is judged by the ledger: %s, %j', (what, kinds, rows, violations) => {
  const story: ChangeStory = {
    change: { ...change, what },
    numbers: ['9810000001'],
    body: '',
    tries: changed(...kinds),
  };
  const ledger = rows.map((fields) => ({
    phoneNumber: '9810000001',
    createdAt: 0,
    ...fields,
  })) as LedgerRow[];
  expect(judgeChanges([story], ledger, calm).violations.map(({ kind }) => kind)).toEqual(violations);
});
