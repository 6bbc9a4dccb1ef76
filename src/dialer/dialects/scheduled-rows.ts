// Reads the upstream's list of rows that wait for their time: as much of it as identifies a row.
// Each listed row carries the query string that will be replayed, API key included: nothing of it leaves this file but
// the campaign, the number, and the two times.

import { giveWay } from '../../foundation/event-loop.ts';
import { headers } from '../../upstream/contract.ts';
import { phoneDigits } from '../dialed-number.ts';
import type { HttpReply } from '../transport/http-client.ts';
import { parseLongAnswer } from './answer-json.ts';

export interface ScheduledRow {
  campaignName: string;
  /** Digits without leading zeros. */
  phone: string;
  /** As it was sent, `YYYY-MM-DD HH:mm:ss` on the dialer's clock. */
  scheduledTime: string;
  /** When the upstream took it, `YYYY-MM-DD HH:mm:ss` on the account's clock, or null where it does not say. */
  createdTime: string | null;
}

export interface ScheduledList {
  rows: ScheduledRow[];
  /** The upstream's own clock when it answered, in epoch milliseconds cut to the second; null where it did not say. */
  dialerNow: number | null;
  /** False where a warning stood before the list, perhaps of rows that it lacks: it then proves no row absent. */
  isWhole: boolean;
}

/** Reading so many takes a millisecond or less. */
const rowsPerTurn = 200;

/** The list, or null if it is not complete and readable: then it says nothing of any row. Long lists are read in slices. */
export async function readScheduledList(reply: HttpReply): Promise<ScheduledList | null> {
  if (reply.kind !== 'response' || reply.status !== 200 || !reply.complete) return null;
  const { json, noise } = await parseLongAnswer(reply.body);
  const { status, message } = (json ?? {}) as { status?: unknown; message?: unknown };
  // A wrong key answers success as well, with the text "null".
  if (typeof status !== 'string' || status.toLowerCase() !== 'success') return null;
  if (typeof message !== 'object' || message === null) return null;
  const rows: ScheduledRow[] = [];
  for (const listed of Array.isArray(message) ? message : [message]) {
    const row = readRow(listed);
    if (row === null) return null;
    rows.push(row);
    if (rows.length % rowsPerTurn === 0) await giveWay();
  }
  const date = Date.parse(reply.headers.date ?? '');
  return { rows, dialerNow: Number.isNaN(date) ? null : date, isWhole: noise === '' };
}

function readRow(listed: unknown): ScheduledRow | null {
  const { ScheduleTime, ScheduleParams, CreatedDate } = (listed ?? {}) as Record<string, unknown>;
  if (typeof ScheduleTime !== 'string' || typeof ScheduleParams !== 'string') return null;
  const parameters = new URLSearchParams(ScheduleParams);
  const campaignName = parameters.get('campaign_name');
  const phone = phoneDigits(parameters.get(headers.phoneNumber) ?? '');
  if (campaignName === null || phone === null) return null;
  const createdTime = typeof CreatedDate === 'string' && CreatedDate !== '' ? CreatedDate : null;
  return { campaignName, phone, scheduledTime: ScheduleTime, createdTime };
}
