// Mutation.rescheduleCampaignRecords: the field and its one call into the domain, the rules for the request as a whole, the input and
// the payload.

import {
  endOfReschedule,
  type RescheduleOutcome,
  type RescheduleOutcomeEnd,
  type RescheduleResult,
  type RescheduleSummary,
} from '../records/reschedule-outcome.ts';
import { cleanNumeral, cleanText } from '../scheduling/text.ts';
import { builder } from './builder.ts';
import { idempotencyKeyRules, timeZoneRules } from './input-rules.ts';
import { InvalidInput } from './invalid-input.ts';
import { lifecycleErrors } from './lifecycle-errors.ts';
import { recordErrors, recordIndex } from './record-errors.ts';
import { recordListErrors } from './record-list-errors.ts';
import { requestErrors } from './request-errors.ts';
import { holdMemory, refuseOverRate } from './request-rules.ts';
import { needsRight, type Right } from './rights.ts';

/** What is kept of each under a key is written at every step. */
const maxRecords = 1000;

const bothRights: readonly Right[] = [{ scope: 'schedule' }, { scope: 'cancel' }];

builder.mutationField('rescheduleCampaignRecords', (t) =>
  t.field({
    type: RescheduleCampaignRecordsPayload,
    description:
      'Gives scheduled records another time, and says of every single one what became of it. Each is scheduled anew, with all of its columns, and then the former one is cancelled: whatever fails in between, nobody is left without a call silently, and where both are scheduled that is a `BothScheduledError`. Where somebody else cancels or reschedules the former one meanwhile, the new one is taken back, and the record is not found. The new record has an id of its own. A record that is due within a minute, unless this service is set otherwise, is left as it is. Needs the scopes `schedule` and `cancel`.',
    nullable: true,
    ...needsRight((_args: { input: object }) => bothRights),
    args: {
      input: t.arg({
        type: RescheduleCampaignRecordsInput,
        required: true,
        description: 'What to reschedule, and to when.',
      }),
    },
    errors: {
      types: [...requestErrors, ...recordListErrors],
      union: {
        name: 'RescheduleCampaignRecordsResult',
        description: 'The payload, or the reason why the request as a whole was not carried out.',
      },
    },
    resolve: (_root, { input }, context) => {
      const { caller, account, signal, request } = context;
      const records = input.records.map(({ id, scheduledTime }) => ({
        id: cleanNumeral(String(id)),
        scheduledTime,
      }));
      refuseWrongRecords(records);
      refuseOverRate(records.length, caller);
      holdMemory(records.length, context);
      return account.records.reschedule(
        {
          records,
          timeZone: input.timeZone ? cleanText(input.timeZone) : undefined,
          validateOnly: input.validateOnly ?? false,
          idempotencyKey: input.idempotencyKey ?? undefined,
          credential: caller.id,
          recordsPerMinute: caller.recordsPerMinute,
          campaigns: caller.campaigns,
        },
        signal,
        request,
      );
    },
  }),
);

/** A record that stands there twice would be scheduled twice. */
function refuseWrongRecords(records: readonly { id: string }[]): void {
  const refuse = (path: string[], message: string) => {
    throw new InvalidInput([{ path: ['input', 'records', ...path], message }]);
  };
  if (records.length === 0) refuse([], 'must hold at least one record');
  if (records.length > maxRecords)
    refuse([], `must hold at most ${maxRecords} records, and holds ${records.length}`);
  const firsts = new Map<string, number>();
  for (const [n, { id }] of records.entries()) {
    const first = firsts.get(id);
    if (first !== undefined) refuse([String(n), 'id'], `must not be that of record ${first} as well`);
    firsts.set(id, n);
  }
}

const RescheduleRecordInput = builder.inputType('RescheduleRecordInput', {
  description: 'A scheduled record, and its new time.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the record, as `campaignRecords` tells it.' }),
    scheduledTime: t.string({
      required: true,
      description: 'When to call instead, written as in `scheduleCampaignData`.',
    }),
  }),
});

const RescheduleCampaignRecordsInput = builder.inputType('RescheduleCampaignRecordsInput', {
  description: 'Records to reschedule, and how to go about it.',
  fields: (t) => ({
    records: t.field({
      type: [RescheduleRecordInput],
      required: true,
      description: `The records: at least 1, at most ${maxRecords}, each once.`,
    }),
    timeZone: t.field({
      type: 'TimeZone',
      description:
        "The zone of times that state no offset. Without it: the campaign's, else the account's (`limits.timeZone`).",
      validate: timeZoneRules,
    }),
    idempotencyKey: t.string({
      description:
        'A text of your own for this very request, 1 to 255 characters, best a UUID. Use one: after a time-out or a crash on either side, the same request with the same key finds out which records are scheduled anew, and goes on from there. What is settled is told again. The keys of other mutations are others. Ignored with `validateOnly`.',
      validate: idempotencyKeyRules,
    }),
    validateOnly: t.boolean({
      defaultValue: false,
      description:
        'Look the records up, check them with their new times, and change nothing: what could be rescheduled becomes a `ReschedulableRecord`. Without it: `false`.',
    }),
  }),
});

const RescheduleOutcomeFilter = builder.enumType('RescheduleOutcomeFilter', {
  description: 'What became of a record, as `RescheduleSummary` counts it.',
  values: {
    RESCHEDULED: { value: 'rescheduled', description: '`RescheduledRecord`' },
    BOTH_SCHEDULED: { value: 'bothScheduled', description: '`BothScheduledError`' },
    VALID: { value: 'valid', description: '`ReschedulableRecord`' },
    FAILED: { value: 'failed', description: 'Every other error but the one below.' },
    UNKNOWN: { value: 'unknown', description: '`OutcomeUnknownError`' },
  } satisfies Record<string, { value: RescheduleOutcomeEnd; description: string }>,
});

const RescheduleStatus = builder.enumType('RescheduleStatus', {
  description: 'The request in a word; `summary` and `results` say it in full, and always agree with it.',
  values: {
    RESCHEDULED: { description: 'Every record has its new time.' },
    PARTIALLY_RESCHEDULED: { description: 'Some records have their new times, others their former ones.' },
    NOT_RESCHEDULED: { description: 'Every record has its former time, or is not there.' },
    INDETERMINATE: {
      description:
        'At least one record is scheduled twice, or nobody can tell: see `BothScheduledError` and `OutcomeUnknownError`.',
    },
    VALIDATED: { description: '`validateOnly`: the records were checked, nothing was changed.' },
  } as const,
});

const RescheduleSummaryType = builder.objectRef<RescheduleSummary>('RescheduleSummary').implement({
  description: 'How many records came to which end. The other five always add up to `total`.',
  fields: (t) => ({
    total: t.exposeInt('total', { description: 'Records in the request, and results in the answer.' }),
    rescheduled: t.exposeInt('rescheduled', { description: '`RescheduledRecord`.' }),
    bothScheduled: t.exposeInt('bothScheduled', {
      description: 'Records that may be called twice: `BothScheduledError`.',
    }),
    valid: t.exposeInt('valid', { description: 'Records that could be rescheduled: `ReschedulableRecord`.' }),
    failed: t.exposeInt('failed', { description: 'Records that have their former time, or are not there.' }),
    unknown: t.exposeInt('unknown', {
      description: 'Records of which nobody can tell: `OutcomeUnknownError`.',
    }),
  }),
});

type Moved = Extract<RescheduleOutcome, { kind: 'RescheduledRecord' | 'ReschedulableRecord' }>;

type MovedFieldBuilder = PothosSchemaTypes.ObjectFieldBuilder<(typeof builder)['$inferSchemaTypes'], Moved>;

function movedFields(t: MovedFieldBuilder) {
  return {
    index: t.exposeInt('index', recordIndex),
    id: t.exposeID('id', { description: 'The id of the former record.' }),
    campaignName: t.exposeString('campaignName', { description: 'Its campaign.' }),
    formerScheduledTime: t.expose('formerScheduledTime', {
      type: 'DateTime',
      nullable: true,
      description: "The former instant. Null where the dialer's text was no time.",
    }),
    scheduledTime: t.expose('scheduledTime', { type: 'DateTime', description: 'The new instant.' }),
    dialerTime: t.exposeString('dialerTime', { description: "The same time on the dialer's own clock." }),
    shiftedFrom: t.expose('shiftedFrom', {
      type: 'DateTime',
      nullable: true,
      description:
        'The time that you asked for, where it was outside of the calling hours and the record was moved to `scheduledTime`, or where the dialer says that it took the record for another time. Null where the record has the time that you asked for.',
    }),
    message: t.exposeString('message', { description: 'What was done, or could be, for a person.' }),
  };
}

const RescheduledRecord = builder.objectRef<Moved>('RescheduledRecord').implement({
  description: 'The record has its new time, and the former one is gone.',
  fields: (t) => ({
    ...movedFields(t),
    newId: t.exposeID('newId', {
      nullable: true,
      description: "The id of the new record. Null where the dialer's list does not tell it: look it up.",
    }),
  }),
});

const ReschedulableRecord = builder.objectRef<Moved>('ReschedulableRecord').implement({
  description: 'The record can be given its new time, and was not: the request was `validateOnly`.',
  fields: movedFields,
});

const RescheduleRecordResult = builder.unionType('RescheduleRecordResult', {
  description:
    'What became of one record that was to be rescheduled. Switch on `__typename`; `... on RecordError` covers every error, those to come included. But for a `BothScheduledError` and an `OutcomeUnknownError`, a record with an error has its former time, if it is there at all.',
  types: () => [
    RescheduledRecord,
    ReschedulableRecord,
    ...Object.values(lifecycleErrors),
    ...Object.values(recordErrors),
  ],
  resolveType: ({ kind }) => kind,
});

const RescheduleCampaignRecordsPayload = builder
  .objectRef<RescheduleResult>('RescheduleCampaignRecordsPayload')
  .implement({
    description: 'The request was carried out; what became of each record stands in `results`.',
    fields: (t) => ({
      status: t.expose('status', { type: RescheduleStatus, description: 'The request in a word.' }),
      summary: t.expose('summary', { type: RescheduleSummaryType, description: 'The results, counted.' }),
      results: t.field({
        type: [RescheduleRecordResult],
        args: {
          only: t.arg({
            type: [RescheduleOutcomeFilter],
            description: 'Those alone that came to one of these ends. Without it: all of them.',
          }),
        },
        description: 'One result for each record of the input, in its order.',
        resolve: ({ results }, { only }) =>
          only ? results.filter(({ kind }) => only.includes(endOfReschedule(kind))) : results,
      }),
    }),
  });
