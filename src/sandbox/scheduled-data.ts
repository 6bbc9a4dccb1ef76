// Lists and deletes rows that wait for their time.
// A listed row has the query string of its replay, API key included, as upstream: a client must not show it to anybody. The
// sandbox replays nothing, so `IsRequestSent` stays "0".
// Row ids without a live row are ignored; the call is refused only if none of its ids has one.

import { headers, texts } from '../upstream/contract.ts';
import type { Account } from './account.ts';
import type { Call } from './calls.ts';
import { wallClock } from './clock.ts';
import { answered, type Decision, refused } from './decision.ts';
import { isUndated } from './errors-demo.ts';
import type { Ledger, LedgerRow } from './ledger.ts';
import { invalidUser, jsonBody } from './v2.ts';

export function decideScheduledData(
  call: Call,
  account: Account,
  ledger: Ledger,
  timeZone: string,
): Decision {
  if (!account.admits(call.message.headers, jsonBody(call.body)?.userName))
    return answered({ status: 'success', message: 'null' });
  const rows = ledger.live(1, ledger.rows.length);
  return answered({
    status: 'success',
    message: rows.map((row) => listedAs(row, account.credentials.apiKey, timeZone)),
  });
}

/** Rows in their listed form, which never changes. */
const listedRows = new WeakMap<LedgerRow, object>();

function listedAs(row: LedgerRow, apiKey: string, timeZone: string): object {
  let listed = listedRows.get(row);
  if (listed === undefined) {
    listed = {
      Id: row.id,
      api_key: apiKey,
      CreatedDate: isUndated(row) ? '' : wallClock(row.createdAt, timeZone),
      ScheduleTime: row.scheduledTime,
      ScheduleParams: replayQuery(row, apiKey),
      RequestTime: '',
      IsRequestSent: '0',
      Response: '',
    };
    listedRows.set(row, listed);
  }
  return listed;
}

export function decideDelete(call: Call, account: Account, ledger: Ledger): Decision {
  const { userName, rowId } = jsonBody(call.body) ?? {};
  if (!account.admits(call.message.headers, userName)) return invalidUser;
  const text = typeof rowId === 'string' || typeof rowId === 'number' ? String(rowId).trim() : '';
  if (text === '') return refused(texts.missingRowId);
  const rows = rowsOf(text, ledger);
  if (rows.length === 0) return refused(texts.noData);
  return {
    reply: { status: 'success', message: 'Data deleted successfully' },
    rows: rows.length,
    commit(limit = rows.length) {
      for (const row of rows.slice(0, limit)) ledger.delete(row);
    },
  };
}

function replayQuery({ campaignName, phoneNumber, fields }: LedgerRow, apiKey: string): string {
  const query = new URLSearchParams({
    api_key: apiKey,
    campaign_name: campaignName,
    PhoneNumber: phoneNumber,
    action: 'start',
  });
  for (const [header, value] of Object.entries(fields))
    if (header !== headers.phoneNumber && header !== headers.scheduledTime) query.append(header, value);
  return query.toString();
}

/** The live rows of `1`, `2,3,5`, `3-10` or a mixture of these; none if any part has another form. */
function rowsOf(text: string, ledger: Ledger): LedgerRow[] {
  const rows = new Set<LedgerRow>();
  for (const part of text.split(',')) {
    const match = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(part);
    if (match === null) return [];
    const from = Number(match[1]);
    for (const row of ledger.live(from, Number(match[2] ?? from))) rows.add(row);
  }
  return [...rows];
}
