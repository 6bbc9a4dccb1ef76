// Query.campaignRecords: a Relay connection over the dialer's list of scheduled records.

import type { Place, RecordFilter, RecordPage } from '../records/record-list.ts';
import { RecordListTooLong, RecordListUnavailable, RecordsNotSupported } from '../records/request-error.ts';
import type { CampaignRecord as Listed } from '../records/row-reader.ts';
import { cleanText } from '../scheduling/text.ts';
import { builder } from './builder.ts';
import { CampaignRecord, HandoffStatus } from './campaign-record.ts';
import type { Context } from './context.ts';
import { type InputIssue, InvalidInput } from './invalid-input.ts';
import { recordListErrors } from './record-list-errors.ts';

const maxFirst = 100;

builder.queryField('campaignRecords', (t) =>
  t.field({
    type: CampaignRecordConnection,
    description:
      'The records that are scheduled with the dialer, in the order of their times, a page at a time: those of the campaigns that your credential may use, whoever scheduled them. The list is some seconds old at most, and has what was changed through this service. A record that is gone when its page is asked for is passed over. Where the list cannot be had, `edges` is null and `error` says why.',
    nullable: true,
    authScopes: { scope: 'read' },
    extensions: { maxItems: maxFirst },
    args: {
      first: t.arg.int({
        required: true,
        defaultValue: 50,
        description: `How many records at most: 1 to ${maxFirst}.`,
      }),
      after: t.arg.string({
        description:
          'Begin behind this cursor: the `pageInfo.endCursor` of the page before. Without it: at the beginning.',
      }),
      filter: t.arg({
        type: CampaignRecordFilter,
        description: 'Only records that pass all of this. Without it: all of them.',
      }),
    },
    resolve: async (_root, args, context): Promise<Connection> => {
      try {
        const { campaigns } = context.caller;
        const query = { ...readArguments(args, context), campaigns };
        const list = await context.loaders.scheduledRecords();
        return { page: await context.account.records.pageOf(list, query), error: null };
      } catch (error) {
        if (isRequestError(error)) return { page: null, error };
        throw error;
      }
    },
  }),
);

function isRequestError(error: unknown): error is Error {
  return error instanceof Error && errorTypes.has(error.constructor);
}

interface Arguments {
  first: number;
  after?: string | null | undefined;
  filter?: FilterInput | null | undefined;
}

type FilterInput = typeof CampaignRecordFilter.$inferInput;

function readArguments({ first, after, filter }: Arguments, context: Context) {
  const issues: InputIssue[] = [];
  if (first < 1 || first > maxFirst)
    issues.push({ path: ['first'], message: `must be from 1 to ${maxFirst}, and is ${first}` });
  const place = after ? readCursor(after) : undefined;
  if (place === null) issues.push({ path: ['after'], message: 'must be a cursor of this list' });
  const read = readFilter(filter ?? {}, context, issues);
  if (issues.length > 0) throw new InvalidInput(issues);
  return { first, after: place ?? undefined, filter: read };
}

function readFilter(
  { campaignName, phoneNumber, scheduledFrom, scheduledBefore, handoff }: FilterInput,
  { account: { records } }: Context,
  issues: InputIssue[],
): RecordFilter {
  const number = phoneNumber ? records.numberOf(phoneNumber) : undefined;
  if (phoneNumber && number === undefined)
    issues.push({ path: ['filter', 'phoneNumber'], message: 'must be a phone number that can be dialled' });
  const timeOf = (field: string, text: string | null | undefined) => {
    const time = text ? records.timeOf(text) : undefined;
    if (typeof time !== 'object') return time;
    issues.push({ path: ['filter', field], message: `${time.problem}: write 2026-11-25T10:00:00+05:30` });
    return undefined;
  };
  return {
    campaignName: campaignName ? cleanText(campaignName) : undefined,
    phoneNumber: number,
    scheduledFrom: timeOf('scheduledFrom', scheduledFrom),
    scheduledBefore: timeOf('scheduledBefore', scheduledBefore),
    handoff: handoff ?? undefined,
  };
}

/** Infinity has no JSON. */
function cursorOf({ time, id }: Place): string {
  return Buffer.from(JSON.stringify([time === Infinity ? null : time, id])).toString('base64url');
}

function readCursor(cursor: string): Place | null {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (!Array.isArray(read) || read.length !== 2) return null;
    const [time, id] = read as unknown[];
    if ((time !== null && !Number.isFinite(time)) || typeof id !== 'string') return null;
    return { time: time === null ? Infinity : (time as number), id };
  } catch {
    return null;
  }
}

const CampaignRecordFilter = builder.inputType('CampaignRecordFilter', {
  description: 'Which records to list: those that pass all of what is given.',
  fields: (t) => ({
    campaignName: t.string({
      description:
        'Records of this campaign. Of one that your credential may not use there are none, as of one that does not exist.',
    }),
    phoneNumber: t.string({
      description:
        'Records of this number, written as in `scheduleCampaignData`: with + and country code, or as it is dialled in `limits.region`.',
    }),
    scheduledFrom: t.string({
      description:
        "Records whose time is this or later: ISO 8601 with an offset, or a local time on the account's clock (`limits.timeZone`).",
    }),
    scheduledBefore: t.string({ description: 'Records whose time is before this, written likewise.' }),
    handoff: t.field({ type: HandoffStatus, description: 'Records of which this became.' }),
  }),
});

/** A page, or why there is none. */
type Connection = { page: RecordPage; error: null } | { page: null; error: Error };

const CampaignRecordConnection = builder.objectRef<Connection>('CampaignRecordConnection').implement({
  description: 'A page of scheduled records, or the reason why there is none: select `error` as well.',
  fields: (t) => ({
    edges: t.field({
      type: [CampaignRecordEdge],
      nullable: true,
      description:
        'The records of the page, in order. Null where there is an `error`: nothing is known then.',
      resolve: ({ page }) =>
        page?.records.map(({ record, place }) => ({ node: record, cursor: cursorOf(place) })),
    }),
    pageInfo: t.field({
      type: PageInfo,
      description: 'Whether there are more, and where they begin.',
      resolve: ({ page }) => ({
        hasNextPage: page?.hasNextPage ?? false,
        hasPreviousPage: page?.hasPreviousPage ?? false,
        startCursor: placeOf(page?.records.at(0)),
        endCursor: placeOf(page?.records.at(-1)),
      }),
    }),
    totalCount: t.int({
      nullable: true,
      description: 'How many records pass the filter, on whatever page. Null where there is an `error`.',
      resolve: ({ page }) => page?.totalCount ?? null,
    }),
    error: t.field({
      type: CampaignRecordsError,
      nullable: true,
      description: 'Why there is no page. Null where all is well.',
      resolve: ({ error }) => error && told(error),
    }),
  }),
});

/** By class. */
const errorTypes = new Map<unknown, string>([
  [InvalidInput, 'InvalidInputError'],
  [RecordsNotSupported, 'RecordsNotSupportedError'],
  [RecordListUnavailable, 'RecordListUnavailableError'],
  [RecordListTooLong, 'RecordListTooLongError'],
]);

/** graphql-js throws an error that it is handed as a value. */
function told(error: Error): Error {
  return { ...error, name: errorTypes.get(error.constructor) ?? '', message: error.message };
}

const CampaignRecordsError = builder.unionType('CampaignRecordsError', {
  description:
    'Why a page of records cannot be told. `... on RequestError { message }` covers every reason, those to come included.',
  types: [InvalidInput, ...recordListErrors],
  resolveType: ({ name }) => name,
});

function placeOf(record: { place: Place } | undefined): string | null {
  return record === undefined ? null : cursorOf(record.place);
}

const CampaignRecordEdge = builder
  .objectRef<{ node: Listed; cursor: string }>('CampaignRecordEdge')
  .implement({
    description: 'A record, and where it stands in the list.',
    fields: (t) => ({
      node: t.expose('node', { type: CampaignRecord, description: 'The record.' }),
      cursor: t.exposeString('cursor', { description: 'For `after`: what comes behind this record.' }),
    }),
  });

interface PageInfoShape {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string | null;
  endCursor: string | null;
}

export const PageInfo = builder.objectRef<PageInfoShape>('PageInfo').implement({
  description: 'Where a page lies in its list, as Relay has it.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', {
      description: 'Whether there is more behind the page.',
    }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      description: 'Whether there is more before the page.',
    }),
    startCursor: t.exposeString('startCursor', {
      nullable: true,
      description: 'The cursor of the first on the page. Null for an empty page.',
    }),
    endCursor: t.exposeString('endCursor', {
      nullable: true,
      description: 'The cursor of the last on the page: the `after` of the next one. Null for an empty page.',
    }),
  }),
});
