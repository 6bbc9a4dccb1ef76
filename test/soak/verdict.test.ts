// The soak's judge: each kind of lie is found, and what others did at the same time is not taken for one.

import { expect, it } from 'vitest';
import type { LedgerRow, SeenRequest } from '../../src/sandbox/sandbox.ts';
import type { Payload, Result, Try } from './caller.ts';
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
