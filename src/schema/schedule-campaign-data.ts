// The mutation: its input, the rules for a request as a whole, its result, and the one call into the domain.

import { z } from 'zod';
import type { Caller } from '../auth/callers.ts';
import { isTimeZone } from '../foundation/time-zone.ts';
import type { ScheduleResult } from '../scheduling/conclude.ts';
import { endOf, type OutcomeEnd, type Summary } from '../scheduling/outcome.ts';
import { IdempotencyConflict, Overloaded, RateLimited } from '../scheduling/request-error.ts';
import { cleanText, shownCharacter } from '../scheduling/text.ts';
import { builder, type Limits } from './builder.ts';
import { type InputIssue, InvalidInput } from './invalid-input.ts';
import { RecordResult } from './record-result.ts';
import { needsRight } from './rights.ts';

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
        'The header as the mapping file has it, such as `City`: letters of any script, digits, blanks and common marks, at most 128 characters. Upper and lower case matter. Not one of the fields that the record has itself, nor a parameter of the dialer (`api_key`, `campaign_name`, `action`, …).',
    }),
    value: t.string({
      required: true,
      description:
        'The value. Line breaks and control characters are refused, and so are `& # % +` unless this service is set to encode them.',
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
      description:
        'The number to call. Mandatory: without it the record is answered with a `MissingPhoneNumberError`. With + and country code from anywhere (`+91 98765 43210`), else it is read as a number of the region `limits.region`, as it is dialled there (`098765 43210`), even where it would be a good number of another country: with region `IN`, `4155216849` is an Indian number. Spaces, dashes, dots and brackets, digits of any script, invisible characters, the apostrophe and the `.0` of a spreadsheet mean nothing. What could be read as two numbers is refused: `040 2345678/9`.',
    }),
    scheduledTime: t.string({
      description:
        'When to call. Mandatory: without it the record is answered with a `MissingScheduledTimeError`. With an offset it is an instant (`2026-11-25T10:00:00+05:30`, `2026-11-25 10:00:00 +0530`, `2026-11-25T04:30:00Z`); without one it is a reading of the clocks in `timeZone` (`2026-11-25 10:00:00`, `2026-11-25T10:00`, as a `datetime-local` field has it). Seconds and their fraction may be left out; a fraction is cut. Where daylight saving has the clocks show a time twice, the first of the two is meant; one that they skip is refused. Dates that begin with a day or a month are refused (`01/12/2026`). Not in the past, and at most `limits.horizonDays` ahead.',
    }),
    name: t.string({
      description:
        "The person's name, in any script unless this service is set to the vendor's rule for names. Line breaks and control characters are refused, and so are `& # % +` unless this service is set to encode them. Invisible characters that shape no letter are taken out.",
    }),
    priority: t.int({ description: '1 to 99; higher is dialled sooner.' }),
    expiryDate: t.string({
      description:
        'After this the call is not made any more. Written like `scheduledTime`, or as `YYYY-MM-DD` for the last second of that day in `timeZone`, also where its last hour comes twice. Not before `scheduledTime`.',
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
          (name: string) => cleanText(name) !== '',
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
        "The zone of times that state no offset, and of the end of an `expiryDate`'s day. Without it: the campaign's, else the account's (`limits.timeZone`).",
      validate: {
        refine: [
          (name: string) => isTimeZone(cleanText(name)),
          {
            message:
              'must be an IANA time zone, such as Asia/Kolkata or Europe/Berlin; abbreviations such as BST, CST and IST stand for several',
          },
        ],
      },
    }),
    duplicates: t.field({
      type: DuplicatePolicy,
      defaultValue: 'ALLOW',
      description: 'Whether a phone number may be scheduled more than once. Without it: `ALLOW`.',
    }),
    errorPolicy: t.field({
      type: ErrorPolicy,
      defaultValue: 'REJECT_FAILED_RECORDS',
      description:
        'Whether records that fail their checks keep the others from being scheduled. Without it: `REJECT_FAILED_RECORDS`.',
    }),
    idempotencyKey: t.string({
      description:
        'A text of your own for this very request, 1 to 255 characters, best a UUID. One retry rule: send the same request with the same key as often as you like, after a time-out or a crash on either side too. What is settled is told again, what is unknown is looked up, and only what was certainly not accepted (`retryable`) is sent, if its time still allows. With the same key and another input you get an `IdempotencyConflictError`. Keys are kept for `limits.idempotencyKeyHours`. To send records anew, use a new key. Ignored with `validateOnly`.',
      validate: {
        refine: [
          (key: string) => cleanText(key) !== '',
          { message: 'must have at least one character that is seen' },
        ],
        maxLength: [255, { message: 'must not be longer than 255 characters' }],
      },
    }),
    validateOnly: t.boolean({
      defaultValue: false,
      description:
        'Check the records and answer as usual, and send nothing: valid ones become `ValidRecord`. Without it: `false`.',
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

const RecordOutcomeFilter = builder.enumType('RecordOutcomeFilter', {
  description: 'What became of a record, as `ScheduleSummary` counts it.',
  values: {
    SCHEDULED: { value: 'scheduled', description: '`ScheduledRecord`' },
    VALID: { value: 'valid', description: '`ValidRecord`' },
    FAILED: { value: 'failed', description: 'Every error but the two below.' },
    SKIPPED: { value: 'skipped', description: '`DuplicateRecordError`' },
    UNKNOWN: { value: 'unknown', description: '`OutcomeUnknownError`' },
  } satisfies Record<Uppercase<OutcomeEnd>, { value: OutcomeEnd; description: string }>,
});

const ScheduleCampaignDataPayload = builder
  .objectRef<ScheduleResult>('ScheduleCampaignDataPayload')
  .implement({
    description: 'The request was carried out; what became of each record stands in `results`.',
    fields: (t) => ({
      campaignName: t.exposeString('campaignName', { description: 'The campaign of the request.' }),
      status: t.expose('status', { type: ScheduleStatus, description: 'The request in a word.' }),
      summary: t.expose('summary', { type: ScheduleSummary, description: 'The results, counted.' }),
      results: t.field({
        type: [RecordResult],
        args: {
          only: t.arg({
            type: [RecordOutcomeFilter],
            description:
              'Those alone that came to one of these ends: who sends 10,000 records may ask for the failures. Each still has its `index`. Without it: all of them.',
          }),
        },
        description:
          'One result for each record of the input, in the order of the input, always; with `only`, some of them.',
        resolve: ({ results }, { only }) =>
          only ? results.filter(({ kind }) => only.includes(endOf(kind))) : results,
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

/** What every reason to carry out nothing has. */
const RequestError = builder.interfaceRef<Error>('RequestError').implement({
  description:
    'Why the request as a whole was not carried out. Select it with `... on RequestError { message }` to handle all reasons alike, those to come included.',
  fields: (t) => ({
    message: t.exposeString('message', {
      description: 'What happened, and what to do: in English, for a person.',
    }),
  }),
});

builder.objectType(InvalidInput, {
  name: 'InvalidInputError',
  interfaces: [RequestError],
  description:
    'The request as a whole cannot be carried out, and nothing was sent: no campaign, no records or too many, an unknown time zone.',
  fields: (t) => ({
    issues: t.field({
      type: [InputIssueType],
      description: 'What is wrong, one entry each.',
      resolve: ({ issues }) => [...issues],
    }),
  }),
});

builder.objectType(Overloaded, {
  name: 'OverloadedError',
  interfaces: [RequestError],
  description:
    'This service is at work on as many records as it takes, and refused the request before any work: nothing was sent. Send the same request again.',
  fields: (t) => ({
    retryAfterSeconds: t.exposeInt('retryAfterSeconds', { description: 'How many seconds to wait.' }),
  }),
});

builder.objectType(RateLimited, {
  name: 'RateLimitedError',
  interfaces: [RequestError],
  description:
    'The credential has scheduled as many records as it may for now, and nothing was sent. Send the same request again later.',
  fields: (t) => ({
    retryAfterSeconds: t.exposeInt('retryAfterSeconds', { description: 'How many seconds to wait.' }),
  }),
});

builder.objectType(IdempotencyConflict, {
  name: 'IdempotencyConflictError',
  interfaces: [RequestError],
  description:
    'The `idempotencyKey` was used for another input already, and nothing was sent. Either the key was made twice, or the input was changed between two attempts.',
});

builder.mutationField('scheduleCampaignData', (t) =>
  t.field({
    type: ScheduleCampaignDataPayload,
    description:
      'Schedules records into a calling campaign, and says of every single one what became of it. Records that fail their checks are never sent; each of the others is sent once. Business failures are data: top-level `errors` are for malformed GraphQL, for missing rights (`FORBIDDEN`) and for bugs.',
    nullable: true,
    ...needsRight(({ input }: { input: { campaignName: string } }) => ({
      scope: 'schedule',
      campaign: cleanText(input.campaignName),
    })),
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
      const campaignName = cleanText(input.campaignName);
      refuseControlCharacters(campaignName);
      const total = allowance.records + records.length;
      const { recordsPerMinute } = caller;
      if (total > limits.maxRecordsPerMutation) throw tooMany(records.length, allowance.records, limits);
      if (records.length > (recordsPerMinute ?? Infinity)) throw tooManyForRate(records.length, caller);
      const holding = allowance.hold(total);
      if (holding === 'later') throw new Overloaded(retryAfterSeconds);
      if (holding === 'never') throw issueWithRecords('take more memory than there is for you: split them');
      allowance.records = total;
      return scheduling.schedule(
        {
          campaignName,
          records,
          timeZone: input.timeZone ? cleanText(input.timeZone) : undefined,
          duplicates: input.duplicates ?? 'ALLOW',
          errorPolicy: input.errorPolicy ?? 'REJECT_FAILED_RECORDS',
          idempotencyKey: input.idempotencyKey ?? undefined,
          credential: caller.id,
          recordsPerMinute,
          validateOnly: input.validateOnly ?? false,
        },
        signal,
        incoming,
      );
    },
  }),
);

function refuseControlCharacters(campaignName: string): void {
  const [refused] = /[\p{Cc}\p{Cs}\u2028\u2029]/u.exec(campaignName) ?? [];
  if (refused === undefined) return;
  const message = `must not have the character ${shownCharacter(refused)}: leave it out`;
  throw new InvalidInput([{ path: ['input', 'campaignName'], message }]);
}

/** Answers as long as those of the longest list are written in far less. */
const retryAfterSeconds = 5;

/** `before`: in fields of the same document that came before. */
function tooMany(count: number, before: number, { maxRecordsPerMutation }: Limits): InvalidInput {
  const together = before === 0 ? '' : `, together with the ${before} of the fields before`;
  return issueWithRecords(
    `must hold at most ${maxRecordsPerMutation} records${together}, and holds ${count}: split them into several mutations`,
  );
}

function tooManyForRate(count: number, { recordsPerMinute }: Caller): InvalidInput {
  return issueWithRecords(
    `must hold at most ${recordsPerMinute} records, which is what your credential may schedule or validate a minute, and holds ${count}`,
  );
}

function issueWithRecords(message: string): InvalidInput {
  return new InvalidInput([{ path: ['input', 'records'], message }]);
}
