// The kinds of error that a listed record can end with besides those of scheduling.

import type { LifecycleFailure } from '../records/outcome.ts';
import { builder } from './builder.ts';
import { HandoffType } from './campaign-record.ts';
import { type LifecycleOutcome, RecordError } from './record-errors.ts';

export const lifecycleErrors = {
  CampaignRecordNotFoundError: builder
    .objectRef<LifecycleOutcome<'CampaignRecordNotFoundError'>>('CampaignRecordNotFoundError')
    .implement({
      description:
        'The dialer has no such record, or your credential may not use its campaign. It was cancelled or rescheduled before, which gives it another id, the dialer is done with it, or it never existed: nobody is called for this id from now on.',
      interfaces: [RecordError],
      fields: (t) => ({
        givenId: t.exposeID('givenId', {
          nullable: true,
          description: 'The id that was given. Null where records were named by their number.',
        }),
      }),
    }),
  AlreadyHandedOverError: builder
    .objectRef<LifecycleOutcome<'AlreadyHandedOverError'>>('AlreadyHandedOverError')
    .implement({
      description:
        'The record was handed over to its campaign before, and is left there. `handoff` says what the campaign made of it. `afterHandover: REMOVE_FROM_CAMPAIGN` takes its number out of the campaign.',
      interfaces: [RecordError],
      fields: (t) => ({
        id: t.exposeID('id', { description: "The record's id." }),
        handoff: t.field({
          type: HandoffType,
          description: 'What became of it.',
          resolve: ({ handoff }) => ({ ...handoff, time: null }),
        }),
      }),
    }),
  RecordDueSoonError: builder
    .objectRef<LifecycleOutcome<'RecordDueSoonError'>>('RecordDueSoonError')
    .implement({
      description:
        'The record is due so soon that it may be handed over while it is rescheduled, and the person be called twice. It is left as it is.',
      interfaces: [RecordError],
      fields: (t) => ({
        id: t.exposeID('id', { description: "The record's id." }),
        scheduledTime: t.expose('scheduledTime', {
          type: 'DateTime',
          nullable: true,
          description: 'When it is due. Null where the dialer has no time that can be read.',
        }),
      }),
    }),
  BothScheduledError: builder
    .objectRef<LifecycleOutcome<'BothScheduledError'>>('BothScheduledError')
    .implement({
      description:
        'The record is scheduled anew, and the former one could not be cancelled, or nobody can tell whether it was, or somebody else has changed it meanwhile and the new one could not be taken back: the person may be called twice. Cancel one of `ids`, or send the same request with the same `idempotencyKey` again: then what was left undone is looked up, and done.',
      interfaces: [RecordError],
      fields: (t) => ({
        ids: t.exposeIDList('ids', {
          description:
            "The former record's id, and the new one's behind it, where the dialer's list tells that.",
        }),
      }),
    }),
} satisfies { [Kind in LifecycleFailure['kind']]: unknown };
