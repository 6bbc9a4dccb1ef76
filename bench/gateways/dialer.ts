// What the gateways without GraphQL and the GraphQL peers share: check each record, cut the list into chunks, post these over a
// bounded pool of connections, and find each record's answer. It is written as a careful team would write it, and has nothing
// that a GraphQL server could not have. No request is refused as a whole; if a chunk fails, its records do.

import { Pool } from 'undici';
import { apiKey, chunkSize, connections, userName } from '../settings.ts';
import type { RecordInput, RecordOutcome, ScheduleInput, SchedulePayload } from './outcome.ts';

/** The upstream's row, or what is wrong with the record. */
export type Checked =
  | { phoneNumber: string; dialerTime: string }
  | { kind: 'InvalidPhoneNumberError' | 'InvalidDateFormatError'; code: string; message: string };
export type Check = (record: RecordInput) => Checked;

/** A row's values, in the order of `map`. */
export type Cells = readonly [phoneNumber: string, name: string, dialerTime: string];

interface Row {
  index: number;
  cells: Cells;
}

export interface Entry {
  Response: string;
  PhoneNumber: string;
  ScheduleTime: string;
  msg: string;
  index: string;
}

const path = '/ca_apis/CampaignScheduledData';
const headers = { 'content-type': 'application/json', apiKey };
export const map = ['PhoneNumber', 'Name', 'ScheduledTime'];

/** Posts rows to the upstream, and resolves to its entries, in any order. */
export type Send = (campaignName: string, data: readonly Cells[]) => Promise<readonly Entry[]>;

export function createScheduling(check: Check, send: Send) {
  return async function schedule({ campaignName, records }: ScheduleInput): Promise<SchedulePayload> {
    const results: RecordOutcome[] = new Array(records.length);
    const rows: Row[] = [];
    for (const [index, record] of records.entries()) {
      const checked = check(record);
      if ('kind' in checked) {
        const { kind, code, message } = checked;
        results[index] = {
          __typename: kind,
          index,
          reference: record.reference,
          code,
          message,
          retryable: false,
        };
      } else rows.push({ index, cells: [checked.phoneNumber, record.name ?? '', checked.dialerTime] });
    }

    const post = async (chunk: readonly Row[]): Promise<void> => {
      const entries: Entry[] = [];
      for (const entry of await send(
        campaignName,
        chunk.map(({ cells }) => cells),
      ))
        entries[Number(entry.index)] = entry;
      for (const [position, { index, cells }] of chunk.entries()) {
        const { reference } = records[index] ?? {};
        const entry = entries[position];
        results[index] =
          entry?.Response === 'success' && entry.PhoneNumber === cells[0]
            ? {
                __typename: 'ScheduledRecord',
                index,
                reference,
                dialerTime: entry.ScheduleTime,
                message: entry.msg,
              }
            : {
                __typename: 'DialerRejectionError',
                index,
                reference,
                code: 'DIALER_REJECTION',
                message: entry?.msg ?? 'The dialer did not answer for this record.',
                retryable: false,
              };
      }
    };
    const posts: Promise<void>[] = [];
    for (let from = 0; from < rows.length; from += chunkSize)
      posts.push(post(rows.slice(from, from + chunkSize)));
    await Promise.all(posts);

    return summarise(results);
  };
}

/** Sends with undici over a bounded pool, in which a chunk waits until a connection is free. */
export function createSend(url: string): Send {
  const pool = new Pool(url, { connections, pipelining: 1 });
  return async (campaignName, data) => {
    const request = { userName, campaignName, checkDuplicate: false, bulkData: { map, data } };
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path,
      headers,
      body: JSON.stringify(request),
    });
    const { message } = (await body.json()) as { message: Entry[] | string };
    return statusCode === 200 && Array.isArray(message) ? message : [];
  };
}

function summarise(results: RecordOutcome[]): SchedulePayload {
  const total = results.length;
  const scheduled = results.filter(({ __typename }) => __typename === 'ScheduledRecord').length;
  const status =
    scheduled === total ? 'SCHEDULED' : scheduled === 0 ? 'NOT_SCHEDULED' : 'PARTIALLY_SCHEDULED';
  return { status, summary: { total, scheduled, failed: total - scheduled }, results };
}
