// RecordResult: the union that every record's outcome is a member of, and the two members that are no errors.

import type { Outcome, OutcomeEnd } from '../scheduling/outcome.ts';
import { builder } from './builder.ts';
import { callerReference, recordErrors, recordIndex } from './record-errors.ts';

type AcceptedOutcome = Extract<Outcome, { kind: 'ScheduledRecord' | 'ValidRecord' }>;

export const RecordResult = builder.unionType('RecordResult', {
  description:
    'What became of one record. Switch on `__typename`; `... on RecordError` covers every error, those to come included.',
  types: () => [ScheduledRecord, ValidRecord, ...Object.values(recordErrors)],
  resolveType: ({ kind }) => kind,
});

export const RecordOutcomeFilter = builder.enumType('RecordOutcomeFilter', {
  description: 'What became of a record, as `ScheduleSummary` counts it.',
  values: {
    SCHEDULED: { value: 'scheduled', description: '`ScheduledRecord`' },
    VALID: { value: 'valid', description: '`ValidRecord`' },
    FAILED: { value: 'failed', description: 'Every error but the two below.' },
    SKIPPED: { value: 'skipped', description: '`DuplicateRecordError`' },
    UNKNOWN: { value: 'unknown', description: '`OutcomeUnknownError`' },
  } satisfies Record<Uppercase<OutcomeEnd>, { value: OutcomeEnd; description: string }>,
});

const ScheduledRecord = builder.objectRef<AcceptedOutcome>('ScheduledRecord').implement({
  description: 'The dialer said that it has the record: the call will be made at its time.',
  fields: (t) => ({
    ...acceptedFields(t),
    message: t.exposeString('message', {
      description: "The dialer's own words, such as `Data updated successfully`.",
    }),
  }),
});

const ValidRecord = builder.objectRef<AcceptedOutcome>('ValidRecord').implement({
  description:
    'The record passes every check and was not sent: the request was `validateOnly`, or `errorPolicy` is `REJECT_EVERYTHING` and another record failed.',
  fields: (t) => ({
    ...acceptedFields(t),
    message: t.exposeString('message', { description: 'Why it was not sent.' }),
  }),
});

type AcceptedFieldBuilder = PothosSchemaTypes.ObjectFieldBuilder<
  (typeof builder)['$inferSchemaTypes'],
  AcceptedOutcome
>;

function acceptedFields(t: AcceptedFieldBuilder) {
  return {
    index: t.exposeInt('index', recordIndex),
    reference: t.exposeString('reference', callerReference),
    phoneNumber: t.exposeString('phoneNumber', {
      description: 'The number in E.164, such as `+919876543210`.',
    }),
    scheduledTime: t.expose('scheduledTime', { type: 'DateTime', description: 'The instant of the call.' }),
    dialerTime: t.exposeString('dialerTime', {
      description:
        "The same time on the dialer's own clock, `YYYY-MM-DD HH:mm:ss`, as the call centre's staff see it. Of an hour that daylight saving repeats there, the first passing is meant; a time in the second is refused.",
    }),
    shiftedFrom: t.expose('shiftedFrom', {
      type: 'DateTime',
      nullable: true,
      description:
        'The time that you asked for, where it was outside of the calling hours and the record was moved to `scheduledTime`, or where the dialer says that it took the record for another time. Null where the record has the time that you asked for.',
    }),
    name: t.exposeString('name', {
      nullable: true,
      description: 'The name as you wrote it, if you did, without blanks around it.',
    }),
    agentId: t.exposeString('agentId', {
      nullable: true,
      description: 'The agent who is to make the call, if one was named.',
    }),
    skill: t.exposeString('skill', {
      nullable: true,
      description: 'The skill the call is routed by, if one was named.',
    }),
  };
}
