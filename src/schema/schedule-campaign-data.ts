// Mutation.scheduleCampaignData: the field and its one call into the domain, the input and the payload.

import type { ScheduleResult } from '../scheduling/conclude.ts';
import { endOf, type Summary } from '../scheduling/outcome.ts';
import { cleanText } from '../scheduling/text.ts';
import { builder } from './builder.ts';
import { campaignDataFields } from './campaign-data-input.ts';
import { idempotencyKeyRules } from './input-rules.ts';
import { RecordOutcomeFilter, RecordResult } from './record-result.ts';
import { requestErrors } from './request-errors.ts';
import {
  holdMemory,
  refuseControlCharacters,
  refuseOverRate,
  refuseTooManyRecords,
} from './request-rules.ts';
import { needsRight } from './rights.ts';

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
      types: requestErrors,
      union: {
        name: 'ScheduleCampaignDataResult',
        description: 'The payload, or the reason why the request as a whole was not carried out.',
      },
    },
    resolve: (_root, { input }, context) => {
      const campaignName = cleanText(input.campaignName);
      const { caller, account, signal, request } = context;
      refuseControlCharacters(campaignName);
      refuseTooManyRecords(input.records.length, context);
      refuseOverRate(input.records.length, caller);
      holdMemory(input.records.length, context);
      return account.scheduling.schedule(
        {
          campaignName,
          records: input.records,
          timeZone: input.timeZone ? cleanText(input.timeZone) : undefined,
          duplicates: input.duplicates ?? 'ALLOW',
          errorPolicy: input.errorPolicy ?? 'REJECT_FAILED_RECORDS',
          idempotencyKey: input.idempotencyKey ?? undefined,
          credential: caller.id,
          recordsPerMinute: caller.recordsPerMinute,
          validateOnly: input.validateOnly ?? false,
        },
        signal,
        request,
      );
    },
  }),
);

const ScheduleCampaignDataInput = builder.inputType('ScheduleCampaignDataInput', {
  description: 'Records to schedule, the campaign they go to, and how to go about it.',
  fields: (t) => ({
    ...campaignDataFields(t),
    errorPolicy: t.field({
      type: ErrorPolicy,
      defaultValue: 'REJECT_FAILED_RECORDS',
      description:
        'Whether records that fail their checks keep the others from being scheduled. Without it: `REJECT_FAILED_RECORDS`.',
    }),
    idempotencyKey: t.string({
      description:
        'A text of your own for this very request, 1 to 255 characters, best a UUID. One retry rule: send the same request with the same key as often as you like, after a time-out or a crash on either side too. What is settled is told again, what is unknown is looked up, and only what was certainly not accepted (`retryable`) is sent, if its time still allows. With the same key and another input you get an `IdempotencyConflictError`. Keys are kept for `limits.idempotencyKeyHours`. To send records anew, use a new key. Ignored with `validateOnly`.',
      validate: idempotencyKeyRules,
    }),
    validateOnly: t.boolean({
      defaultValue: false,
      description:
        'Check the records and answer as usual, and send nothing: valid ones become `ValidRecord`. Without it: `false`. For a form that checks while a person types, `Query.validateCampaignData` is cheaper, and takes nothing from your rate.',
    }),
  }),
});

export const ErrorPolicy = builder.enumType('ErrorPolicy', {
  description: 'What a record that fails its checks means for the others.',
  values: {
    REJECT_FAILED_RECORDS: { description: 'Records that fail are left out; all others are scheduled.' },
    REJECT_EVERYTHING: {
      description:
        'Nothing is sent unless every record is valid. Duplicates that are skipped are no failure.',
    },
  } as const,
});

export const ScheduleCampaignDataPayload = builder
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
        extensions: { isLong: true },
        resolve: ({ results }, { only }) =>
          only ? results.filter(({ kind }) => only.includes(endOf(kind))) : results,
      }),
    }),
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
