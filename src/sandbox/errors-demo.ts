// The campaign Errors_Demo: a record's Name decides how the dialer answers it. So every error that the dialer can cause can be
// tried out, and the list's other records are scheduled.
// Some refusals stand in the row's own entry. The others answer a whole request, as upstream. Where such a row comes together
// with others, the request is refused for a wrong date, and a client that wants the others scheduled narrows it down.
// No demonstration waits, counts as a failure of the dialer (a 5xx, a lost connection) or asks for a pause: all of these would
// harm other requests.
// What the dialer makes of a row only at its time, when it is handed over to the campaign, has names of its own.

import { type BulkData, handOverTexts, headers, texts } from '../upstream/contract.ts';
import type { ScriptedFault } from './faults.ts';
import type { LedgerRow } from './ledger.ts';
import { type OwnEntry, sandboxTexts } from './schedule.ts';

export const errorsDemo = 'Errors_Demo';

interface Shown {
  /** What the dialer does, for a person who reads it. */
  readonly does: string;
  /** The type of the record's result in Dialgraph. */
  readonly result: string;
}

export type Demonstration = Shown &
  (
    | { readonly entry: OwnEntry }
    | {
        /** The fault that a request with this row alone is answered with. */
        readonly fault: ScriptedFault;
        /** The row is listed without the date of its acceptance, so that nobody can tell which request brought it. */
        readonly undated?: true;
      }
  );

/** By the record's Name, letter for letter. */
export const demonstrations: Readonly<Record<string, Demonstration>> = {
  REJECTED: {
    does: 'refuses the row, in words that are not known',
    result: 'DialerRejectionError',
    entry: { response: 'error', msg: handOverTexts.doNotDisturb },
  },
  DUPLICATE: {
    does: 'has the number already, whether or not it was asked to check',
    result: 'DuplicateRecordError',
    entry: { response: 'success', msg: texts.numberExists },
  },
  NO_NUMBER: {
    does: 'finds no number in the row',
    result: 'MissingPhoneNumberError',
    entry: { response: 'error', msg: sandboxTexts.missingPhoneNumber },
  },
  WRONG_ACCOUNT: {
    does: 'does not know the account or the campaign (the real dialer says so of all rows)',
    result: 'InvalidApiKeyOrCampaignError',
    entry: { response: 'error', msg: texts.accountOrCampaign },
  },
  WRONG_DATE: {
    does: 'finds a wrong date, and refuses the whole request',
    result: 'InvalidDateFormatError',
    fault: { fault: 'wrong-date' },
  },
  NO_TIME: {
    does: 'finds no scheduled time, and refuses the whole request',
    result: 'MissingScheduledTimeError',
    fault: refusing(texts.missingScheduledTime),
  },
  NO_DATA: {
    does: 'finds no data in the request',
    result: 'MissingBulkDataError',
    fault: refusing(sandboxTexts.missingBulkData),
  },
  THROTTLED: {
    does: 'says "Max limit exceeded", however often it is asked',
    result: 'DialerThrottledError',
    fault: { fault: 'max-limit' },
  },
  UNAVAILABLE: {
    does: 'answers HTTP 408, however often it is asked',
    result: 'DialerUnavailableError',
    fault: { fault: 'status-408' },
  },
  UNKNOWN: {
    does: 'takes the row, answers nothing, and lists it without a date',
    result: 'OutcomeUnknownError',
    fault: { fault: 'empty-body-after' },
    undated: true,
  },
};

/** What the "add campaign data" API answers to a row. */
export interface AddAnswer {
  readonly status: 'SUCCESS' | 'FAIL';
  readonly message: string;
}

interface HandOverDemonstration {
  /** What the dialer does, for a person who reads it. */
  readonly does: string;
  /** Null: it takes the row, and the list has no answer for it. */
  readonly answer: AddAnswer | null;
}

/** By the record's Name, letter for letter: what becomes of the row when its time comes. */
export const handOverDemonstrations: ReadonlyMap<string, HandOverDemonstration> = new Map(
  Object.entries({
    HANDOVER_DND: {
      does: 'has the number on its do-not-disturb list',
      answer: { status: 'FAIL', message: handOverTexts.doNotDisturb },
    },
    HANDOVER_DUPLICATE: {
      does: 'has the number in the campaign already',
      answer: { status: 'SUCCESS', message: texts.numberExists },
    },
    HANDOVER_EMPTY: {
      does: 'finds no number in the row',
      answer: { status: 'FAIL', message: handOverTexts.emptyNumber },
    },
    HANDOVER_NO_USER: {
      does: 'no longer knows the account',
      answer: { status: 'FAIL', message: handOverTexts.noUser },
    },
    HANDOVER_OTHER: {
      does: 'refuses the row, in words that are not known',
      answer: { status: 'FAIL', message: 'Campaign data limit reached' },
    },
    HANDOVER_SPELLING: {
      does: 'takes the row, in the other spelling of its words',
      answer: { status: 'SUCCESS', message: handOverTexts.startedAsListed },
    },
    HANDOVER_SILENT: { does: 'takes the row, and lists it without an answer', answer: null },
  } satisfies Record<string, HandOverDemonstration>),
);

/** What becomes of a row on demand when it is handed over; undefined: its number decides. */
export function demonstratedHandOver({ campaignName, fields }: LedgerRow): HandOverDemonstration | undefined {
  const name = fields[headers.name];
  return campaignName === errorsDemo && name !== undefined ? handOverDemonstrations.get(name) : undefined;
}

function refusing(message: unknown): ScriptedFault {
  return { fault: 'custom-before', body: JSON.stringify({ status: 'error', message }) };
}

function demonstrationOf(campaignName: string, name: string | undefined): Demonstration | undefined {
  return campaignName === errorsDemo && name !== undefined && Object.hasOwn(demonstrations, name)
    ? demonstrations[name]
    : undefined;
}

/** The entry of a row that is refused on demand, and is not accepted. */
export function demonstratedEntry(
  campaignName: string,
  fields: Readonly<Record<string, string>>,
): OwnEntry | undefined {
  const shown = demonstrationOf(campaignName, fields[headers.name]);
  return shown !== undefined && 'entry' in shown ? shown.entry : undefined;
}

/** The fault that a request is answered with because of one of its rows. */
export function demonstratedFault(campaignName: string, { map, data }: BulkData): ScriptedFault | undefined {
  const column = map.indexOf(headers.name);
  for (const row of data) {
    const shown = demonstrationOf(campaignName, row[column]);
    if (shown !== undefined && 'fault' in shown)
      return data.length === 1 ? shown.fault : { fault: 'wrong-date' };
  }
  return undefined;
}

export function isUndated({ campaignName, fields }: LedgerRow): boolean {
  const shown = demonstrationOf(campaignName, fields[headers.name]);
  return shown !== undefined && 'fault' in shown && shown.undated === true;
}
