// RecordError, the interface, and one type for each kind of error that a record can end with. A kind that the domain gains does
// not compile here until it has its type.

import { isOfLifecycle, type LifecycleFailure, lifecycleErrorKinds, noProblems } from '../records/outcome.ts';
import {
  type ErrorKind,
  errorKinds,
  fieldOf,
  type Identity,
  type Outcome,
  problemsOf,
} from '../scheduling/outcome.ts';
import { builder } from './builder.ts';
import { RecordProblemType } from './record-problem.ts';

type ErrorOutcome<Kind extends ErrorKind = ErrorKind> = Extract<Outcome, { kind: Kind }>;

export type LifecycleOutcome<Kind extends LifecycleFailure['kind'] = LifecycleFailure['kind']> = Identity &
  Extract<LifecycleFailure, { kind: Kind }>;

export const RecordError = builder.interfaceRef<ErrorOutcome | LifecycleOutcome>('RecordError').implement({
  description:
    'What every record error has. Select it with `... on RecordError { index reference code field message retryable problems { field reason message } }` to handle all kinds alike, those to come included. The cache of Apollo Client needs the `possibleTypes` of docs/errors.md for that.',
  fields: (t) => ({
    index: t.exposeInt('index', recordIndex),
    reference: t.exposeString('reference', callerReference),
    message: t.exposeString('message', {
      description:
        'What happened, to which value, and what to do: a sentence or two in English, for a person. It names no whole phone number.',
    }),
    code: t.field({
      type: RecordErrorCode,
      description: 'The kind of error as a constant; one per type.',
      resolve: (failure) => factsOf(failure).code,
    }),
    field: t.string({
      nullable: true,
      description:
        'The field of the record that the error speaks of, such as `phoneNumber` or `customFields[1].value`: put the message beside it. Null where it speaks of none, as where the dialer could not be reached, or does not say.',
      resolve: (failure) => (isOfLifecycle(failure) ? null : fieldOf(failure)),
    }),
    problems: t.field({
      type: [RecordProblemType],
      description:
        'All that is wrong with the record, so that it can be corrected in one go; the first is what the error itself speaks of. Empty where nothing is wrong with the record that anybody knows of: then only the way to the dialer failed.',
      resolve: (failure) => [...(isOfLifecycle(failure) ? noProblems : problemsOf(failure))],
    }),
    retryable: t.boolean({
      description:
        'A promise: sending this very record again, unchanged, and with the same `idempotencyKey` if it had one, may succeed and can call nobody twice. It is false for an unknown outcome, which the same key looks up.',
      resolve: (failure) => factsOf(failure).retryable,
    }),
  }),
});

function factsOf(failure: ErrorOutcome | LifecycleOutcome): { code: Code; retryable: boolean } {
  return isOfLifecycle(failure) ? lifecycleErrorKinds[failure.kind] : errorKinds[failure.kind];
}

type Code =
  | (typeof errorKinds)[ErrorKind]['code']
  | (typeof lifecycleErrorKinds)[LifecycleFailure['kind']]['code'];

export const recordIndex = {
  description: "The record's position in the input, counted from 0. `results[i].index` is always `i`.",
};
export const callerReference = {
  nullable: true,
  description: "The caller's own `reference` of the record, as it was given.",
} as const;

export const RecordErrorCode = builder.enumType('RecordErrorCode', {
  description:
    'The kind of a record error as a constant, for those who switch on a field rather than on `__typename`.',
  values: {
    MISSING_PHONE_NUMBER: { description: '`MissingPhoneNumberError`' },
    MISSING_SCHEDULED_TIME: { description: '`MissingScheduledTimeError`' },
    INVALID_PHONE_NUMBER: { description: '`InvalidPhoneNumberError`' },
    INVALID_DATE_FORMAT: { description: '`InvalidDateFormatError`' },
    SCHEDULED_TIME_OUT_OF_RANGE: { description: '`ScheduledTimeOutOfRangeError`' },
    OUTSIDE_CALLING_HOURS: { description: '`OutsideCallingHoursError`' },
    SUPPRESSED_NUMBER: { description: '`SuppressedNumberError`' },
    INVALID_FIELD: { description: '`InvalidFieldError`' },
    MISSING_AGENT_ID: { description: '`MissingAgentIdError`' },
    UNKNOWN_HEADER: { description: '`UnknownHeaderError`' },
    DUPLICATE_RECORD: { description: '`DuplicateRecordError`' },
    INVALID_API_KEY: { description: '`InvalidApiKeyError`' },
    CAMPAIGN_NOT_FOUND: { description: '`CampaignNotFoundError`' },
    INVALID_API_KEY_OR_CAMPAIGN: { description: '`InvalidApiKeyOrCampaignError`' },
    MISSING_BULK_DATA: { description: '`MissingBulkDataError`' },
    DIALER_REJECTION: { description: '`DialerRejectionError`' },
    DIALER_THROTTLED: { description: '`DialerThrottledError`' },
    DIALER_UNAVAILABLE: { description: '`DialerUnavailableError`' },
    OUTCOME_UNKNOWN: { description: '`OutcomeUnknownError`' },
    CAMPAIGN_RECORD_NOT_FOUND: { description: '`CampaignRecordNotFoundError`' },
    ALREADY_HANDED_OVER: { description: '`AlreadyHandedOverError`' },
    RECORD_DUE_SOON: { description: '`RecordDueSoonError`' },
    BOTH_SCHEDULED: { description: '`BothScheduledError`' },
  } satisfies Record<Code, object>,
});

export const recordErrors = {
  MissingPhoneNumberError: plainError(
    'MissingPhoneNumberError',
    '`phoneNumber` is absent, null or empty. Give the record a number and send it again.',
  ),
  MissingScheduledTimeError: plainError(
    'MissingScheduledTimeError',
    '`scheduledTime` is absent, null or empty. Give the record a time and send it again.',
  ),
  InvalidPhoneNumberError: plainError(
    'InvalidPhoneNumberError',
    '`phoneNumber` cannot be dialled, or could be read as more than one number: `problems` says why (too short, too long, two numbers, an extension, …). Correct it and send the record again.',
  ),
  InvalidDateFormatError: builder
    .objectRef<ErrorOutcome<'InvalidDateFormatError'>>('InvalidDateFormatError')
    .implement({
      description:
        'A time that cannot be read, could be read in two ways (`01/12/2026`), or does not exist: 31 February, an hour that daylight saving skips, an offset that no place has. Found here, or said by the dialer.',
      interfaces: [RecordError],
      fields: (t) => ({
        value: t.exposeString('value', {
          nullable: true,
          description: 'What was written there, cut to 64 characters; a telephone number in it is masked.',
        }),
        expected: t.exposeString('expected', { description: 'The forms that are read.' }),
      }),
    }),
  ScheduledTimeOutOfRangeError: builder
    .objectRef<ErrorOutcome<'ScheduledTimeOutOfRangeError'>>('ScheduledTimeOutOfRangeError')
    .implement({
      description:
        "`scheduledTime` is in the past, further ahead than the dialer takes, or after the record's own `expiryDate`; or that has passed, and the record has expired (`field` is `expiryDate` then).",
      interfaces: [RecordError],
      fields: (t) => ({
        earliest: t.expose('earliest', {
          type: 'DateTime',
          description:
            'The earliest time that would do: some seconds from now, so that it still lies ahead when it is sent at once. Never after `latest`.',
        }),
        latest: t.expose('latest', {
          type: 'DateTime',
          description:
            "The latest time that would do: the end of the horizon, or the record's own expiry. Where the record has expired, what a later `expiryDate` would allow.",
        }),
      }),
    }),
  OutsideCallingHoursError: builder
    .objectRef<ErrorOutcome<'OutsideCallingHoursError'>>('OutsideCallingHoursError')
    .implement({
      description:
        "`scheduledTime` is outside of the campaign's or the account's calling hours; or it would be moved into them, and there is no such time before the record's `expiryDate` or within `limits.horizonDays`. Give the record a time inside of them, such as `nextAllowedTime`, and send it again.",
      interfaces: [RecordError],
      fields: (t) => ({
        nextAllowedTime: t.expose('nextAllowedTime', {
          type: 'DateTime',
          nullable: true,
          description:
            'The first time after `scheduledTime` at which the number may be called, which may lie after its `expiryDate` or the horizon. Null where there is none for a year in all time zones that the number may be in, or where nobody knows its zone.',
        }),
        rule: t.exposeString('rule', {
          description:
            'The rule that says so, with its source and the day of which it is: `Office hours (decision of 3 May, as of 2026-05-03)`.',
        }),
      }),
    }),
  SuppressedNumberError: plainError(
    'SuppressedNumberError',
    '`phoneNumber` is on the list of numbers that are never to be called, or a column of the imported file says that this person must not be. Nothing is sent for it. Do not send the record again.',
  ),
  InvalidFieldError: plainError(
    'InvalidFieldError',
    'A field holds what the dialer does not take: a priority outside 1 to 99, a refused character, a header given twice or that is none, or so much text that the row is too long. `field` says which.',
  ),
  MissingAgentIdError: plainError(
    'MissingAgentIdError',
    'The campaign is agent-wise, and `agentId` is empty. Name the agent who is to make the call.',
  ),
  UnknownHeaderError: builder.objectRef<ErrorOutcome<'UnknownHeaderError'>>('UnknownHeaderError').implement({
    description:
      "The record uses a header that the campaign's mapping file does not define. Leave it out, or have it added to the mapping.",
    interfaces: [RecordError],
    fields: (t) => ({
      header: t.exposeString('header', { description: 'The header that is not defined, such as `City`.' }),
      knownHeaders: t.exposeStringList('knownHeaders', {
        description:
          'The headers that the mapping defines, the two mandatory ones included. Upper and lower case matter.',
      }),
    }),
  }),
  DuplicateRecordError: builder
    .objectRef<ErrorOutcome<'DuplicateRecordError'>>('DuplicateRecordError')
    .implement({
      description:
        'Skipped under `duplicates: SKIP`: the same phone number stands earlier in the request, or the dialer has it already.',
      interfaces: [RecordError],
      fields: (t) => ({
        firstIndex: t.exposeInt('firstIndex', {
          nullable: true,
          description:
            'The record of this request that has the number first; null where the dialer found it.',
        }),
      }),
    }),
  InvalidApiKeyError: plainError(
    'InvalidApiKeyError',
    'The dialer refused the account of this service: its API key or its user name. Nothing is wrong with the record or the campaign. Tell the people who run this service. What was not sent yet is not sent.',
  ),
  CampaignNotFoundError: plainError(
    'CampaignNotFoundError',
    'The dialer refused the record, since it has no such campaign, which was only found out when records were sent. Correct `campaignName`. Where it is known before anything is sent, the whole request is answered with an `UnknownCampaignError` instead.',
  ),
  InvalidApiKeyOrCampaignError: plainError(
    'InvalidApiKeyOrCampaignError',
    'The dialer refused the account or the campaign, and it could not be told which: its API `v1` does not say, and with the others the question was not answered. Check `campaignName`; if it is right, tell the people who run this service. What was not sent yet is not sent.',
  ),
  MissingBulkDataError: plainError(
    'MissingBulkDataError',
    'The dialer says that it found no data in the request. Tell the people who run this service.',
  ),
  DialerRejectionError: builder
    .objectRef<ErrorOutcome<'DialerRejectionError'>>('DialerRejectionError')
    .implement({
      description:
        'The dialer refused the record for a reason that this API does not know. Read `dialerMessage`.',
      interfaces: [RecordError],
      fields: (t) => ({
        dialerMessage: t.exposeString('dialerMessage', {
          description: "The dialer's own words, with keys and phone numbers taken out.",
        }),
      }),
    }),
  DialerThrottledError: builder
    .objectRef<ErrorOutcome<'DialerThrottledError'>>('DialerThrottledError')
    .implement({
      description:
        'The dialer asks for fewer requests, or a cap of this service is reached; the record was certainly not taken. Send the same request again later, with the same `idempotencyKey` if it had one.',
      interfaces: [RecordError],
      fields: (t) => ({
        retryAfterSeconds: t.exposeInt('retryAfterSeconds', {
          nullable: true,
          description: 'How many seconds to wait, where the dialer says.',
        }),
      }),
    }),
  DialerUnavailableError: plainError(
    'DialerUnavailableError',
    'The record never reached the dialer, or certainly was not taken: no connection, a dialer that keeps failing, a caller who went away, or a look-up that did not find it. Send the same request again later, with the same `idempotencyKey` if it had one.',
  ),
  OutcomeUnknownError: plainError(
    'OutcomeUnknownError',
    'The record was sent and no answer came, or none that can be read; or it may have been sent by an earlier request with the same `idempotencyKey`, which cannot be looked up just now. It may or may not be scheduled. Sent again blindly, someone may be called twice. Where the request had an `idempotencyKey`, send the same request with the same key again a minute later: it is looked up, and never sent twice. Otherwise look in the dialer.',
  ),
} satisfies { [Kind in ErrorKind]: unknown };

/** An error type with no field of its own beyond the interface's. */
function plainError<Kind extends ErrorKind>(kind: Kind, description: string) {
  return builder.objectRef<ErrorOutcome<Kind>>(kind).implement({ description, interfaces: [RecordError] });
}
