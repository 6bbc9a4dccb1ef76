// Query.limits: what a front end may send, so that it need not learn it from refusals.

import { maxRowBytes } from '../scheduling/row.ts';
import { maxPriority, maxRowsPerRequest, minPriority } from '../upstream/contract.ts';
import { builder } from './builder.ts';
import type { Limits } from './context.ts';

builder.queryField('limits', (t) =>
  t.field({
    type: LimitsType,
    description:
      'The limits and defaults of `scheduleCampaignData`. They change only when this service is configured anew.',
    nullable: true,
    authScopes: { scope: 'read' },
    resolve: (_root, _args, { account }) => account.limits,
  }),
);

const LimitsType = builder.objectRef<Limits>('Limits').implement({
  description: 'What this API takes at most, and what it assumes where a record does not say.',
  fields: (t) => ({
    maxRecordsPerMutation: t.exposeInt('maxRecordsPerMutation', {
      description:
        'Records in one `scheduleCampaignData` at most. Split longer lists into several mutations.',
    }),
    idempotencyKeyHours: t.exposeInt('idempotencyKeyHours', {
      description:
        'Hours for which an `idempotencyKey` is kept, counted from its first use. After that it is free again.',
    }),
    recordsPerDialerRequest: t.int({
      description:
        'Records that go to the dialer in one request. Longer lists are cut into chunks of this size behind the scenes.',
      resolve: () => maxRowsPerRequest,
    }),
    horizonDays: t.exposeInt('horizonDays', {
      description: 'How many days ahead of now a `scheduledTime` may lie.',
    }),
    maxRowBytes: t.int({
      description: "Bytes of one record's headers and values together, in UTF-8, at most.",
      resolve: () => maxRowBytes,
    }),
    minPriority: t.int({ description: 'The lowest `priority`: dialled last.', resolve: () => minPriority }),
    maxPriority: t.int({ description: 'The highest `priority`: dialled first.', resolve: () => maxPriority }),
    timeZone: t.expose('timeZone', {
      type: 'TimeZone',
      description:
        "The account's zone: what times without an offset mean where neither the input nor the campaign names a zone.",
    }),
    region: t.exposeString('region', {
      description:
        'The ISO 3166 region in which phone numbers without a country code are read, such as `IN`.',
    }),
  }),
});
