// A front end's own code: typed by codegen, exhaustive by the compiler. A union member that is added and not handled
// here is an error of tsc, which is what this file is for.

import { describe, expect, it } from 'vitest';
import { type RecordProblemReason, ScheduleDocument } from '../gql/graphql.ts';
import { answered, lead, type RecordResult, type Result, startStack } from '../harness.ts';

/** A front end's own language; a reason that is added and has no words here is an error of tsc. */
const inGerman: Record<RecordProblemReason, string> = {
  MISSING: 'fehlt',
  TOO_SHORT: 'ist zu kurz',
  TOO_LONG: 'ist zu lang',
  TWO_NUMBERS: 'enthält zwei Nummern',
  EXTENSION: 'hat eine Durchwahl',
  LETTERS: 'enthält Buchstaben',
  SCIENTIFIC_NOTATION: 'ist gekürzt',
  DECIMAL_FRACTION: 'ist eine Kommazahl',
  REFUSED_CHARACTER: 'enthält ein unzulässiges Zeichen',
  UNKNOWN_COUNTRY_CODE: 'hat keine bekannte Ländervorwahl',
  TRUNK_PREFIX: 'hat eine 0 vor der Ländervorwahl',
  OBSOLETE_PREFIX: 'hat eine veraltete Vorwahl',
  AMBIGUOUS_NUMBER: 'ist mit und ohne Landesvorwahl lesbar',
  NO_SUCH_NUMBER: 'gibt es nicht',
  UNREADABLE_TIME: 'ist nicht lesbar',
  AMBIGUOUS_DATE: 'ist mehrdeutig',
  MISSING_TIME_OF_DAY: 'hat keine Uhrzeit',
  NONEXISTENT_TIME: 'gibt es nicht',
  REPEATED_TIME: 'kommt zweimal vor',
  UNKNOWN_OFFSET: 'hat einen unbekannten Versatz',
  IN_THE_PAST: 'ist vorbei',
  TOO_FAR_AHEAD: 'ist zu weit voraus',
  AFTER_EXPIRY: 'liegt nach dem Ablauf',
  EXPIRED: 'ist abgelaufen',
  OUTSIDE_CALLING_HOURS: 'liegt außerhalb der Anrufzeiten',
  SUPPRESSED: 'ist gesperrt',
  OUT_OF_RANGE: 'ist außerhalb des Bereichs',
  ROW_TOO_LONG: 'ist zu lang',
  INVALID_HEADER: 'ist keine Spalte',
  RESERVED_HEADER: 'ist vergeben',
  DUPLICATE_HEADER: 'kommt zweimal vor',
  UNKNOWN_HEADER: 'ist unbekannt',
  DUPLICATE_RECORD: 'ist doppelt',
  REFUSED_BY_DIALER: 'wurde abgelehnt',
};

function allThatIsWrong(result: RecordResult): string[] {
  if (!('problems' in result)) return [];
  return result.problems.map(({ field, reason }) => `${field ?? 'Der Datensatz'} ${inGerman[reason]}`);
}

/** What a user of a lead list would be shown. */
function explain(result: RecordResult): string {
  switch (result.__typename) {
    case 'ScheduledRecord':
      return `will be called at ${new Date(result.scheduledTime).getTime()}`;
    case 'ValidRecord':
      return 'is fine';
    case 'InvalidDateFormatError':
      return `write ${result.expected} for ${result.value ?? 'nothing'} in ${result.field ?? 'the record'}`;
    case 'ScheduledTimeOutOfRangeError':
      return `choose a time from ${result.earliest} to ${result.latest}`;
    case 'OutsideCallingHoursError':
      return `choose ${result.nextAllowedTime ?? 'no time'} for ${result.rule}`;
    case 'InvalidFieldError':
      return `correct ${result.field ?? 'the record'}`;
    case 'UnknownHeaderError':
      return `use one of ${result.knownHeaders.join(', ')} instead of ${result.header}`;
    case 'DuplicateRecordError':
      return result.firstIndex === null ? 'is known already' : `is the same as row ${result.firstIndex + 1}`;
    case 'DialerRejectionError':
      return result.dialerMessage;
    case 'DialerThrottledError':
      return `try again in ${result.retryAfterSeconds ?? 60} s`;
    case 'DialerUnavailableError':
      return 'try again later';
    case 'OutcomeUnknownError':
      return 'look it up before you try again';
    case 'MissingPhoneNumberError':
    case 'MissingScheduledTimeError':
    case 'InvalidPhoneNumberError':
    case 'MissingAgentIdError':
    case 'InvalidApiKeyError':
    case 'CampaignNotFoundError':
    case 'SuppressedNumberError':
    case 'InvalidApiKeyOrCampaignError':
    case 'MissingBulkDataError':
      return result.message;
    default:
      return result satisfies never;
  }
}

function explainAll(result: Result): string[] {
  switch (result.__typename) {
    case 'ScheduleCampaignDataPayload':
      return result.results.map(explain);
    case 'OverloadedError':
    case 'RateLimitedError':
      return [`try again in ${result.retryAfterSeconds} s`];
    case 'IdempotencyConflictError':
    case 'UnknownCampaignError':
      return [result.message];
    case 'InvalidInputError':
      return result.issues.map(({ path, message }) => `${path.at(-1)} ${message}`);
    default:
      return result satisfies never;
  }
}

describe('a typed client', () => {
  it('can tell its user what became of each row', async () => {
    const { schedule } = await startStack();
    const records = [
      lead(0),
      lead(1, { scheduledTime: 'soon' }),
      lead(2, { customFields: [{ header: 'Shoe', value: '42' }] }),
      lead(0),
    ];
    expect(explainAll(await schedule({ duplicates: 'SKIP', records }))).toEqual([
      `will be called at ${Date.parse('2026-11-26T04:30:00Z')}`,
      expect.stringMatching(/^write ISO 8601 .* for soon in scheduledTime$/),
      expect.stringMatching(/^use one of PhoneNumber, .* instead of Shoe$/),
      'is the same as row 1',
    ]);
    expect(explainAll(await schedule({ campaignName: '' }))).toEqual([
      'campaignName must not be empty: name the campaign that the records go to',
      'records must hold at least one record',
    ]);
  });

  it("can tell all that is wrong with the rows that failed, in its user's language", async () => {
    const { send } = await startStack();
    const records = [
      lead(0),
      lead(1, { phoneNumber: '040 2345678/9', scheduledTime: '01/12/2026', priority: 0 }),
    ];
    const input = { campaignName: 'Sales_Demo', records };
    const data = await send(ScheduleDocument, { input, only: ['FAILED', 'SKIPPED'] });
    const scheduleCampaignData = answered(data.scheduleCampaignData);
    if (scheduleCampaignData.__typename !== 'ScheduleCampaignDataPayload')
      throw new Error('it was carried out');
    expect(scheduleCampaignData.summary).toMatchObject({ scheduled: 1, failed: 1 });
    expect(scheduleCampaignData.results.map(allThatIsWrong)).toEqual([
      [
        'phoneNumber enthält zwei Nummern',
        'priority ist außerhalb des Bereichs',
        'scheduledTime ist mehrdeutig',
      ],
    ]);
  });
});
