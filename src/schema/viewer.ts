// Query.viewer: whoever asks, as this service knows it, so that a front end shows only what its user may do.

import type { Caller } from '../auth/callers.ts';
import { type Scope, scopes } from '../config/callers.ts';
import { builder } from './builder.ts';

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerType,
    description: 'Who you are to this service, and what you may do. Every credential may ask.',
    nullable: true,
    resolve: (_root, _args, { caller }) => caller,
  }),
);

const ViewerType = builder.objectRef<Caller>('Viewer').implement({
  description: 'The holder of the credential that the request was sent with.',
  fields: (t) => ({
    name: t.exposeString('name', {
      description:
        'The name of the API key, or the subject of the token; `everybody` where this service asks for no credential.',
    }),
    account: t.exposeString('account', { description: "The dialer's account that your requests are for." }),
    scopes: t.field({
      type: [ScopeEnum],
      description: 'What you may do.',
      resolve: (caller) => scopes.filter((scope) => caller.scopes.has(scope)),
    }),
    campaigns: t.stringList({
      nullable: true,
      description:
        'The names of the campaigns that you may use; any other does not exist for you. Null: every campaign.',
      resolve: ({ campaigns }) => campaigns && [...campaigns].sort(),
    }),
    rate: t.field({
      type: RecordRateType,
      nullable: true,
      description: 'How many records you may schedule. Null: as many as come.',
      resolve: ({ id, recordsPerMinute }, _args, { account }) => {
        const left = account.scheduling.rateLeft({ credential: id, recordsPerMinute });
        return left && recordsPerMinute !== undefined ? { ...left, recordsPerMinute } : null;
      },
    }),
  }),
});

const RecordRateType = builder
  .objectRef<{ recordsPerMinute: number; records: number; fullInMs: number }>('RecordRate')
  .implement({
    description:
      'How many records a credential may schedule. What is taken comes back evenly, `recordsPerMinute` within each minute. Each process of this service counts for itself.',
    fields: (t) => ({
      recordsPerMinute: t.exposeInt('recordsPerMinute', {
        description: 'Records that may be scheduled a minute, and at once at most.',
      }),
      recordsLeft: t.exposeInt('records', {
        description:
          'Records that may be scheduled now. One mutation with more is answered with a `RateLimitedError`.',
      }),
      fullInSeconds: t.int({
        description:
          'Seconds until `recordsLeft` is `recordsPerMinute` again, if nothing is scheduled meanwhile.',
        resolve: ({ fullInMs }) => Math.ceil(fullInMs / 1000),
      }),
    }),
  });

const ScopeEnum = builder.enumType('Scope', {
  description: 'What a credential may do.',
  values: {
    SCHEDULE: {
      value: 'schedule',
      description:
        '`scheduleCampaignData`, `validateCampaignData`, and imports with their files. With `CANCEL` as well: `rescheduleCampaignRecords`.',
    },
    READ: {
      value: 'read',
      description:
        '`limits`, `campaigns`, `campaignRecords` with their whole phone numbers, and imports with their progress and results.',
    },
    CANCEL: {
      value: 'cancel',
      description: '`cancelCampaignRecords`. With `SCHEDULE` as well: `rescheduleCampaignRecords`.',
    },
  } satisfies Record<Uppercase<Scope>, { value: Scope; description: string }>,
});
