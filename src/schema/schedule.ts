// The mutation: its input, the rules for a request as a whole, its result, and the one call into the domain.

import { z } from 'zod';
import type { Caller } from '../auth/callers.ts';
import type { Summary } from '../campaign/outcome.ts';
import { IdempotencyConflict, Overloaded, RateLimited } from '../campaign/request-error.ts';
import type { ScheduleResult } from '../campaign/schedule.ts';
import type { IncomingRequest } from '../telemetry/events.ts';
import { isTimeZone } from '../time-zone.ts';
import { builder, type Limits } from './builder.ts';
import { type InputIssue, InvalidInput } from './invalid-input.ts';
import { RecordResult } from './record-result.ts';

const DuplicatePolicy = builder.enumType('DuplicatePolicy', {
  description: "What to do with a phone number that stands in the campaign's data more than once.",
  values: {
    ALLOW: { description: 'Schedule every record, whatever its number.' },
    SKIP: {
      description:
        'Schedule the first valid record of each phone number in the request and skip the others, whatever their times. The dialer is asked to skip numbers that it has already, where its API can (v2).',
    },
  } as const,
});

const ErrorPolicy = builder.enumType('ErrorPolicy', {
  description: 'What a record that fails its checks means for the others.',
  values: {
    REJECT_FAILED_RECORDS: { description: 'Records that fail are left out; all others are scheduled.' },
    REJECT_EVERYTHING: {
      description:
        'Nothing is sent unless every record is valid. Duplicates that are skipped are no failure.',
    },
  } as const,
});

const ScheduleStatus = builder.enumType('ScheduleStatus', {
  description: 'The request in a word; `summary` and `results` say it in full, and always agree with it.',
  values: {
    SCHEDULED: { description: 'Every record is scheduled, but for duplicates that were skipped as asked.' },
    PARTIALLY_SCHEDULED: { description: 'Some records are scheduled, others failed.' },
    NOT_SCHEDULED: { description: 'No record is scheduled.' },
    INDETERMINATE: {
      description:
        'For at least one record nobody can tell whether the dialer took it: see `OutcomeUnknownError`.',
    },
    VALIDATED: { description: '`validateOnly`: the records were checked, nothing was sent.' },
  } as const,
});

const CustomFieldInput = builder.inputType('CustomFieldInput', {
  description: "A further column of the campaign's mapping file.",
  fields: (t) => ({
    header: t.string({
      required: true,
      description:
        'The header as the mapping file has it, such as `City`. Upper and lower case matter. Not one of the fields that the record has itself.',
    }),
    value: t.string({
      required: true,
      description: 'The value. The characters `& # % +`, line breaks and control characters are refused.',
    }),
  }),
});

const CampaignRecordInput = builder.inputType('CampaignRecordInput', {
  description:
    "One lead: a person to be called, and when. What is wrong with a record becomes that record's result, and never fails its neighbours.",
  fields: (t) => ({
    reference: t.string({
      description: 'Your own row id, echoed in the result and never sent to the dialer. Any text.',
    }),
    phoneNumber: t.string({
      required: true,
      description:
        'The number to call: with + and country code from anywhere (`+91 98765 43210`), or as it is dialled within the region of `limits.region` (`098765 43210`). Spaces, dashes, dots and brackets are fine.',
    }),
    scheduledTime: t.string({
      required: true,
      description:
        'When to call: ISO 8601 with an offset (`2026-11-25T10:00:00+05:30`, `2026-11-25T04:30:00Z`), or `YYYY-MM-DD HH:mm:ss` in `timeZone`. Not in the past, and at most `limits.horizonDays` ahead.',
    }),
    name: t.string({
      description:
        "The person's name, in any script. The characters `& # % +`, line breaks and control characters are refused.",
    }),
    priority: t.int({ description: '1 to 99; higher is dialled sooner.' }),
    expiryDate: t.string({
      description:
        'After this the call is not made any more. Written like `scheduledTime`, or as `YYYY-MM-DD` for the end of that day. Not before `scheduledTime`.',
    }),
    agentId: t.string({
      description: 'The agent who is to make the call. Mandatory for agent-wise campaigns.',
    }),
    skill: t.string({ description: 'The skill by which a skill-wise campaign routes the call.' }),
    customFields: t.field({
      type: [CustomFieldInput],
      description: "Further columns of the campaign's mapping file, each header at most once.",
    }),
  }),
});

/**
 * The rules of a single record are the domain's. The plugin pipes a list on into one that walks through each of 10,000
 * records and copies it, in one go; this one ends the pipe.
 */
const atLeastOneRecord = z.custom<never>((records) => (records as unknown[]).length > 0, {
  message: 'must hold at least one record',
});
atLeastOneRecord.pipe = () => atLeastOneRecord as never;

const ScheduleCampaignDataInput = builder.inputType('ScheduleCampaignDataInput', {
  description: 'Records to schedule, the campaign they go to, and how to go about it.',
  fields: (t) => ({
    campaignName: t.string({
      required: true,
      description:
        "The campaign's name as the dialer has it, at most 255 characters. With the sandbox: `Sales_Demo`.",
      validate: {
        refine: [
          (name: string) => name.trim() !== '',
          { message: 'must not be empty: name the campaign that the records go to' },
        ],
        maxLength: [255, { message: 'must not be longer than 255 characters' }],
      },
    }),
    records: t.field({
      type: [CampaignRecordInput],
      required: true,
      description: 'The records: at least 1, at most `limits.maxRecordsPerMutation`.',
      validate: { schema: atLeastOneRecord },
    }),
    timeZone: t.field({
      type: 'TimeZone',
      description:
        "The zone of times that state no offset. Without it: the campaign's, else the account's (`limits.timeZone`).",
      validate: {
        refine: [
          (name: string) => isTimeZone(name),
          { message: 'must be an IANA time zone, such as Asia/Kolkata or Europe/Berlin' },
        ],
      },
    }),
    duplicates: t.field({
      type: DuplicatePolicy,
      defaultValue: 'ALLOW',
      description: 'Whether a phone number may be scheduled more than once.',
    }),
    errorPolicy: t.field({
      type: ErrorPolicy,
      defaultValue: 'REJECT_FAILED_RECORDS',
      description: 'Whether records that fail their checks keep the others from being scheduled.',
    }),
    idempotencyKey: t.string({
      description:
        'A text of your own for this very request, 1 to 255 characters, best a UUID. Sent again with the same key, after a time-out or a crash on either side, the request is not carried out twice: you get the first answer again. With the same key and another input you get an `IdempotencyConflictError`. Keys are kept for `limits.idempotencyKeyHours`. To send records anew, use a new key. Ignored with `validateOnly`.',
      validate: {
        minLength: [1, { message: 'must have at least one character' }],
        maxLength: [255, { message: 'must not be longer than 255 characters' }],
      },
    }),
    validateOnly: t.boolean({
      defaultValue: false,
      description:
        'Check the records and answer as usual, and send nothing: valid ones become `ValidRecord`.',
    }),
  }),
});

const ScheduleSummary = builder.objectRef<Summary>('ScheduleSummary').implement({
  description: 'How many records came to which end. The other five always add up to `total`.',
  fields: (t) => ({
    total: t.exposeInt('total', { description: 'Records in the request, and results in the answer.' }),
    scheduled: t.exposeInt('scheduled', { description: 'Records that the dialer took: `ScheduledRecord`.' }),
    valid: t.exposeInt('valid', { description: 'Records that are valid and were not sent: `ValidRecord`.' }),
    failed: t.exposeInt('failed', {
      description: 'Records that are certainly not scheduled: every error but the two below.',
    }),
    skipped: t.exposeInt('skipped', {
      description: 'Records left out as duplicates: `DuplicateRecordError`.',
    }),
    unknown: t.exposeInt('unknown', {
      description: 'Records of which nobody can tell: `OutcomeUnknownError`.',
    }),
  }),
});

const ScheduleCampaignDataPayload = builder
  .objectRef<ScheduleResult>('ScheduleCampaignDataPayload')
  .implement({
    description: 'The request was carried out; what became of each record stands in `results`.',
    fields: (t) => ({
      campaignName: t.exposeString('campaignName', { description: 'The campaign of the request.' }),
      status: t.expose('status', { type: ScheduleStatus, description: 'The request in a word.' }),
      summary: t.expose('summary', { type: ScheduleSummary, description: 'The results, counted.' }),
      results: t.expose('results', {
        type: [RecordResult],
        description: 'One result for each record of the input, in the order of the input, always.',
      }),
    }),
  });

const InputIssueType = builder.objectRef<InputIssue>('InputIssue').implement({
  description: 'One thing that is wrong with the request as a whole.',
  fields: (t) => ({
    path: t.exposeStringList('path', {
      description: 'Where, from the arguments down, such as `["input", "campaignName"]`.',
    }),
    message: t.exposeString('message', { description: 'What that value must be.' }),
  }),
});

builder.objectType(InvalidInput, {
  name: 'InvalidInputError',
  description:
    'The request as a whole cannot be carried out, and nothing was sent: no campaign, no records or too many, an unknown time zone.',
  fields: (t) => ({
    message: t.exposeString('message', { description: 'All issues in one sentence.' }),
    issues: t.field({
      type: [InputIssueType],
      description: 'What is wrong, one entry each.',
      resolve: ({ issues }) => [...issues],
    }),
  }),
});

builder.objectType(Overloaded, {
  name: 'OverloadedError',
  description:
    'This service is at work on as many records as it takes, and refused the request before any work: nothing was sent. Send the same request again.',
  fields: (t) => ({
    message: t.exposeString('message', { description: 'What happened, and what to do.' }),
    retryAfterSeconds: t.exposeInt('retryAfterSeconds', { description: 'How many seconds to wait.' }),
  }),
});

builder.objectType(RateLimited, {
  name: 'RateLimitedError',
  description:
    'The credential has scheduled as many records as it may for now, and nothing was sent. Send the same request again later.',
  fields: (t) => ({
    message: t.exposeString('message', { description: 'What happened, and what to do.' }),
    retryAfterSeconds: t.exposeInt('retryAfterSeconds', { description: 'How many seconds to wait.' }),
  }),
});

builder.objectType(IdempotencyConflict, {
  name: 'IdempotencyConflictError',
  description:
    'The `idempotencyKey` was used for another input already, and nothing was sent. Either the key was made twice, or the input was changed between two attempts.',
  fields: (t) => ({
    message: t.exposeString('message', { description: 'What happened, and what to do.' }),
  }),
});

builder.mutationField('scheduleCampaignData', (t) =>
  t.field({
    type: ScheduleCampaignDataPayload,
    description:
      'Schedules records into a calling campaign, and says of every single one what became of it. Records that fail their checks are never sent; each of the others is sent once. Business failures are data: top-level `errors` are for malformed GraphQL, for missing rights (`FORBIDDEN`) and for bugs.',
    authScopes: (_root, { input }) => ({
      $all: { scope: 'schedule', campaign: input.campaignName.trim() },
    }),
    args: {
      input: t.arg({
        type: ScheduleCampaignDataInput,
        required: true,
        description: 'What to schedule, and how.',
      }),
    },
    errors: {
      types: [InvalidInput, IdempotencyConflict, Overloaded, RateLimited],
      union: {
        name: 'ScheduleCampaignDataResult',
        description: 'The payload, or the reason why the request as a whole was not carried out.',
      },
    },
    resolve: (_root, { input }, { caller, scheduling, limits, incoming, signal, allowance }) => {
      const { records } = input;
      const total = allowance.records + records.length;
      if (total > limits.maxRecordsPerMutation) throw tooMany(records.length, allowance.records, limits);
      if (!allowance.hold(total)) throw new Overloaded(retryAfterSeconds);
      takeFromRate(caller, records.length, input.validateOnly ?? false, incoming);
      allowance.records = total;
      return scheduling.schedule(
        {
          campaignName: input.campaignName.trim(),
          records,
          timeZone: input.timeZone ?? undefined,
          duplicates: input.duplicates ?? 'ALLOW',
          errorPolicy: input.errorPolicy ?? 'REJECT_FAILED_RECORDS',
          idempotencyKey: input.idempotencyKey ?? undefined,
          credential: caller.id,
          validateOnly: input.validateOnly ?? false,
        },
        signal,
        incoming,
      );
    },
  }),
);

/** Answers as long as those of the longest list are written in far less. */
const retryAfterSeconds = 5;

/** `before`: in fields of the same document that came before. */
function tooMany(count: number, before: number, { maxRecordsPerMutation }: Limits): InvalidInput {
  const together = before === 0 ? '' : `, together with the ${before} of the fields before`;
  return issueWithRecords(
    `must hold at most ${maxRecordsPerMutation} records${together}, and holds ${count}: split them into several mutations`,
  );
}

function takeFromRate(
  { records, validations }: Caller,
  count: number,
  validateOnly: boolean,
  incoming: IncomingRequest,
): void {
  const bucket = validateOnly ? validations : records;
  if (bucket === null) return;
  if (count > bucket.bucketSize)
    throw issueWithRecords(
      `must hold at most ${bucket.bucketSize} records, which is what your credential may ${validateOnly ? 'validate' : 'schedule'} a minute, and holds ${count}`,
    );
  if (bucket.tryRemoveTokens(count)) return;
  incoming.turnedAway('RATE_LIMITED');
  throw new RateLimited(Math.ceil(bucket.getWaitTime(count) / 1000));
}

function issueWithRecords(message: string): InvalidInput {
  return new InvalidInput([{ path: ['input', 'records'], message }]);
}
