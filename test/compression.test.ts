// Answers on the wire: compressed for those who take it, and the same for all.

import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { leads, type Stack, startStack } from './harness.ts';

const fields = `... on ScheduleCampaignDataPayload { results { __typename ... on ValidRecord { index reference phoneNumber dialerTime } } }`;
const query = `mutation ($input: ScheduleCampaignDataInput!) { scheduleCampaignData(input: $input) { ${fields} } }`;
const validating = (count: number) => ({
  query,
  variables: { input: { campaignName: 'Sales_Demo', records: leads(count), validateOnly: true } },
});

/** The answer as it came, and as it is read. */
async function ask({ url }: Stack, body: object, headers: Record<string, string> = {}) {
  const answer = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'one', ...headers },
    body: JSON.stringify(body),
  });
  const bytes = Buffer.from(await answer.body.arrayBuffer());
  const { 'content-encoding': encoding, 'content-length': length, vary } = answer.headers;
  return {
    encoding,
    length,
    vary,
    size: bytes.length,
    text: decode(bytes, encoding),
    status: answer.statusCode,
  };
}

function decode(bytes: Buffer, encoding: string | string[] | undefined): string {
  switch (encoding) {
    case 'br':
      return brotliDecompressSync(bytes).toString();
    case 'gzip':
      return gunzipSync(bytes).toString();
    case 'deflate':
      return inflateSync(bytes).toString();
    default:
      return bytes.toString();
  }
}

describe('an answer', () => {
  it.each([
    ['of a few results', validating(30)],
    ['of thousands, which is streamed', validating(5000)],
    ['of errors', { query, variables: { input: { records: Array(60).fill({ priority: 'high' }) } } }],
  ])('%s is the same however it is sent, by yoga and compiled', async (_, body) => {
    const stack = await startStack();
    for (let n = 0; n < 3; n++) {
      const plain = await ask(stack, body);
      expect(plain.encoding).toBeUndefined();
      for (const encoding of ['br', 'gzip', 'deflate']) {
        const answer = await ask(stack, body, { 'accept-encoding': encoding });
        expect(answer).toMatchObject({ encoding, text: plain.text, status: plain.status, length: undefined });
        expect(answer.vary).toMatch(/\baccept-encoding\b/i);
        expect(answer.size).toBeLessThan(plain.size / 2);
      }
      expect(plain.vary).toMatch(/\baccept-encoding\b/i);
    }
  });

  it('is compressed as its reader likes it best', async () => {
    const stack = await startStack();
    const body = validating(30);
    const liked: [string, string | undefined][] = [
      ['gzip, deflate, br', 'br'],
      ['gzip;q=1.0, br;q=0.5', 'gzip'],
      ['br;q=0, gzip', 'gzip'],
      ['*', 'br'],
      ['zstd', undefined],
      ['identity', undefined],
      ['identity, gzip;q=0', undefined],
      ['br;q=0, gzip;q=0, deflate;q=0', undefined],
      ['', undefined],
    ];
    for (const [accepted, encoding] of liked)
      expect([accepted, (await ask(stack, body, { 'accept-encoding': accepted })).encoding]).toEqual([
        accepted,
        encoding,
      ]);
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[a-z*;=0-9., -]{0,40}$/), async (accepted) => {
        const { encoding, text, status } = await ask(stack, body, { 'accept-encoding': accepted });
        expect(status).toBe(200);
        expect([undefined, 'br', 'gzip', 'deflate']).toContain(encoding);
        expect(JSON.parse(text).data.scheduleCampaignData.results).toHaveLength(30);
      }),
      { numRuns: 50 },
    );
  });

  it('of a lead or two is sent as it is, and so is every one where compression is off', async () => {
    const accepting = { 'accept-encoding': 'br, gzip' };
    const short = await ask(await startStack(), validating(2), accepting);
    expect(short.encoding).toBeUndefined();
    expect(short.vary).toMatch(/accept-encoding/i);
    expect(Number(short.length)).toBe(short.size);
    const stack = await startStack({ env: { COMPRESSION: 'off' } });
    const { encoding, vary } = await ask(stack, validating(5000), accepting);
    expect([encoding, vary]).toEqual([undefined, expect.not.stringMatching(/accept-encoding/i)]);
  });

  it('whose reader leaves in the middle leaves the next alone', async () => {
    const stack = await startStack();
    const { url } = stack;
    for (const encoding of ['br', 'gzip']) {
      for (let n = 0; n < 4; n++) {
        const answer = await request(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'accept-encoding': encoding },
          body: JSON.stringify(validating(5000)),
        });
        answer.body.on('error', () => {});
        answer.body.destroy();
      }
      expect((await ask(stack, validating(30), { 'accept-encoding': encoding })).encoding).toBe(encoding);
    }
    expect(stack.log.filter((line) => line.includes('Unexpected'))).toEqual([]);
  });
});
