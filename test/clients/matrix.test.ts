// The clients' own matrix: each client, as the docs set it up, over the real server. What it hands a page is held against what the
// server answers. A new case is one more test, and a new client one more line.

import type { ScheduleCampaignDataInput } from '@dialgraph/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { hashOf } from '../../src/auth/callers.ts';
import { answered, lead, leads, type RecordResult, type Stack, shortBodies, startStack } from '../harness.ts';
import { csvOf, numberOf, started, startImportStack, upload } from '../imports/importing.ts';
import { apollo } from './apollo.ts';
import type { Client, Page, Progress, Told } from './client.ts';
import { relay } from './relay/relay-page.ts';
import { graphqlRequest, plainFetch, tada } from './uncached.ts';
import { documentCache, graphcache } from './urql.ts';

const clients = [apollo, documentCache, graphcache, relay, graphqlRequest, tada, plainFetch];
const caching = [apollo, documentCache, graphcache, relay];

const token = 'dg_key';
const slowToken = 'dg_slow';
const keys = [
  { name: 'web', hash: hashOf(token), scopes: ['schedule', 'read', 'cancel'] },
  { name: 'slow', hash: hashOf(slowToken), scopes: ['schedule'], recordsPerMinute: 1 },
];

/** A list of which one record is good, and the others are wrong in two places, and in one. */
const list: ScheduleCampaignDataInput = {
  campaignName: 'Sales_Demo',
  records: [
    lead(0),
    lead(1, { phoneNumber: '12345', priority: 100 }),
    lead(2, { scheduledTime: 'soon' }),
    { reference: 'nobody', scheduledTime: '2026-11-26 10:00:00' },
  ],
};

let stack: Stack;
beforeAll(async () => {
  const env = { AUTH: JSON.stringify({ keys }), ...shortBodies };
  stack = await startStack({ env, onFinished: afterAll });
  // From now on it may schedule nothing, since the clock stands still.
  await plainFetch.open(stack.url, slowToken).schedule({ ...list, records: leads(1) });
});
beforeEach(() => stack.sandbox.reset());

/** What every page shows of a result. */
function shown(result: RecordResult) {
  const { __typename, index, reference } = result;
  if (!('code' in result)) return { __typename, index, reference, dialerTime: result.dialerTime };
  const { code, field, message, retryable, problems } = result;
  return { __typename, index, reference, code, field, message, retryable, problems };
}

/** What the server says of the list, by no client at all. */
let results: RecordResult[];
let validated: RecordResult[];
beforeAll(async () => {
  const { scheduled } = await startStack({ onFinished: afterAll });
  ({ results } = await scheduled(list));
  ({ results: validated } = await scheduled({ ...list, validateOnly: true }));
  expect(results[1]).toMatchObject({
    __typename: 'InvalidPhoneNumberError',
    index: 1,
    code: 'INVALID_PHONE_NUMBER',
    message: expect.stringContaining('***45'),
    problems: [
      { field: 'phoneNumber', reason: 'TOO_SHORT' },
      { field: 'priority', reason: 'OUT_OF_RANGE' },
    ],
  });
});

function expectAll(told: Told | null | undefined, expected: RecordResult[]): void {
  expect(told?.results).toMatchObject(expected.map(shown));
}

async function failureOf({ errorsOf }: Client, asked: Promise<unknown>) {
  const thrown = await asked.then(
    () => undefined,
    (error: unknown) => error,
  );
  return errorsOf(thrown).map(({ extensions }) => extensions);
}

describe.each(clients)('$name', (client) => {
  it('asks a query', async () => {
    const page = client.open(stack.url, token);
    for (let n = 0; n < 2; n++) expect(await page.region()).toBe('IN');
  });

  it('has everything of a mutation with failing records', async () => {
    expectAll(await client.open(stack.url, token).schedule(list), results);
    expect(stack.sandbox.ledger).toHaveLength(1);
  });

  it('has everything of a query with failing records, and of what it keeps of it', async () => {
    const { validate, cache } = client.open(stack.url, token);
    expectAll(await validate(list), validated);
    if (cache !== undefined) expectAll(cache.validated(list), validated);
  });

  it('has everything of a request that is refused as a whole', async () => {
    const page = client.open(stack.url, token);
    expect(await page.schedule({ ...list, records: [] })).toMatchObject({
      __typename: 'InvalidInputError',
      message: expect.stringMatching(/./),
    });
  });

  it('is told when its credential may schedule more', async () => {
    const page = client.open(stack.url, slowToken);
    expect(await page.schedule({ ...list, records: leads(1) })).toMatchObject({
      __typename: 'RateLimitedError',
      message: expect.stringMatching(/./),
      retryAfterSeconds: expect.any(Number),
    });
    expect(stack.sandbox.requests).toEqual([]);
  });

  it('is told that its credential is not good', async () => {
    const page = client.open(stack.url, 'dg_other');
    for (const ask of [page.region, () => page.schedule(list), () => page.watch('1', () => {})])
      expect(await failureOf(client, ask())).toMatchObject([{ code: 'UNAUTHENTICATED' }]);
    expect(stack.sandbox.requests).toEqual([]);
  });

  it('is told that its credential may not ask for this', async () => {
    const asked = client.open(stack.url, slowToken).region();
    expect(await failureOf(client, asked)).toMatchObject([{ code: 'FORBIDDEN' }]);
  });

  it('is told that there is nothing to watch', async () => {
    const asked = client.open(stack.url, token).watch('none', () => {});
    expect(await failureOf(client, asked)).toMatchObject([{ code: 'NOT_FOUND' }]);
  });

  it('is told that its request is too long', async () => {
    const records = [lead(0, { reference: 'x'.repeat(4_300_000) })];
    const asked = client.open(stack.url, token).schedule({ ...list, records });
    expect(await failureOf(client, asked)).toMatchObject([{ code: 'BODY_TOO_LARGE' }]);
    expect(stack.sandbox.requests).toEqual([]);
  });

  it('sends a persisted operation by its id', async () => {
    const { file, open } = client.persisted;
    const env = { PERSISTED_OPERATIONS_FILE: file, PERSISTED_OPERATIONS_ONLY: 'on' };
    const { url, sandbox } = await startStack({ env });
    const page = open(url, token);
    expect(await page.region()).toBe('IN');
    expectAll(await page.schedule(list), results);
    expect(sandbox.ledger).toHaveLength(1);
  });

  it('is told where there are no persisted operations', async () => {
    const page = client.persisted.open(stack.url, token);
    if (client === apollo) {
      // It sends the whole document then, once.
      expectAll(await page.schedule(list), results);
      expect(stack.sandbox.ledger).toHaveLength(1);
    } else {
      expect(await failureOf(client, page.schedule(list))).toMatchObject([
        { code: 'PERSISTED_QUERY_NOT_SUPPORTED' },
      ]);
      expect(stack.sandbox.requests).toEqual([]);
    }
  });
});

describe.each(caching)('the cache of $name', (client) => {
  it('keeps results apart that speak of the same record', async () => {
    const { url, scheduled } = await startStack();
    await scheduled({ records: leads(2) });
    expect(await client.open(url, token).cache?.cancelled(['1', 'none', '1'])).toMatchObject({
      results: [
        { __typename: 'CancelledRecord', index: 0, id: '1' },
        { __typename: 'CampaignRecordNotFoundError', index: 1, givenId: 'none' },
        { __typename: 'CancelledRecord', index: 2, id: '1' },
      ],
    });
  });

  it('keeps a record and a campaign apart that have the same id', async () => {
    const { url, sandbox } = await startStack();
    // The sandbox's first campaign has the id 256.
    sandbox.fill(255);
    sandbox.fill(1, { campaignName: 'Agents_Demo' });
    const kept = await client.open(url, token).cache?.listed();
    const record = answered(kept?.find(({ id }) => id === '256'));
    expect(record.headers).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ header: expect.any(String), value: expect.any(String) }),
      ]),
    );
  });
});

describe('an import', () => {
  it.each(clients)('is watched to its end by $name', async (client) => {
    const imports = await startImportStack({ env: { PERSISTED_OPERATIONS_FILE: client.persisted.file } });
    const { url } = imports;
    const file = csvOf(3, (n) =>
      n === 1 ? '12345,soon,Nobody' : `${numberOf(n)},2026-11-26 10:00:00,Lead ${n}`,
    );
    const { id } = await started(imports, file);
    const watch = (page: Pick<Page, 'watch'>) => {
      const seen: Progress[] = [];
      let ended = Promise.resolve();
      // What is there at the beginning is told at once.
      const begun = new Promise<void>((resolve, reject) => {
        ended = page.watch(id, (progress) => resolve(void seen.push(progress)));
        ended.catch(reject);
      });
      return { seen, begun, ended };
    };
    const watching = [client.open(url, token), client.persisted.open(url, token)].map(watch);
    await Promise.all(watching.map(({ begun }) => begun));
    await upload(imports, id, file);
    await Promise.all(watching.map(({ ended }) => ended));
    for (const { seen } of watching) {
      expect(seen[0]).toMatchObject({ state: 'AWAITING_FILE', counts: { total: null } });
      expect(seen.at(-1)).toMatchObject({ state: 'FINISHED', counts: { total: 3, scheduled: 2, failed: 1 } });
    }
  });
});

describe('a service at work on as much as it takes', () => {
  let busy: Stack;
  beforeAll(async () => {
    const env = { MAX_RECORDS_PER_MUTATION: '2', MAX_RECORDS_IN_FLIGHT: '2' };
    busy = await startStack({ env, onFinished: afterAll });
    busy.sandbox.script({ fault: 'hang-before' });
    busy.schedule({ records: leads(2) }).catch(() => {});
    await vi.waitFor(() => expect(busy.sandbox.requests).toHaveLength(1), 60_000);
  });

  it.each(clients)('tells $name when to ask again', async (client) => {
    const page = client.open(busy.url, token);
    expect(await page.schedule({ ...list, records: leads(1) })).toMatchObject({
      __typename: 'OverloadedError',
      message: expect.stringMatching(/./),
      retryAfterSeconds: 5,
    });
  });
});

describe('a service that answers a request before it is read', () => {
  const jwt = { issuer: 'https://issuer.example', audience: 'dialgraph', jwksUri: 'http://127.0.0.1:9/jwks' };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: jwt.issuer,
    aud: jwt.audience,
    sub: 'asha',
    exp: Math.floor(Date.now() / 1000) + 3600,
  };
  const unknown = `${part({ alg: 'RS256', kid: 'k1' })}.${part(claims)}.${part({})}`;

  it.each(clients)('tells $name when to ask again', async (client) => {
    const { url } = await startStack({ env: { AUTH: JSON.stringify({ jwt }) } });
    const page = client.open(url, unknown);
    for (const ask of [page.region, () => page.schedule(list)])
      expect(await failureOf(client, ask())).toMatchObject([
        { code: 'AUTHENTICATION_UNAVAILABLE', retryAfterSeconds: 5 },
      ]);
  });
});
