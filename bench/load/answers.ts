// Checks an answer: one result for each record, in input order, all scheduled except those that are meant to fail.
// A wrong answer throws and so ends the run.

import type { SchedulePayload } from '../gateways/outcome.ts';
import { type Batch, recordAt } from '../payload.ts';

/** An answer is wrong. The message says which contestant gave it, and what is wrong. */
export class WrongAnswer extends Error {}

export function payloadOf(answer: Buffer): SchedulePayload {
  const value = JSON.parse(answer.toString()) as Partial<SchedulePayload> & {
    data?: { scheduleCampaignData?: SchedulePayload };
  };
  const payload = value.data?.scheduleCampaignData ?? value;
  if (payload.results === undefined || payload.summary === undefined)
    throw new WrongAnswer(`no payload: ${String(answer.subarray(0, 300))}`);
  return payload as SchedulePayload;
}

/** `failing` has the positions, in the batch, of the records that are meant to fail. */
export function expectScheduled(
  { results, summary, status }: SchedulePayload,
  { first, count }: Batch,
  failing: ReadonlySet<number> = new Set(),
): void {
  const expect = (what: string, actual: unknown, expected: unknown) => {
    if (actual !== expected) throw new WrongAnswer(`${what} is ${String(actual)}, not ${String(expected)}`);
  };
  expect('the number of results', results.length, count);
  expect('summary.total', summary.total, count);
  expect('summary.scheduled', summary.scheduled, count - failing.size);
  expect('status', status, failing.size === 0 ? 'SCHEDULED' : 'PARTIALLY_SCHEDULED');
  for (const [position, result] of results.entries()) {
    expect('an index', result.index, position);
    expect('a reference', result.reference, `lead-${first + position}`);
    expect(`result ${position} failed`, result.__typename !== 'ScheduledRecord', failing.has(position));
    if (result.__typename === 'ScheduledRecord')
      expect('a dialer time', result.dialerTime, recordAt(first + position).scheduledTime);
    else expect('an error that says something', result.message.length > 0 && result.code.length > 0, true);
  }
}
