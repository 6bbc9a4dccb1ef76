// What the soak's callers do to records that are scheduled: they look them up in the list, page by page, and cancel or reschedule
// them, each change under a key of its own, as often as it takes. Keeps what every change was told.

import {
  CampaignRecordsDocument,
  type CampaignRecordsQuery,
  CancelRecordsDocument,
  type CancelRecordsMutation,
  RescheduleRecordsDocument,
  type RescheduleRecordsMutation,
} from '../gql/graphql.ts';
import { type Asked, bodyOf, type Caller, type Payload, type Try } from './caller.ts';
import { campaignName, type PlannedChange, type PlannedMutation } from './mutations.ts';
import type { Openness, ViolationKind } from './story.ts';

type Cancelled = NonNullable<CancelRecordsMutation['cancelCampaignRecords']>;
type Rescheduled = NonNullable<RescheduleRecordsMutation['rescheduleCampaignRecords']>;
export type ChangePayload =
  | Extract<Cancelled, { __typename: 'CancelCampaignRecordsPayload' }>
  | Extract<Rescheduled, { __typename: 'RescheduleCampaignRecordsPayload' }>;
export type ChangeResult = ChangePayload['results'][number];

/** Everything that happened to one change. */
export interface ChangeStory {
  readonly change: PlannedChange;
  /** Of the records that are changed, in the order of the results. */
  readonly numbers: readonly string[];
  readonly body: string;
  /** In the order in which they began. */
  readonly tries: Try<ChangePayload>[];
}

export interface Changes {
  readonly all: readonly ChangeStory[];
  /** How many pages were read. */
  readonly pages: () => number;
  /** Looks up what was scheduled of a mutation, and changes it as planned. */
  begin(mutation: PlannedMutation, told: Payload): Promise<void>;
  /** Sends a change again. */
  ask(story: ChangeStory): Promise<void>;
  /** Changes with records whose last answer is of these kinds. */
  open(kinds: readonly Openness[]): ChangeStory[];
}

export interface ChangesParts {
  readonly caller: Caller;
  blame(kind: ViolationKind, text: string): void;
}

/** Short, so that every list has several. */
const pageLength = 7;
/** A list may be some seconds old. */
const listedWithinMs = 30_000;

export function createChanges({ caller, blame }: ChangesParts): Changes {
  const all: ChangeStory[] = [];
  let pages = 0;

  const ask = async (story: ChangeStory, hangsUpAfterMs: readonly number[] = [], notReplica?: number) => {
    try {
      await caller.ask(askToChange(story), hangsUpAfterMs, notReplica);
    } catch (error) {
      blame('unanswered', (error as Error).message);
    }
  };

  const listAll = async ({ key, time }: PlannedChange): Promise<Node[]> => {
    const nodes: Node[] = [];
    for (let after: string | null = null; ; ) {
      const { payload }: Try<Page> = await caller.ask(askForPage(key, time, after));
      pages++;
      for (const { node } of payload?.edges ?? []) nodes.push(node);
      if (payload?.pageInfo.hasNextPage !== true) return nodes;
      after = payload.pageInfo.endCursor ?? null;
    }
  };

  /** The ids of numbers that were told to be scheduled. */
  const findIds = async (change: PlannedChange, numbers: readonly string[]): Promise<Map<string, string>> => {
    const until = Date.now() + listedWithinMs;
    for (;;) {
      const ids = new Map<string, string>();
      for (const { id, phoneNumber } of await listAll(change)) {
        const number = phoneNumber.slice(-10);
        if (ids.has(number)) blame('twice', `${change.key}: ${number} is listed twice`);
        ids.set(number, id);
      }
      const missing = numbers.filter((number) => !ids.has(number));
      if (missing.length === 0) return ids;
      if (Date.now() < until) continue;
      blame('lost', `${change.key}: told scheduled, and not listed: ${missing.join()}`);
      return ids;
    }
  };

  return {
    all,
    pages: () => pages,
    async begin({ change, leads }, { results }) {
      const scheduled = leads
        .filter((_, n) => results[n]?.__typename === 'ScheduledRecord')
        .map(({ number }) => number);
      if (change === null || scheduled.length === 0) return;
      try {
        const ids = await findIds(change, scheduled);
        const numbers = change.what === 'cancel-number' ? scheduled.slice(0, 1) : scheduled;
        const body = bodyOfChange(change, numbers, ids);
        const story: ChangeStory = { change, numbers, body, tries: [] };
        all.push(story);
        const { doubledAfterMs } = change;
        const first = ask(story, change.hangsUpAfterMs);
        if (doubledAfterMs !== null) {
          await new Promise((resolve) => setTimeout(resolve, doubledAfterMs));
          await ask(story, [], story.tries[0]?.replica);
        }
        await first;
      } catch (error) {
        blame('unanswered', (error as Error).message);
      }
    },
    ask: (story) => ask(story),
    open: (kinds) =>
      all.filter(({ tries }) =>
        lastAnswered(tries)?.payload?.results.some((result) => kinds.includes(opennessOf(result))),
      ),
  };
}

/** What asking again may do about a result. */
export function opennessOf(result: ChangeResult): Openness {
  if (result.__typename === 'OutcomeUnknownError') return 'unknown';
  if (result.__typename === 'BothScheduledError') return 'retryable';
  return 'retryable' in result && result.retryable ? 'retryable' : 'settled';
}

/** The answer that came last; undefined where none came. */
export function lastAnswered(tries: readonly Try<ChangePayload>[]): Try<ChangePayload> | undefined {
  return tries
    .filter(({ payload }) => payload !== null)
    .reduce<Try<ChangePayload> | undefined>(
      (last, attempt) => (attempt.endedAt >= (last?.endedAt ?? 0) ? attempt : last),
      undefined,
    );
}

function bodyOfChange(
  { what, key: idempotencyKey, newTime, time }: PlannedChange,
  numbers: readonly string[],
  ids: ReadonlyMap<string, string>,
): string {
  const wanted = numbers.map((number) => ids.get(number) ?? '');
  switch (what) {
    case 'cancel':
      return bodyOf(CancelRecordsDocument, { input: { ids: wanted, idempotencyKey } });
    case 'cancel-number': {
      const [phoneNumber = ''] = numbers;
      const input = { campaignName, phoneNumber, scheduledTime: time, idempotencyKey };
      return bodyOf(CancelRecordsDocument, { input });
    }
    case 'reschedule': {
      const records = wanted.map((id) => ({ id, scheduledTime: newTime }));
      return bodyOf(RescheduleRecordsDocument, { input: { records, idempotencyKey } });
    }
    default:
      return what satisfies never;
  }
}

function askToChange({ change: { key }, body, tries }: ChangeStory): Asked<ChangePayload> {
  return {
    key,
    body,
    read(data) {
      const { cancelCampaignRecords, rescheduleCampaignRecords } = data as CancelRecordsMutation &
        RescheduleRecordsMutation;
      const result = cancelCampaignRecords ?? rescheduleCampaignRecords;
      switch (result?.__typename) {
        case 'CancelCampaignRecordsPayload':
        case 'RescheduleCampaignRecordsPayload':
          return result;
        case 'OverloadedError':
        case 'RecordListUnavailableError':
          return result.__typename;
        default:
          return null;
      }
    },
    onTry: (attempt) => void tries.push(attempt),
  };
}

type Page = NonNullable<CampaignRecordsQuery['campaignRecords']>;
type Node = NonNullable<Page['edges']>[number]['node'];

function askForPage(key: string, time: string, after: string | null): Asked<Page> {
  const scheduledBefore = new Date(Date.parse(time) + 1000).toISOString();
  const filter = { campaignName, scheduledFrom: time, scheduledBefore };
  return {
    key: `the list for ${key}`,
    body: bodyOf(CampaignRecordsDocument, { first: pageLength, after, filter }),
    read(data) {
      const page = (data as CampaignRecordsQuery).campaignRecords;
      if (page?.error?.__typename === 'RecordListUnavailableError') return page.error.__typename;
      return page?.edges ? page : null;
    },
    onTry() {},
  };
}
