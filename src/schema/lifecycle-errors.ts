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
        'The dialer has no such record, or your credential may not use its campaign. It was cancelled before, the dialer is done with it, or it never existed: nobody is called for it from now on.',
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
} satisfies { [Kind in LifecycleFailure['kind']]: unknown };
