// The way in over HTTP: whoever answers, yoga or the listener with what is compiled, answers the same.

import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { lead, leads, type Stack, sharedStore, startStack, withKeys } from '../harness.ts';

const query = (name: string) =>
  `mutation ${name}($input: ScheduleCampaignDataInput!) { result: scheduleCampaignData(input: $input) { __typename ... on ScheduleCampaignDataPayload { status results { __typename ... on ScheduledRecord { index dialerTime } ... on RecordError { index code retryable message } } } ... on InvalidInputError { message issues { path message } } } }`;

let documents = 0;

const compiledAfter = 2;
const noRecords = { input: { campaignName: 'Sales_Demo', records: [] } };

/** The same request three times, its document new to the process at first, and later known, since it was carried out otherwise. */
async function thrice({ url }: Stack, variables: object, headers: Record<string, string> = {}) {
  const document = query(`Q${documents++}`);
  const send = async (variables: object) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': 'thrice', ...headers },
      body: JSON.stringify({ query: document, variables }),
    });
    const { date: _date, ...told } = Object.fromEntries(response.headers);
    return { status: response.status, headers: told, text: await response.text() };
  };
  const answers = [await send(variables)];
  for (let n = 0; n < compiledAfter; n++) await send(noRecords);
  for (let n = 0; n < 2; n++) answers.push(await send(variables));
  return answers;
}

function expectSame(answers: readonly unknown[]): void {
  for (const answer of answers) expect(answer).toEqual(answers[0]);
}

describe('an operation that is known', () => {
  const input = { campaignName: 'Sales_Demo', records: [lead(0), lead(1, { phoneNumber: 'none' })] };

  it.each([
    undefined,
    '*/*',
    'application/json',
    'application/graphql-response+json, application/json;q=0.9',
    'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
  ])('is answered as before, with accept %s', async (accept) => {
    const stack = await startStack();
    const answers = await thrice(stack, { input }, accept === undefined ? {} : { accept });
    expectSame(answers);
    expect(JSON.parse(answers[2]?.text ?? '')).toMatchObject({
      data: {
        result: {
          status: 'PARTIALLY_SCHEDULED',
          results: [{ __typename: 'ScheduledRecord' }, { code: 'INVALID_PHONE_NUMBER', retryable: false }],
        },
      },
    });
    expect(stack.sandbox.requests).toHaveLength(3);
  });

  it('has a long answer told as before', async () => {
    const stack = await startStack();
    const answers = await thrice(stack, { input: { campaignName: 'Sales_Demo', records: leads(1200) } });
    // Written in slices, whoever writes it: its length is not told beforehand.
    for (const { headers } of answers) expect(headers).toMatchObject({ 'transfer-encoding': 'chunked' });
    expectSame(answers);
    const { result } = JSON.parse(answers[0]?.text ?? '').data;
    expect(result.status).toBe('SCHEDULED');
    expect(result.results).toHaveLength(1200);
  });

  it.each([
    ['a wrong list', { input: { campaignName: 'Sales_Demo', records: [] } }],
    ['no variables', {}],
    ['a number for a text', { input: { campaignName: 7, records: [] } }],
  ])('has %s told as before', async (_, variables) => {
    const stack = await startStack();
    expectSame(await thrice(stack, variables));
    expect(stack.sandbox.requests).toEqual([]);
  });

  it('is not answered where the answer would not be accepted', async () => {
    const stack = await startStack();
    const answers = await thrice(stack, { input }, { accept: 'image/png' });
    expectSame(answers);
    expect(answers[0]?.status).toBe(406);
  });

  it('hides what a bug says, and logs it', async () => {
    const stack = await startBrokenApp();
    const answers = await thrice(stack, { input: { ...input, idempotencyKey: 'a-key' } });
    for (const { text } of answers) {
      expect(text).not.toContain('secret of the house');
      const { data, errors } = JSON.parse(text) as { data: unknown; errors: object[] };
      expect(data).toEqual({ result: null });
      expect(errors).toMatchObject([
        { message: 'Unexpected error.', path: ['result'], extensions: { code: 'INTERNAL_SERVER_ERROR' } },
      ]);
    }
    const lines = stack.log.filter((line) => line.includes('secret of the house'));
    expect(lines.map((line) => JSON.parse(line).requestId)).toEqual(['thrice', 'thrice', 'thrice']);
  });

  it('stops what was not sent yet where its caller goes away', async () => {
    const stack = await startStack({ env: { DIALER_CONCURRENCY: '1' } });
    const { hostname, port } = new URL(stack.url);
    const document = query(`Q${documents++}`);
    const bodyOf = (variables: object) => JSON.stringify({ query: document, variables });
    const body = bodyOf({ input: { campaignName: 'Sales_Demo', records: leads(1000) } });
    const headers = { 'content-type': 'application/json' };
    for (let n = 0; n < 3; n++) {
      stack.sandbox.reset();
      stack.sandbox.script({ fault: 'latency', latencyMs: 60, times: 10 });
      const socket = connect(Number(port), hostname);
      socket.write(
        `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
      await expect.poll(() => stack.sandbox.requests.length, { interval: 5 }).toBe(2);
      socket.destroy();
      // Whatever is still sent comes before the next request of another caller.
      await stack.scheduled({ records: [lead(2000 + n)] });
      expect(stack.sandbox.requests.length).toBeLessThan(6);
      await fetch(stack.url, { method: 'POST', headers, body: bodyOf(noRecords) });
    }
  });
});

/** One of which a part fails as nobody expects: its keys' digests. */
function startBrokenApp(): Promise<Stack> {
  const digest = () => {
    throw new Error('secret of the house');
  };
  return startStack({ store: withKeys(sharedStore(), (keys) => ({ ...keys, digest })) });
}
