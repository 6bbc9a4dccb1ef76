// This package beside a server of another age, and a clock that is wrong.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buildSchema, type GraphQLSchema, parse, print, validate, visit } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import {
  fetchTransport,
  memoryStore,
  type RecordResult,
  type ScheduleAllOptions,
  type ScheduleAllProgress,
  schedule,
  scheduleAll,
  type Transport,
  unfinishedJobs,
  unfinishedUploads,
  uploadImport,
  watchImport,
} from '../../client/src/index.ts';
import { leads, ledgerNumbers, startStack } from '../harness.ts';

const list = leads(5);

/** Answers what a list needs; `results` makes those of a part. */
function fake(results: (count: number) => object[]): Transport {
  return async ({ query, variables }) => {
    if (query.includes('query Limits'))
      return { data: { limits: { maxRecordsPerMutation: 100, idempotencyKeyHours: 24 } } };
    const { records } = (variables as { input: { records: object[] } }).input;
    const payload = { __typename: 'ScheduleCampaignDataPayload', results: results(records.length) };
    return { data: { scheduleCampaignData: payload } };
  };
}

const optionsFor = (transport: Transport, more: Partial<ScheduleAllOptions> = {}): ScheduleAllOptions => ({
  ...{ transport, campaignName: 'Sales_Demo', runId: randomUUID(), store: memoryStore() },
  ...more,
});

describe('an old client', () => {
  it('hands kinds of a newer server on, and counts what is an error as failed', async () => {
    const told: ScheduleAllProgress[] = [];
    const error = { code: 'TOO_EARLY', message: 'Too early.', retryable: false, field: null, problems: [] };
    // As its own documents select of kinds that they do not name.
    const transport = fake(() => [
      { __typename: 'ScheduledRecord', index: 0, reference: null, phoneNumber: '+919810000000' },
      { __typename: 'TooEarlyError', index: 1, reference: null, ...error },
      { __typename: 'DelayedRecord' },
    ]);
    const options = optionsFor(transport, { partSize: 3, onProgress: (progress) => told.push(progress) });
    const { results } = await scheduleAll([...list, ...list].slice(0, 6), options);
    const kinds = ['ScheduledRecord', 'TooEarlyError', 'DelayedRecord'];
    expect(results.map(({ __typename }) => __typename)).toEqual([...kinds, ...kinds]);
    expect((results as { index?: number }[]).map(({ index }) => index)).toEqual([
      0,
      1,
      undefined,
      3,
      4,
      undefined,
    ]);
    expect(told.at(-1)).toMatchObject({ done: 6, scheduled: 2, failed: 2, unknown: 0 });
  });

  it('waits as long as an error of a newer server asks for, where it may be sent again', async () => {
    let asked = 0;
    const busy = { index: 0, code: 'RESTING', message: 'Resting.', retryable: true, retryAfterSeconds: 0 };
    const transport = fake(() => [
      ++asked < 3
        ? { __typename: 'RestingError', ...busy }
        : { __typename: 'ScheduledRecord', index: 0, phoneNumber: '1' },
    ]);
    const { results } = await scheduleAll(list.slice(0, 1), optionsFor(transport));
    expect([asked, (results[0] as RecordResult).__typename]).toEqual([3, 'ScheduledRecord']);
  });

  it('throws what refuses the request, of whatever kind, with its message where there is one', async () => {
    const answer =
      (value: object): Transport =>
      async () => ({ data: { scheduleCampaignData: value } });
    const input = { campaignName: 'Sales_Demo', records: [] };
    await expect(
      schedule(answer({ __typename: 'ClosedError', message: 'Closed on Sundays.' }), input),
    ).rejects.toMatchObject({
      name: 'RequestRefusedError',
      kind: 'ClosedError',
      message: 'Closed on Sundays.',
    });
    await expect(schedule(answer({ __typename: 'OtherError' }), input)).rejects.toMatchObject({
      kind: 'OtherError',
      message: 'The request was refused: OtherError',
    });
  });
});

/** The schema without what its types and fields named so have brought. */
function schemaWithout(pattern: RegExp): GraphQLSchema {
  const document = visit(parse(readFileSync('schema.graphql', 'utf8')), {
    FieldDefinition: ({ name }) => (pattern.test(name.value) ? null : undefined),
    InputValueDefinition: ({ name }) => (pattern.test(name.value) ? null : undefined),
    ObjectTypeDefinition: ({ name }) => (name.value === 'Subscription' ? null : undefined),
    SchemaDefinition: () => null,
  });
  return buildSchema(print(document), { assumeValid: true });
}

/** A server that knows that schema alone, and refuses a document as graphql's reference does. */
function oldServer(schema: GraphQLSchema, code?: string): Transport {
  const send: typeof fetch = async (_, init) => {
    const { query } = JSON.parse(String(init?.body)) as { query: string };
    const messages = validate(schema, parse(query)).map(({ message }) => message);
    // It is valid for a schema that has no subscriptions, and cannot be carried out.
    if (messages.length === 0) messages.push('Schema is not configured to execute subscription operation.');
    const extensions = code === undefined ? {} : { extensions: { code } };
    const errors = messages.map((message) => ({ message, ...extensions }));
    return Response.json({ errors }, { status: code === undefined ? 200 : 400 });
  };
  return fetchTransport({ url: 'http://127.0.0.1:1/graphql', fetch: send });
}

describe.each(['GRAPHQL_VALIDATION_FAILED', undefined])('a new client and an old server, code %s', (code) => {
  const tooOld = {
    name: 'ServerTooOldError',
    message: expect.stringContaining('does not know this operation'),
  };

  it('is told that the server is too old, and begins nothing', async () => {
    const store = memoryStore();
    const withoutLimits = oldServer(schemaWithout(/^idempotencyKeyHours$/), code);
    await expect(scheduleAll(list, optionsFor(withoutLimits, { store }))).rejects.toMatchObject(tooOld);
    const withoutKinds = oldServer(schemaWithout(/^retryable$/), code);
    await expect(schedule(withoutKinds, { campaignName: 'x', records: [] })).rejects.toMatchObject(tooOld);
    const withoutImports = oldServer(schemaWithout(/import/i), code);
    const options = { ...{ transport: withoutImports, campaignName: 'x', runId: 'x', store } };
    await expect(uploadImport(new Blob(['x']), options)).rejects.toMatchObject(tooOld);
    await expect(watchImport(withoutImports, 'x', () => {})).rejects.toMatchObject(tooOld);
    expect([await unfinishedJobs(store), await unfinishedUploads(store)]).toEqual([[], []]);
  });
});

describe('a clock that is wrong', () => {
  const day = 24 * 3_600_000;

  it.each([-400 * day, -2 * day, 2 * day])(
    'changes nothing, if it is off by %i ms: the server has one',
    async (off) => {
      const stack = await startStack();
      const realNow = Date.now;
      const clock = vi.spyOn(Date, 'now').mockImplementation(() => realNow() + off);
      try {
        const store = memoryStore();
        const runId = randomUUID();
        const reload = new AbortController();
        const send: typeof fetch = async (input, init) => {
          const response = await fetch(input, init);
          if (!String(init?.body).includes('mutation Schedule')) return response;
          reload.abort(new Error('reload'));
          throw new TypeError('network error');
        };
        const first = fetchTransport({ url: stack.url, fetch: send });
        const options = { store, runId, partSize: 2 };
        await expect(
          scheduleAll(list, optionsFor(first, { ...options, signal: reload.signal })),
        ).rejects.toThrow('reload');
        // It is set right meanwhile, too.
        clock.mockRestore();
        const { results } = await scheduleAll(list, optionsFor(fetchTransport(stack), options));
        expect(results.map(({ __typename }) => __typename)).toEqual(Array(5).fill('ScheduledRecord'));
        expect([...ledgerNumbers(stack.sandbox)].sort()).toEqual(list.map(({ phoneNumber }) => phoneNumber));
      } finally {
        clock.mockRestore();
      }
    },
  );

  it('that was set back makes what was sent unknown, where nobody tells the time of the server', async () => {
    const stack = await startStack();
    const store = memoryStore();
    const runId = randomUUID();
    const reload = new AbortController();
    const known = fetchTransport(stack);
    const transport: Transport = async (operation) => {
      const { serverTime: _, ...answer } = await known(operation);
      if (!operation.query.includes('mutation Schedule') || reload.signal.aborted) return answer;
      reload.abort(new Error('reload'));
      throw new TypeError('network error');
    };
    const options = { store, runId, partSize: 10 };
    await expect(
      scheduleAll(list, optionsFor(transport, { ...options, signal: reload.signal })),
    ).rejects.toThrow('reload');
    const realNow = Date.now;
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => realNow() - 2 * day);
    try {
      const { results } = await scheduleAll(list, optionsFor(transport, options));
      expect(results.map(({ __typename }) => __typename)).toEqual(Array(5).fill('OutcomeUnknownError'));
      expect(ledgerNumbers(stack.sandbox)).toHaveLength(5);
    } finally {
      clock.mockRestore();
    }
  });
});
