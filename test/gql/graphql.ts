/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** One lead: a person to be called, and when. What is wrong with a record becomes that record's result, and never fails its neighbours. */
export type CampaignRecordInput = {
  /** The agent who is to make the call. Mandatory for agent-wise campaigns. */
  agentId?: string | null | undefined;
  /** Further columns of the campaign's mapping file, each header at most once. */
  customFields?: Array<CustomFieldInput> | null | undefined;
  /** After this the call is not made any more. Written like `scheduledTime`, or as `YYYY-MM-DD` for the end of that day. Not before `scheduledTime`. */
  expiryDate?: string | null | undefined;
  /** The person's name, in any script. The characters `& # % +`, line breaks and control characters are refused. */
  name?: string | null | undefined;
  /** The number to call: with + and country code from anywhere (`+91 98765 43210`), or as it is dialled within the region of `limits.region` (`098765 43210`). Spaces, dashes, dots and brackets are fine. */
  phoneNumber: string;
  /** 1 to 99; higher is dialled sooner. */
  priority?: number | null | undefined;
  /** Your own row id, echoed in the result and never sent to the dialer. Any text. */
  reference?: string | null | undefined;
  /** When to call: ISO 8601 with an offset (`2026-11-25T10:00:00+05:30`, `2026-11-25T04:30:00Z`), or `YYYY-MM-DD HH:mm:ss` in `timeZone`. Not in the past, and at most `limits.horizonDays` ahead. */
  scheduledTime: string;
  /** The skill by which a skill-wise campaign routes the call. */
  skill?: string | null | undefined;
};

/** A further column of the campaign's mapping file. */
export type CustomFieldInput = {
  /** The header as the mapping file has it, such as `City`. Upper and lower case matter. Not one of the fields that the record has itself. */
  header: string;
  /** The value. The characters `& # % +`, line breaks and control characters are refused. */
  value: string;
};

/** What to do with a phone number that stands in the campaign's data more than once. */
export type DuplicatePolicy =
  /** Schedule every record, whatever its number. */
  | 'ALLOW'
  /** Schedule the first valid record of each phone number in the request and skip the others, whatever their times. The dialer is asked to skip numbers that it has already, where its API can (v2). */
  | 'SKIP';

/** What a record that fails its checks means for the others. */
export type ErrorPolicy =
  /** Nothing is sent unless every record is valid. Duplicates that are skipped are no failure. */
  | 'REJECT_EVERYTHING'
  /** Records that fail are left out; all others are scheduled. */
  | 'REJECT_FAILED_RECORDS';

/** The kind of a record error as a constant, for those who switch on a field rather than on `__typename`. */
export type RecordErrorCode =
  /** `DialerRejectionError` */
  | 'DIALER_REJECTION'
  /** `DialerThrottledError` */
  | 'DIALER_THROTTLED'
  /** `DialerUnavailableError` */
  | 'DIALER_UNAVAILABLE'
  /** `DuplicateRecordError` */
  | 'DUPLICATE_RECORD'
  /** `InvalidApiKeyOrCampaignError` */
  | 'INVALID_API_KEY_OR_CAMPAIGN'
  /** `InvalidDateFormatError` */
  | 'INVALID_DATE_FORMAT'
  /** `InvalidFieldError` */
  | 'INVALID_FIELD'
  /** `InvalidPhoneNumberError` */
  | 'INVALID_PHONE_NUMBER'
  /** `MissingAgentIdError` */
  | 'MISSING_AGENT_ID'
  /** `MissingBulkDataError` */
  | 'MISSING_BULK_DATA'
  /** `MissingPhoneNumberError` */
  | 'MISSING_PHONE_NUMBER'
  /** `MissingScheduledTimeError` */
  | 'MISSING_SCHEDULED_TIME'
  /** `OutcomeUnknownError` */
  | 'OUTCOME_UNKNOWN'
  /** `ScheduledTimeOutOfRangeError` */
  | 'SCHEDULED_TIME_OUT_OF_RANGE'
  /** `UnknownHeaderError` */
  | 'UNKNOWN_HEADER';

/** Records to schedule, the campaign they go to, and how to go about it. */
export type ScheduleCampaignDataInput = {
  /** The campaign's name as the dialer has it, at most 255 characters. With the sandbox: `Sales_Demo`. */
  campaignName: string;
  /** Whether a phone number may be scheduled more than once. */
  duplicates?: DuplicatePolicy | null | undefined;
  /** Whether records that fail their checks keep the others from being scheduled. */
  errorPolicy?: ErrorPolicy | null | undefined;
  /** A text of your own for this very request, 1 to 255 characters, best a UUID. Sent again with the same key, after a time-out or a crash on either side, the request is not carried out twice: you get the first answer again. With the same key and another input you get an `IdempotencyConflictError`. Keys are kept for `limits.idempotencyKeyHours`. To send records anew, use a new key. Ignored with `validateOnly`. */
  idempotencyKey?: string | null | undefined;
  /** The records: at least 1, at most `limits.maxRecordsPerMutation`. */
  records: Array<CampaignRecordInput>;
  /** The zone of times that state no offset. Without it: the campaign's, else the account's (`limits.timeZone`). */
  timeZone?: string | null | undefined;
  /** Check the records and answer as usual, and send nothing: valid ones become `ValidRecord`. */
  validateOnly?: boolean | null | undefined;
};

/** The request in a word; `summary` and `results` say it in full, and always agree with it. */
export type ScheduleStatus =
  /** For at least one record nobody can tell whether the dialer took it: see `OutcomeUnknownError`. */
  | 'INDETERMINATE'
  /** No record is scheduled. */
  | 'NOT_SCHEDULED'
  /** Some records are scheduled, others failed. */
  | 'PARTIALLY_SCHEDULED'
  /** Every record is scheduled, but for duplicates that were skipped as asked. */
  | 'SCHEDULED'
  /** `validateOnly`: the records were checked, nothing was sent. */
  | 'VALIDATED';

export type LimitsQueryVariables = Exact<{ [key: string]: never; }>;


export type LimitsQuery = { limits: { maxRecordsPerMutation: number, idempotencyKeyHours: number, recordsPerDialerRequest: number, horizonDays: number, maxRowBytes: number, minPriority: number, maxPriority: number, timeZone: string, region: string } };

export type ScheduleMutationVariables = Exact<{
  input: ScheduleCampaignDataInput;
}>;


export type ScheduleMutation = { scheduleCampaignData:
    | { __typename: 'IdempotencyConflictError', message: string }
    | { __typename: 'InvalidInputError', message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'OverloadedError', message: string, retryAfterSeconds: number }
    | { __typename: 'RateLimitedError', message: string, retryAfterSeconds: number }
    | { __typename: 'ScheduleCampaignDataPayload', campaignName: string, status: ScheduleStatus, summary: { total: number, scheduled: number, valid: number, failed: number, skipped: number, unknown: number }, results: Array<
        | { __typename: 'DialerRejectionError', index: number, reference: string | null, message: string, code: RecordErrorCode, retryable: boolean, dialerMessage: string }
        | { __typename: 'DialerThrottledError', index: number, reference: string | null, message: string, code: RecordErrorCode, retryable: boolean, retryAfterSeconds: number | null }
        | { __typename: 'DialerUnavailableError', index: number, reference: string | null, message: string, code: RecordErrorCode, retryable: boolean }
        | { __typename: 'DuplicateRecordError', index: number, reference: string | null, message: string, code: RecordErrorCode, retryable: boolean, firstIndex: number | null }
        | { __typename: 'InvalidApiKeyOrCampaignError', index: number, reference: string | null, message: string, code: RecordErrorCode, retryable: boolean }
        | { __typename: 'InvalidDateFormatError', index: number, reference: string | null, message: string, code: RecordErrorCode, retryable: boolean, field: string, value: string | null, expected: string }
        | { __typename: 'InvalidFieldError', index: number, reference: string | null, message: string, code: RecordErrorCode, retryable: boolean, field: string }
        | { __typename: 'InvalidPhoneNumberError', index: number, reference: string | null, message: string, code: RecordErrorCode, retryable: boolean }
        | { __typename: 'MissingAgentIdError', index: number, reference: string | null, message: string, code: RecordErrorCode, retryable: boolean }
        | { __typename: 'MissingBulkDataError', index: number, reference: string | null, message: string, code: RecordErrorCode, retryable: boolean }
        | { __typename: 'MissingPhoneNumberError', index: number, reference: string | null, message: string, code: RecordErrorCode, retryable: boolean }
        | { __typename: 'MissingScheduledTimeError', index: number, reference: string | null, message: string, code: RecordErrorCode, retryable: boolean }
        | { __typename: 'OutcomeUnknownError', index: number, reference: string | null, message: string, code: RecordErrorCode, retryable: boolean }
        | { __typename: 'ScheduledRecord', index: number, reference: string | null, phoneNumber: string, scheduledTime: string, dialerTime: string, name: string | null, agentId: string | null, skill: string | null, message: string }
        | { __typename: 'ScheduledTimeOutOfRangeError', index: number, reference: string | null, message: string, code: RecordErrorCode, retryable: boolean, earliest: string, latest: string }
        | { __typename: 'UnknownHeaderError', index: number, reference: string | null, message: string, code: RecordErrorCode, retryable: boolean, header: string, knownHeaders: Array<string> }
        | { __typename: 'ValidRecord', index: number, reference: string | null, phoneNumber: string, scheduledTime: string, dialerTime: string, name: string | null, agentId: string | null, skill: string | null, message: string }
      > }
   };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const LimitsDocument = new TypedDocumentString(`
    query Limits {
  limits {
    maxRecordsPerMutation
    idempotencyKeyHours
    recordsPerDialerRequest
    horizonDays
    maxRowBytes
    minPriority
    maxPriority
    timeZone
    region
  }
}
    `) as unknown as TypedDocumentString<LimitsQuery, LimitsQueryVariables>;
export const ScheduleDocument = new TypedDocumentString(`
    mutation Schedule($input: ScheduleCampaignDataInput!) {
  scheduleCampaignData(input: $input) {
    __typename
    ... on ScheduleCampaignDataPayload {
      campaignName
      status
      summary {
        total
        scheduled
        valid
        failed
        skipped
        unknown
      }
      results {
        __typename
        ... on ScheduledRecord {
          index
          reference
          phoneNumber
          scheduledTime
          dialerTime
          name
          agentId
          skill
          message
        }
        ... on ValidRecord {
          index
          reference
          phoneNumber
          scheduledTime
          dialerTime
          name
          agentId
          skill
          message
        }
        ... on RecordError {
          index
          reference
          message
          code
          retryable
        }
        ... on InvalidDateFormatError {
          field
          value
          expected
        }
        ... on ScheduledTimeOutOfRangeError {
          earliest
          latest
        }
        ... on InvalidFieldError {
          field
        }
        ... on UnknownHeaderError {
          header
          knownHeaders
        }
        ... on DuplicateRecordError {
          firstIndex
        }
        ... on DialerRejectionError {
          dialerMessage
        }
        ... on DialerThrottledError {
          retryAfterSeconds
        }
      }
    }
    ... on OverloadedError {
      message
      retryAfterSeconds
    }
    ... on RateLimitedError {
      message
      retryAfterSeconds
    }
    ... on IdempotencyConflictError {
      message
    }
    ... on InvalidInputError {
      message
      issues {
        path
        message
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ScheduleMutation, ScheduleMutationVariables>;