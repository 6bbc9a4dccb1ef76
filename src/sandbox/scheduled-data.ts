// Lists scheduled rows, those that were handed over included, and deletes rows that wait for their time.
// A listed row has the query string of its replay, API key included, as upstream: a client must not show it to anybody.
// Row ids without a waiting row are ignored; the call is refused only if none of its ids has one. The documents do not say what
// becomes of a deletion after the hand-over. The lead is then the campaign's, so the sandbox answers as to an unknown row.
// A long list is written in pieces, and shows every row as it was when the list was asked for.

import { headers, texts } from '../upstream/contract.ts';
import type { Account } from './account.ts';
import type { Call } from './calls.ts';
import { wallClock } from './clock.ts';
import { answered, type Decision, refused } from './decision.ts';
import { isUndated } from './errors-demo.ts';
import type { HandOver, Ledger, LedgerRow } from './ledger.ts';
import { jsonBody, textOf } from './v2.ts';

/** One piece of so many rows takes a millisecond or two, and has some 70 KB. */
const rowsPerPiece = 200;

/** A row, and what was known of its hand-over when it was listed. */
type Listed = readonly [row: LedgerRow, handedOver: HandOver | undefined];

export function decideScheduledData(
  call: Call,
  account: Account,
  ledger: Ledger,
  timeZone: string,
): Decision {
  if (!account.admits(call.message.headers, jsonBody(call.body)?.userName))
    return answered({ status: 'success', message: 'null' });
  const rows = ledger.rows
    .filter(({ deleted }) => deleted !== true)
    .map((row): Listed => [row, row.handedOver]);
  const listedAs = rowWriter(account.credentials.apiKey, timeZone);
  const whole = () => ({ status: 'success', message: rows.map(listedAs) });
  if (rows.length <= rowsPerPiece) return answered(whole());
  let reply: ReturnType<typeof whole> | undefined;
  return {
    // Built only for a fault that needs it.
    get reply() {
      reply ??= whole();
      return reply;
    },
    pieces: () => piecesOf(rows, listedAs),
    rows: 0,
    commit() {},
  };
}

function* piecesOf(rows: readonly Listed[], listedAs: (listed: Listed) => object): Generator<string> {
  for (let start = 0; start < rows.length; start += rowsPerPiece) {
    const piece = rows.slice(start, start + rowsPerPiece).map((row) => JSON.stringify(listedAs(row)));
    yield (start === 0 ? '{"status":"success","message":[' : ',') + piece.join(',');
  }
  yield ']}';
}

/** Writes rows as the list has them. */
function rowWriter(apiKey: string, timeZone: string): (listed: Listed) => object {
  const created = clockWriter(timeZone);
  const requested = clockWriter(timeZone);
  return ([row, handedOver]) => ({
    Id: row.id,
    api_key: apiKey,
    CreatedDate: isUndated(row) ? '' : created(row.createdAt),
    ScheduleTime: row.scheduledTime,
    ScheduleParams: replayQuery(row, apiKey),
    RequestTime: handedOver === undefined ? '' : requested(handedOver.at),
    IsRequestSent: handedOver === undefined ? '0' : '1',
    Response: handedOver?.response ?? '',
  });
}

/** The wall clock at an instant. Rows of one minute lie together, and share its text: zones are whole minutes apart. */
function clockWriter(timeZone: string): (epochMs: number) => string {
  let lastMinute = Number.NaN;
  let text = '';
  return (epochMs) => {
    const seconds = Math.floor(epochMs / 1000);
    const minute = Math.floor(seconds / 60);
    if (minute !== lastMinute) text = wallClock(epochMs, timeZone).slice(0, -2);
    lastMinute = minute;
    return text + String(seconds - minute * 60).padStart(2, '0');
  };
}

export function decideDelete(call: Call, account: Account, ledger: Ledger): Decision {
  const { userName, rowId } = jsonBody(call.body) ?? {};
  const text = textOf(rowId);
  if (text === '') return refused(texts.missingRowId);
  // A wrong key has no rows, and is not told apart from a wrong id.
  const rows = account.admits(call.message.headers, userName) ? rowsOf(text, ledger) : [];
  if (rows.length === 0) return refused(texts.noData);
  return {
    reply: { status: 'success', message: 'Data deleted successfully' },
    rows: rows.length,
    commit(limit = rows.length) {
      for (const row of rows.slice(0, limit)) ledger.delete(row);
    },
  };
}

/** The order and the first parameters are those of the documents' own example. */
function replayQuery({ campaignName, phoneNumber, fields }: LedgerRow, apiKey: string): string {
  let query = `api_key=${encoded(apiKey)}&campaign_name=${encoded(campaignName)}&action=START&format=json`;
  for (const [header, value] of Object.entries(fields))
    query += `&${encoded(header)}=${encoded(header === headers.phoneNumber ? phoneNumber : value)}`;
  return query;
}

/** Form encoding. Most values need none, and a list has a million of them. */
function encoded(text: string): string {
  return /^[\w.*-]*$/.test(text) ? text : new URLSearchParams([['', text]]).toString().slice(1);
}

/** The waiting rows of `1`, `2,3,5`, `3-10` or a mixture of these; none if any part has another form. */
function rowsOf(text: string, ledger: Ledger): LedgerRow[] {
  const rows = new Set<LedgerRow>();
  for (const part of text.split(',')) {
    const match = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(part);
    if (match === null) return [];
    const from = Number(match[1]);
    for (const row of ledger.waiting(from, Number(match[2] ?? from))) rows.add(row);
  }
  return [...rows];
}
