// A front end's own code: typed by codegen, exhaustive by the compiler. A union member that is added and not handled
// here is an error of tsc, which is what this file is for.

import { describe, expect, it } from 'vitest';
import { lead, type RecordResult, type Result, startStack } from './harness.ts';

/** What a user of a lead list would be shown. */
function explain(result: RecordResult): string {
  switch (result.__typename) {
    case 'ScheduledRecord':
      return `will be called at ${new Date(result.scheduledTime).getTime()}`;
    case 'ValidRecord':
      return 'is fine';
    case 'InvalidDateFormatError':
      return `write ${result.expected} for ${result.value ?? 'nothing'} in ${result.field}`;
    case 'ScheduledTimeOutOfRangeError':
      return `choose a time from ${result.earliest} to ${result.latest}`;
    case 'InvalidFieldError':
      return `correct ${result.field}`;
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
});
