// Calling hours as callers meet them: through the mutation, over the sandbox.

import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type CallingHours, weekDays } from '../../src/config/calling-hours.ts';
import type { CampaignDefinition } from '../../src/config/campaigns.ts';
import { CampaignDocument, RescheduleRecordsDocument } from '../gql/graphql.ts';
import { kinds, lead, leads, ledgerNumbers, type Payload, sendTo, startStack } from '../harness.ts';

const hours = (fields: Partial<CallingHours> = {}): CallingHours => ({
  rule: 'Office hours',
  source: 'decision 12',
  asOf: '2026-05-03',
  zone: 'CAMPAIGN',
  policy: 'REJECT',
  windows: [{ days: [...weekDays], from: '09:00', to: '18:00' }],
  holidays: [],
  ...fields,
});

const start = (callingHours: CallingHours, campaign: CampaignDefinition = {}) =>
  startStack({ campaigns: { Sales_Demo: { ...campaign, callingHours } } });

const evening = { scheduledTime: '2026-11-26 20:00:00' };
const nextMorning = Date.parse('2026-11-27T09:00:00+05:30');

describe('a record outside of the calling hours', () => {
  it('is refused with the next time and the rule, and its neighbours are scheduled', async () => {
    const { scheduled, sandbox } = await start(hours());
    const { results } = await scheduled({ records: [lead(0), lead(1, evening), lead(2)] });
    expect(results[1]).toMatchObject({
      __typename: 'OutsideCallingHoursError',
      index: 1,
      reference: 'lead-1',
      code: 'OUTSIDE_CALLING_HOURS',
      retryable: false,
      field: 'scheduledTime',
      nextAllowedTime: '2026-11-27T03:30:00.000Z',
      rule: 'Office hours (decision 12, as of 2026-05-03)',
      message: expect.stringContaining('2026-11-27T03:30:00Z'),
      problems: [{ field: 'scheduledTime', reason: 'OUTSIDE_CALLING_HOURS' }],
    });
    expect(ledgerNumbers(sandbox)).toEqual(['9810000000', '9810000002']);
    // What it is told is good.
    const { nextAllowedTime } = results[1] as { nextAllowedTime: string };
    const again = await scheduled({ records: [lead(1, { scheduledTime: nextAllowedTime })] });
    expect(kinds(again)).toEqual(['ScheduledRecord']);
  });

  it('is told its time as it was written, and on the clocks that it was read on', async () => {
    const { scheduled } = await start(hours());
    const times = ['2026-11-26 20:00:00', '2026-11-26T20:00+05:30', '2026-11-26T15:30:00+01:00'];
    const { results } = await scheduled({
      records: times.map((scheduledTime, n) => lead(n, { scheduledTime })),
    });
    const hint =
      'is outside of the calling hours, "Office hours (decision 12, as of 2026-05-03)": the next time that is inside of them is 2026-11-27T03:30:00Z (2026-11-27 09:00:00 in Asia/Kolkata).';
    expect(results.map(({ message }) => message)).toEqual([
      `scheduledTime ${times[0]} ${hint}`,
      `scheduledTime ${times[1]} ${hint}`,
      `scheduledTime ${times[2]} (2026-11-26 20:00:00 in Asia/Kolkata) ${hint}`,
    ]);
  });

  it('can be known before: the campaign tells its hours', async () => {
    const { url } = await startStack({ campaigns: { Sales_Demo: { callingHours: hours() }, Other: {} } });
    const { campaign } = await sendTo(url, CampaignDocument, { name: 'Sales_Demo' });
    expect(campaign?.callingHours).toEqual({
      rule: 'Office hours (decision 12, as of 2026-05-03)',
      zone: 'CAMPAIGN',
      policy: 'REJECT',
      windows: [{ days: [...weekDays], from: '09:00', to: '18:00' }],
      holidays: [],
    });
    const other = await sendTo(url, CampaignDocument, { name: 'Other' });
    expect(other.campaign?.callingHours ?? null).toBeNull();
  });

  it('is told of it besides what else is wrong with it', async () => {
    const { scheduled } = await start(hours());
    const { results } = await scheduled({ records: [lead(0, { ...evening, priority: 0 })] });
    expect(results[0]).toMatchObject({
      __typename: 'InvalidFieldError',
      problems: [{ reason: 'OUT_OF_RANGE' }, { reason: 'OUTSIDE_CALLING_HOURS' }],
    });
  });

  it('in the past is told only that', async () => {
    const { scheduled } = await start(hours());
    const { results } = await scheduled({ records: [lead(0, { scheduledTime: '2026-11-24 20:00:00' })] });
    expect(results[0]).toMatchObject({ problems: [{ reason: 'IN_THE_PAST' }] });
  });

  it('is judged on the clock of the campaign’s zone', async () => {
    const { scheduled } = await start(hours(), { timeZone: 'America/New_York' });
    const { results } = await scheduled({
      records: ['2026-11-26T13:59:59Z', '2026-11-26T14:00:00Z'].map((scheduledTime, n) =>
        lead(n, { scheduledTime }),
      ),
    });
    expect(results).toMatchObject([
      { __typename: 'OutsideCallingHoursError' },
      { __typename: 'ScheduledRecord' },
    ]);
  });

  it('is judged on the clock of the recipient where the rule says so', async () => {
    const { scheduled } = await start(hours({ zone: 'RECIPIENT' }));
    const scheduledTime = '2026-11-26T10:00:00+05:30';
    const numbers = ['9876543210', '+12125550123', '+18005550123'];
    const { results } = await scheduled({
      records: numbers.map((phoneNumber, n) => lead(n, { phoneNumber, scheduledTime })),
    });
    expect(results).toMatchObject([
      { __typename: 'ScheduledRecord' },
      { __typename: 'OutsideCallingHoursError', nextAllowedTime: '2026-11-26T14:00:00.000Z' },
      { __typename: 'OutsideCallingHoursError', nextAllowedTime: null },
    ]);
  });

  it('is scheduled where the campaign’s own hours allow it and the account’s do not', async () => {
    const campaigns = { Sales_Demo: { callingHours: hours({ policy: 'ALLOW' }) }, Agent_Demo: {} };
    const { scheduled } = await startStack({ campaigns, callingHours: hours() });
    for (const [campaignName, kind] of [
      ['Sales_Demo', 'ScheduledRecord'],
      ['Agent_Demo', 'OutsideCallingHoursError'],
      ['Unknown_Campaign', 'OutsideCallingHoursError'],
    ] as const)
      expect(
        kinds(await scheduled({ campaignName, validateOnly: false, records: [lead(0, evening)] })),
      ).toEqual([kind]);
  });
});

describe('a record that is moved into the calling hours', () => {
  const times = ({ results }: Payload) =>
    results.map((result) =>
      result.__typename === 'ScheduledRecord' ? result.scheduledTime : result.message,
    );

  it('says from when, and is sent with its new time', async () => {
    const { scheduled, sandbox } = await start(hours({ policy: 'SHIFT' }));
    const { results } = await scheduled({ records: [lead(0), lead(1, evening)] });
    expect(results[0]).toMatchObject({ shiftedFrom: null, dialerTime: '2026-11-26 10:00:00' });
    const [, moved] = results;
    if (moved?.__typename !== 'ScheduledRecord') throw new Error('it is scheduled');
    expect(moved.shiftedFrom).toBe('2026-11-26T14:30:00.000Z');
    const later = Date.parse(moved.scheduledTime) - nextMorning;
    expect(later).toBeGreaterThanOrEqual(0);
    expect(later).toBeLessThan(15 * 60_000);
    expect(moved.dialerTime).toMatch(/^2026-11-27 09:(?:0\d|1[0-4]):\d\d$/);
    expect(sandbox.ledger.at(-1)?.scheduledTime).toBe(moved.dialerTime);
  });

  it('says so where it is only validated, with the time that it would have', async () => {
    const { scheduled } = await start(hours({ policy: 'SHIFT' }));
    const records = [lead(1, evening)];
    const [valid] = (await scheduled({ validateOnly: true, records })).results;
    const [sent] = (await scheduled({ records })).results;
    expect(valid).toMatchObject({ __typename: 'ValidRecord', shiftedFrom: '2026-11-26T14:30:00.000Z' });
    expect((valid as { scheduledTime: string }).scheduledTime).toBe(
      (sent as { scheduledTime: string }).scheduledTime,
    );
  });

  it('says so where it is rescheduled, or could be', async () => {
    const { scheduled, send, sandbox } = await start(hours({ policy: 'SHIFT' }));
    await scheduled({ records: leads(2) });
    const records = [
      { id: '1', ...evening },
      { id: '2', scheduledTime: '2026-11-27 10:00:00' },
    ];
    for (const more of [{ validateOnly: true }, { idempotencyKey: 'one' }, { idempotencyKey: 'one' }]) {
      const answer = await send(RescheduleRecordsDocument, { input: { records, ...more } });
      const { results } = answer.rescheduleCampaignRecords as { results: { message: string }[] };
      expect(results).toMatchObject([
        {
          __typename: more.validateOnly ? 'ReschedulableRecord' : 'RescheduledRecord',
          shiftedFrom: '2026-11-26T14:30:00.000Z',
          message: expect.stringContaining('moved there from 2026-11-26 20:00:00'),
        },
        { shiftedFrom: null, dialerTime: '2026-11-27 10:00:00' },
      ]);
      expect(results[1]?.message).not.toContain('moved');
    }
    expect(sandbox.ledger.map(({ scheduledTime }) => scheduledTime.slice(0, 13))).toEqual(
      ['26', '26', '27', '27'].map((day, n) => `2026-11-${day} ${n === 2 ? '09' : '10'}`),
    );
  });

  it('is not moved to the same second as all others', async () => {
    const { scheduled } = await start(hours({ policy: 'SHIFT' }));
    const payload = await scheduled({ records: leads(200).map((record) => ({ ...record, ...evening })) });
    expect(new Set(times(payload)).size).toBeGreaterThan(120);
  });

  it('is refused where the next hours are after its expiry, or beyond the horizon', async () => {
    const { scheduled, sandbox } = await start(
      hours({ policy: 'SHIFT', windows: [{ days: ['THU'], from: '09:00', to: '18:00' }] }),
    );
    const { results } = await scheduled({
      records: [
        lead(0, { ...evening, expiryDate: '2026-11-30' }),
        // The horizon ends on 25 December at 10:00.
        lead(1, { scheduledTime: '2026-12-24 19:00:00' }),
        lead(2, { ...evening, expiryDate: '2026-12-03 09:00:00' }),
      ],
    });
    expect(results).toMatchObject([
      {
        __typename: 'OutsideCallingHoursError',
        nextAllowedTime: '2026-12-03T03:30:00.000Z',
        message: expect.stringContaining('expiryDate'),
      },
      {
        __typename: 'OutsideCallingHoursError',
        nextAllowedTime: '2026-12-31T03:30:00.000Z',
        message: expect.stringContaining('further ahead'),
      },
      { __typename: 'ScheduledRecord', dialerTime: '2026-12-03 09:00:00' },
    ]);
    expect(sandbox.ledger).toHaveLength(1);
  });

  it('has the same time when its key is sent again, though the clock went on and nothing had been accepted', async () => {
    const { schedule, scheduled, sandbox, clock } = await start(hours({ policy: 'SHIFT' }));
    const input = {
      idempotencyKey: randomUUID(),
      records: leads(20).map((record) => ({ ...record, ...evening })),
    };
    sandbox.script({ fault: 'status-404' });
    const first = await scheduled(input);
    expect(new Set(kinds(first))).toEqual(new Set(['DialerUnavailableError']));
    clock.now += 3 * 3_600_000;
    const second = await scheduled(input);
    expect(new Set(kinds(second))).toEqual(new Set(['ScheduledRecord']));
    expect(await schedule(input)).toEqual(second);
    const fresh = await scheduled({ ...input, idempotencyKey: randomUUID() });
    expect(times(fresh)).toEqual(times(second));
    expect(sandbox.ledger).toHaveLength(40);
  });
});
