// Query.limits: what a front end may send, so that it need not learn it from refusals.

import { maxRowBytes } from '../scheduling/row.ts';
import { maxPriority, maxRowsPerRequest, minPriority } from '../upstream/contract.ts';
import { builder } from './builder.ts';
import type { ImportLimits, Limits } from './context.ts';

builder.queryField('limits', (t) =>
  t.field({
    type: LimitsType,
    description:
      'The limits and defaults of `scheduleCampaignData` and `startImport`. They change only when this service is configured anew.',
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
    imports: t.expose('imports', { type: ImportLimitsType, description: 'What a file may be.' }),
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

const dayMs = 86_400_000;

const ImportLimitsType = builder.objectRef<ImportLimits>('ImportLimits').implement({
  description: 'What a file may be that is imported, and how many imports there may be at a time.',
  fields: (t) => ({
    maxFileBytes: t.exposeInt('maxFileBytes', { description: 'Bytes of a file, as it is sent, at most.' }),
    maxDecodedBytes: t.exposeInt('maxDecodedBytes', {
      description: 'Bytes of a file that is compressed, or a workbook, when it is unpacked, at most.',
    }),
    maxRows: t.exposeInt('maxRows', { description: 'Rows of a file at most, its header not counted.' }),
    maxRowBytes: t.exposeInt('maxRowBytes', { description: 'Bytes of one row at most.' }),
    maxColumns: t.exposeInt('maxColumns', { description: 'Columns of a file at most.' }),
    running: t.exposeInt('running', {
      description:
        'Imports of your account that are `CHECKING` or `RUNNING` at a time; others wait for their turn.',
    }),
    waiting: t.exposeInt('waiting', {
      description:
        'Imports of your account that wait besides, for their file, for a person or for their turn. Past that `startImport` answers a `TooManyImportsError`.',
    }),
    retentionDays: t.int({
      description:
        'Days for which files and results are kept after the end of an import, and for which an import waits for its file, or for a person.',
      resolve: ({ keptMs }) => keptMs / dayMs,
    }),
  }),
});
