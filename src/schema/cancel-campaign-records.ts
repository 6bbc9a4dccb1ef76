// Mutation.cancelCampaignRecords: the field and its one call into the domain, the rules for the request as a whole, the input and the
// payload.

import type { CancelRequest, CancelResult } from '../records/cancellation.ts';
import {
  type CancelOutcome,
  type CancelOutcomeEnd,
  type CancelSummary,
  endOfCancel,
} from '../records/outcome.ts';
import { cleanNumeral, cleanText } from '../scheduling/text.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { idempotencyKeyRules } from './input-rules.ts';
import { InvalidInput } from './invalid-input.ts';
import { lifecycleErrors } from './lifecycle-errors.ts';
import { recordErrors, recordIndex } from './record-errors.ts';
import { recordListErrors } from './record-list-errors.ts';
import { requestErrors } from './request-errors.ts';
import { holdMemory, refuseControlCharacters } from './request-rules.ts';
import { needsRight, type Right } from './rights.ts';

type Input = typeof CancelCampaignRecordsInput.$inferInput;

builder.mutationField('cancelCampaignRecords', (t) =>
  t.field({
    type: CancelCampaignRecordsPayload,
    description:
      'Takes scheduled records back, and says of every single one what became of it. They are named by their ids, as `campaignRecords` tells them, or by a number in a campaign. To cancel what is cancelled already does no harm: ids are never used twice. An answer of the dialer that is lost is looked up in its list, and never assumed. Of campaigns that your credential may not use there are no records.',
    nullable: true,
    ...needsRight(
      ({ input: { campaignName } }: { input: { campaignName?: string | null | undefined } }): Right => ({
        scope: 'cancel',
        ...(campaignName && { campaign: cleanText(campaignName) }),
      }),
    ),
    args: {
      input: t.arg({
        type: CancelCampaignRecordsInput,
        required: true,
        description: 'What to cancel, and how.',
      }),
    },
    errors: {
      types: [...requestErrors, ...recordListErrors],
      union: {
        name: 'CancelCampaignRecordsResult',
        description: 'The payload, or the reason why the request as a whole was not carried out.',
      },
    },
    resolve: (_root, { input }, context) => {
      const target = targetOf(input, context);
      holdMemory('ids' in target ? target.ids.length : 1, context);
      const { caller, account, signal, request } = context;
      return account.records.cancel(
        {
          target,
          afterHandover: input.afterHandover ?? 'REFUSE',
          validateOnly: input.validateOnly ?? false,
          idempotencyKey: input.idempotencyKey ?? undefined,
          credential: caller.id,
          campaigns: caller.campaigns,
        },
        signal,
        request,
      );
    },
  }),
);

function targetOf(input: Input, context: Context): CancelRequest['target'] {
  const { ids, campaignName, phoneNumber, scheduledTime } = input;
  const isNamed = Boolean(campaignName || phoneNumber || scheduledTime);
  if (ids) {
    const { maxRecordsPerMutation } = context.account.limits;
    if (isNamed) throw invalid('ids', 'must stand alone: name records by ids, or by campaign and number');
    if (ids.length === 0) throw invalid('ids', 'must hold at least one id');
    if (ids.length > maxRecordsPerMutation)
      throw invalid('ids', `must hold at most ${maxRecordsPerMutation} ids, and holds ${ids.length}`);
    return { ids: ids.map((id) => cleanNumeral(String(id))) };
  }
  const { records } = context.account;
  const campaign = cleanText(campaignName ?? '');
  if (campaign === '') throw invalid('campaignName', 'must not be empty where there are no ids');
  refuseControlCharacters(campaign);
  const number = phoneNumber ? records.numberOf(phoneNumber) : undefined;
  if (number === undefined) throw invalid('phoneNumber', 'must be a phone number that can be dialled');
  if (!scheduledTime) return { campaignName: campaign, phoneNumber: number };
  const time = records.timeOf(scheduledTime, campaign);
  if (typeof time === 'object')
    throw invalid('scheduledTime', `${time.problem}: write 2026-11-25T10:00:00+05:30`);
  return { campaignName: campaign, phoneNumber: number, scheduledTime: time };
}

function invalid(field: string, message: string): InvalidInput {
  return new InvalidInput([{ path: ['input', field], message }]);
}

const AfterHandover = builder.enumType('AfterHandover', {
  description: 'What to do about a record whose time has come, and that is in its campaign already.',
  values: {
    REFUSE: { description: 'Leave it there: it is answered with an `AlreadyHandedOverError`.' },
    REMOVE_FROM_CAMPAIGN: {
      description:
        'Take its number out of the campaign. The dialer removes by number: other records of the same number in the campaign may go with it. At most 100 numbers a request.',
    },
  } as const,
});

const CancelCampaignRecordsInput = builder.inputType('CancelCampaignRecordsInput', {
  description:
    'The records to cancel: either `ids`, or `campaignName` and `phoneNumber`, with a `scheduledTime` where the number is scheduled more than once and not all of it is meant.',
  fields: (t) => ({
    ids: t.idList({
      description:
        'The ids of the records, at most `limits.maxRecordsPerMutation`. An id that stands here twice has two results, which are the same.',
    }),
    campaignName: t.string({ description: 'The campaign of the records.' }),
    phoneNumber: t.string({ description: 'Their number, written as in `scheduleCampaignData`.' }),
    scheduledTime: t.string({
      description:
        "Their time: ISO 8601 with an offset, or a local time on the campaign's clock. Without it: whatever their time.",
    }),
    afterHandover: t.field({
      type: AfterHandover,
      defaultValue: 'REFUSE',
      description: 'What to do about records that were handed over already. Without it: `REFUSE`.',
    }),
    idempotencyKey: t.string({
      description:
        'A text of your own for this very request, 1 to 255 characters, best a UUID. With the same key the same request tells again what it told, and carries on what was not settled. Without it, a record that this request has cancelled is not found the next time, which does no harm. The keys of `scheduleCampaignData` are others. Ignored with `validateOnly`.',
      validate: idempotencyKeyRules,
    }),
    validateOnly: t.boolean({
      defaultValue: false,
      description:
        'Look the records up and answer as usual, and change nothing: what could be cancelled becomes a `CancellableRecord`. Without it: `false`.',
    }),
  }),
});

const CancelOutcomeFilter = builder.enumType('CancelOutcomeFilter', {
  description: 'What became of a record, as `CancelSummary` counts it.',
  values: {
    CANCELLED: { value: 'cancelled', description: '`CancelledRecord`' },
    VALID: { value: 'valid', description: '`CancellableRecord`' },
    FAILED: { value: 'failed', description: 'Every error but the one below.' },
    UNKNOWN: { value: 'unknown', description: '`OutcomeUnknownError`' },
  } satisfies Record<Uppercase<CancelOutcomeEnd>, { value: CancelOutcomeEnd; description: string }>,
});

const CancelStatus = builder.enumType('CancelStatus', {
  description: 'The request in a word; `summary` and `results` say it in full, and always agree with it.',
  values: {
    CANCELLED: { description: 'Every record is cancelled.' },
    PARTIALLY_CANCELLED: { description: 'Some records are cancelled, others are not.' },
    NOT_CANCELLED: { description: 'No record was cancelled.' },
    INDETERMINATE: { description: 'For at least one record nobody can tell: see `OutcomeUnknownError`.' },
    VALIDATED: { description: '`validateOnly`: the records were looked up, nothing was changed.' },
  } as const,
});

const CancelSummaryType = builder.objectRef<CancelSummary>('CancelSummary').implement({
  description: 'How many results came to which end. The other four always add up to `total`.',
  fields: (t) => ({
    total: t.exposeInt('total', { description: 'Results in the answer.' }),
    cancelled: t.exposeInt('cancelled', { description: '`CancelledRecord`.' }),
    valid: t.exposeInt('valid', { description: 'Records that could be cancelled: `CancellableRecord`.' }),
    failed: t.exposeInt('failed', { description: 'Every error but the one below.' }),
    unknown: t.exposeInt('unknown', {
      description: 'Records of which nobody can tell: `OutcomeUnknownError`.',
    }),
  }),
});

type TakenBack = Extract<CancelOutcome, { kind: 'CancelledRecord' | 'CancellableRecord' }>;

type TakenBackFieldBuilder = PothosSchemaTypes.ObjectFieldBuilder<
  (typeof builder)['$inferSchemaTypes'],
  TakenBack
>;

function takenBackFields(t: TakenBackFieldBuilder) {
  return {
    index: t.exposeInt('index', recordIndex),
    id: t.exposeID('id', { description: "The record's id." }),
    campaignName: t.exposeString('campaignName', { description: 'Its campaign.' }),
    scheduledTime: t.expose('scheduledTime', {
      type: 'DateTime',
      nullable: true,
      description: 'The instant for which it was scheduled. Null where `dialerTime` is no time.',
    }),
    dialerTime: t.exposeString('dialerTime', { description: "The same time on the dialer's own clock." }),
    message: t.exposeString('message', { description: 'What was done, or would be, for a person.' }),
  };
}

const CancelledRecord = builder.objectRef<TakenBack>('CancelledRecord').implement({
  description: 'The record was taken back: nobody is called for it.',
  fields: (t) => ({
    ...takenBackFields(t),
    removedFromCampaign: t.exposeBoolean('removedFromCampaign', {
      description:
        'Whether it was handed over before, and its number was taken out of the campaign: other records of the number may be gone with it.',
    }),
  }),
});

const CancellableRecord = builder.objectRef<TakenBack>('CancellableRecord').implement({
  description: 'The record can be taken back, and was not: the request was `validateOnly`.',
  fields: (t) => ({
    ...takenBackFields(t),
    removedFromCampaign: t.exposeBoolean('removedFromCampaign', {
      description:
        'Whether it was handed over already, so that its number would be taken out of the campaign: other records of the number may go with it.',
    }),
  }),
});

const CancelRecordResult = builder.unionType('CancelRecordResult', {
  description:
    'What became of one record that was to be cancelled. Switch on `__typename`; `... on RecordError` covers every error, those to come included.',
  types: () => [
    CancelledRecord,
    CancellableRecord,
    lifecycleErrors.CampaignRecordNotFoundError,
    lifecycleErrors.AlreadyHandedOverError,
    recordErrors.InvalidApiKeyError,
    recordErrors.CampaignNotFoundError,
    recordErrors.InvalidApiKeyOrCampaignError,
    recordErrors.DialerRejectionError,
    recordErrors.DialerThrottledError,
    recordErrors.DialerUnavailableError,
    recordErrors.OutcomeUnknownError,
  ],
  resolveType: ({ kind }) => kind,
});

const CancelCampaignRecordsPayload = builder
  .objectRef<CancelResult>('CancelCampaignRecordsPayload')
  .implement({
    description: 'The request was carried out; what became of each record stands in `results`.',
    fields: (t) => ({
      status: t.expose('status', { type: CancelStatus, description: 'The request in a word.' }),
      summary: t.expose('summary', { type: CancelSummaryType, description: 'The results, counted.' }),
      results: t.field({
        type: [CancelRecordResult],
        args: {
          only: t.arg({
            type: [CancelOutcomeFilter],
            description: 'Those alone that came to one of these ends. Without it: all of them.',
          }),
        },
        description:
          'One result for each id of the input, in its order; for a number, one for each of its records, or a `CampaignRecordNotFoundError` where it has none.',
        resolve: ({ results }, { only }) =>
          only ? results.filter(({ kind }) => only.includes(endOfCancel(kind))) : results,
      }),
    }),
  });
