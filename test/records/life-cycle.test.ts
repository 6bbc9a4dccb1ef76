// The whole life of leads: scheduled, listed by page, cancelled, rescheduled, and handed over at their time.

import { expect, it } from 'vitest';
import { RescheduleRecordsDocument } from '../gql/graphql.ts';
import { answered, leads, startStack } from '../harness.ts';
import { cancelled, list, nodes, waitingIds } from './listing.ts';

const dayMs = 86_400_000;

it('three hundred leads go their ways, and each is found where it is', async () => {
  // One request at a time, so that the dialer numbers the records in their order.
  const stack = await startStack({ env: { DIALER_CONCURRENCY: '1' } });
  const records = leads(300);
  records[299] = { ...records[299], phoneNumber: '9000000001' };
  expect(await stack.scheduled({ records })).toMatchObject({ status: 'SCHEDULED' });

  const ids: string[] = [];
  let after: string | null | undefined = null;
  for (let more = true; more; ) {
    const page = await list(stack, { first: 100, after });
    ids.push(...nodes(page).map(({ id }) => id));
    ({ endCursor: after, hasNextPage: more } = page.pageInfo);
  }
  expect(ids).toEqual(Array.from({ length: 300 }, (_, n) => String(n + 1)));

  const gone = await cancelled(stack, { ids: ids.slice(0, 100) });
  expect(gone).toMatchObject({ status: 'CANCELLED', summary: { cancelled: 100 } });
  const input = { records: ids.slice(100, 200).map((id) => ({ id, scheduledTime: '2026-11-28 10:00:00' })) };
  const moved = answered((await stack.send(RescheduleRecordsDocument, { input })).rescheduleCampaignRecords);
  expect(moved).toMatchObject({ status: 'RESCHEDULED', summary: { rescheduled: 100 } });
  expect((await list(stack)).totalCount).toBe(200);

  // The dialer hands the hundred over whose time was left as it was; one of them is not to be disturbed.
  stack.clock.now += dayMs;
  await expect.poll(async () => (await list(stack, { filter: { handoff: 'ADDED' } })).totalCount).toBe(99);
  const rejected = nodes(await list(stack, { filter: { handoff: 'REJECTED' } }));
  expect(rejected).toMatchObject([
    {
      phoneNumber: '+919000000001',
      handoff: { rejection: 'DO_NOT_DISTURB', time: '2026-11-26T04:30:00.000Z' },
    },
  ]);
  expect(waitingIds(stack)).toHaveLength(100);
  expect((await list(stack, { filter: { handoff: 'PENDING' } })).totalCount).toBe(100);
});
