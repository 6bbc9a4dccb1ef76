// Which error of @dialgraph/client an answer is, and what is sent again: the table of docs/front-end.md, code by code.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  fetchTransport,
  memoryStore,
  schedule,
  scheduleAll,
  type Transport,
  uploadImport,
  watchImport,
} from '../../client/src/index.ts';
import { leads, ledgerNumbers, startStack } from '../harness.ts';
import { csvOf, started, startImportStack, until } from '../imports/importing.ts';

const input = { campaignName: 'Sales_Demo', records: leads(1) };
const url = 'http://127.0.0.1/graphql';

const ofFetch = (answer: () => Response) => fetchTransport({ url, fetch: async () => answer() });

function refusal(status: number, code: string, retryAfterSeconds?: number): Response {
  const extensions = { code, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
  return Response.json({ errors: [{ message: 'No.', extensions }] }, { status });
}

/** Each code of the table, and the error that it becomes. */
const errors: [number, string, string][] = [
  ...['FORBIDDEN'].map((code): [number, string, string] => [403, code, 'ForbiddenError']),
  ...['GRAPHQL_PARSE_FAILED', 'BAD_USER_INPUT', 'OPERATION_RESOLUTION_FAILURE', 'BAD_REQUEST'].map(
    (code): [number, string, string] => [400, code, 'RequestRefusedError'],
  ),
  [400, 'BODY_TOO_DEEP', 'RequestRefusedError'],
  [400, 'BODY_NOT_UTF8', 'RequestRefusedError'],
  [400, 'GRAPHQL_VALIDATION_FAILED', 'ServerTooOldError'],
  [400, 'PERSISTED_QUERY_NOT_FOUND', 'ServerTooOldError'],
  [400, 'PERSISTED_OPERATION_REQUIRED', 'RequestRefusedError'],
  [200, 'PERSISTED_QUERY_NOT_SUPPORTED', 'RequestRefusedError'],
  [401, 'UNAUTHENTICATED', 'UnauthenticatedError'],
  [403, 'HOST_NOT_ALLOWED', 'RequestRefusedError'],
  [404, 'NOT_FOUND', 'RequestRefusedError'],
  [405, 'METHOD_NOT_ALLOWED', 'RequestRefusedError'],
  [406, 'NOT_ACCEPTABLE', 'RequestRefusedError'],
  [415, 'UNSUPPORTED_MEDIA_TYPE', 'RequestRefusedError'],
  [408, 'REQUEST_TIMEOUT', 'BusyError'],
  [413, 'BODY_TOO_LARGE', 'TooLargeError'],
  [413, 'REQUEST_TOO_LARGE', 'TooLargeError'],
  [429, 'TOO_MUCH_IN_FLIGHT', 'BusyError'],
  [431, 'HEADERS_TOO_LARGE', 'RequestRefusedError'],
  [500, 'INTERNAL_SERVER_ERROR', 'NetworkError'],
  [503, 'OVERLOADED', 'BusyError'],
  [503, 'AUTHENTICATION_UNAVAILABLE', 'BusyError'],
  // Of a gateway.
  [504, 'GATEWAY_TIMEOUT', 'NetworkError'],
];

describe('a refusal with a code', () => {
  it.each(errors)('%i %s is a %3$s', async (status, code, name) => {
    await expect(
      schedule(
        ofFetch(() => refusal(status, code)),
        input,
      ),
    ).rejects.toMatchObject({
      ...{ name, message: expect.stringContaining('No.') },
      ...(name === 'RequestRefusedError' && { kind: code }),
    });
  });

  it('is in this table, if it is in the one of docs/front-end.md', () => {
    const page = readFileSync('docs/front-end.md', 'utf8');
    const rows = page.split('| status | `code` | what to do |')[1]?.split('\n\n')[0] ?? '';
    const codes = [...rows.matchAll(/^\|[^|]*\|([^|]*)\|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([A-Z_\d]+)`/g)].map(([, code]) => code),
    );
    expect(codes.length).toBeGreaterThan(20);
    const known = new Set(errors.map(([, code]) => code));
    expect(codes.filter((code) => !known.has(code ?? ''))).toEqual([]);
  });

  it('is the same over a client of another maker, and tells its wait', async () => {
    const one = { message: 'No.', extensions: { code: 'OVERLOADED', retryAfterSeconds: 7 } };
    const thrown = [
      { response: { status: 503, errors: [one] } },
      { statusCode: 503, bodyText: JSON.stringify({ errors: [one] }) },
      { networkError: { statusCode: 503, result: { errors: [one] } }, graphQLErrors: [] },
      { errors: [one] },
    ];
    const answered: Transport = async () => ({ errors: [one] });
    const transports = thrown.map(
      (error): Transport =>
        () =>
          Promise.reject(Object.assign(new Error('x'), error)),
    );
    for (const transport of [answered, ...transports])
      await expect(schedule(transport, input)).rejects.toMatchObject({
        ...{ name: 'BusyError', retryAfterSeconds: 7, message: 'No.' },
      });
  });
});

describe('what has no code comes from something in between', () => {
  const page = '<html>no</html>';
  it.each([
    [400, 'MalformedAnswerError'],
    [401, 'UnauthenticatedError'],
    ...[403, 404, 405, 406, 407, 408, 409, 412, 415, 431, 451].map(
      (status) => [status, 'NetworkError'] as const,
    ),
    [413, 'TooLargeError'],
    [425, 'BusyError'],
    [429, 'BusyError'],
    ...[500, 502, 503, 504, 507, 520].map((status) => [status, 'NetworkError'] as const),
  ] as const)('%i is a %s', async (status, name) => {
    const bodies = [page, '', '{"message":"no"}', '{"errors":{"x":1}}', '{"errors":[null]}'];
    for (const body of [...bodies, ...(status === 400 ? [] : ['{"errors":[{"message":"no"}]}'])])
      await expect(
        schedule(
          ofFetch(() => new Response(body, { status })),
          input,
        ),
      ).rejects.toMatchObject({ name });
  });

  it('says when to come again, if it does', async () => {
    const busy = () => new Response(page, { status: 503, headers: { 'retry-after': '7' } });
    await expect(schedule(ofFetch(busy), input)).rejects.toMatchObject({ retryAfterSeconds: 7 });
  });
});

/** A fetch whose first answers to such requests are replaced. */
function faulty(isMeant: (init: RequestInit) => boolean, answers: (() => Response)[]): typeof fetch {
  return async (to, init) => {
    const answer = init !== undefined && isMeant(init) ? answers.shift() : undefined;
    return answer === undefined ? fetch(to, init) : answer();
  };
}

const page = (status: number) => () => new Response('<html>no</html>', { status });

describe('what is sent again', () => {
  const timedOut = () => refusal(408, 'REQUEST_TIMEOUT');

  it.each([
    ['408', timedOut],
    ['425', page(425)],
    ['a page of 403', page(403)],
    ['a page of 404', page(404)],
    ['a page of 504', page(504)],
  ])('is a part of a list after %s, once', async (_, answer) => {
    const stack = await startStack();
    const answers = [answer];
    const send = faulty(({ body }) => String(body).includes('mutation Schedule'), answers);
    const transport = fetchTransport({ url: stack.url, fetch: send });
    const options = { transport, campaignName: 'Sales_Demo', runId: randomUUID(), store: memoryStore() };
    const { results } = await scheduleAll(leads(3), options);
    expect(results.map(({ __typename }) => __typename)).toEqual(Array(3).fill('ScheduledRecord'));
    expect(answers).toEqual([]);
    expect(ledgerNumbers(stack.sandbox)).toHaveLength(3);
  });

  it.each<[string, (results: { index: number }[]) => unknown]>([
    ['none', () => []],
    ['too few', (results) => results.slice(1)],
    ['too many', (results) => [...results, ...results]],
    ['those of others', (results) => [...results].reverse()],
    ['something else', (results) => results.map(() => null)],
    ['no list', () => null],
  ])('is a part whose results are %s', async (_, change) => {
    const stack = await startStack();
    const known = fetchTransport({ url: stack.url });
    let asked = 0;
    const transport: Transport = async (operation) => {
      const answer = await known(operation);
      if (!operation.query.includes('mutation Schedule') || ++asked > 1) return answer;
      const { scheduleCampaignData: payload } = answer.data as {
        scheduleCampaignData: { results: { index: number }[] };
      };
      return { data: { scheduleCampaignData: { ...payload, results: change(payload.results) } } };
    };
    const options = { transport, campaignName: 'Sales_Demo', runId: randomUUID(), store: memoryStore() };
    const { results } = await scheduleAll(leads(3), options);
    expect(results.map(({ __typename }) => __typename)).toEqual(Array(3).fill('ScheduledRecord'));
    expect(asked).toBe(2);
    expect(ledgerNumbers(stack.sandbox)).toHaveLength(3);
  });

  it('is a piece of a file, and the question how much has come, after a page', async () => {
    const stack = await startImportStack();
    const pieces = [page(403), timedOut, page(404)];
    const questions = [page(403), page(404), page(503)];
    const send: typeof fetch = (to, init) => {
      const answers = { PATCH: pieces, HEAD: questions }[init?.method ?? ''] ?? [];
      return faulty(() => true, answers)(to, init);
    };
    const transport = fetchTransport({ url: stack.url, fetch: send });
    const options = { transport, campaignName: 'Sales_Demo', runId: randomUUID(), store: memoryStore() };
    const { id } = await uploadImport(new Blob([csvOf(20)]), { ...options, start: 'AFTER_REVIEW' });
    expect([pieces, questions]).toEqual([[], []]);
    expect(await until(stack, id, 'READY')).toMatchObject({ counts: { total: 20 } });
  });

  it('is a subscription after a page of 403', async () => {
    const stack = await startImportStack();
    const { id } = await started(stack, csvOf(1));
    const answers = [page(403), timedOut];
    const send = faulty(({ body }) => String(body).includes('subscription'), answers);
    const stop = new AbortController();
    const transport = fetchTransport({ url: stack.url, fetch: send });
    const watched = watchImport(transport, id, () => stop.abort(new Error('told')), { signal: stop.signal });
    await expect(watched).rejects.toThrow('told');
    expect(answers).toEqual([]);
  });
});
