// What requests hold of the process's memory, and until when: told by their length before they come, shared between callers, and given
// back where nobody reads the answer.

import { connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOf } from '../../src/auth/callers.ts';
import { bytesOfList, createMemoryBudget } from '../../src/http/memory-budget.ts';
import { Refusal } from '../../src/http/refusal.ts';
import { leads, post, type Stack, startStack } from '../harness.ts';

describe('memory for requests', () => {
  const megabyte = 1024 * 1024;
  const refusalOf = (work: () => void) => {
    try {
      work();
    } catch (error) {
      return error instanceof Refusal ? [error.status, error.code, error.retryAfterSeconds] : error;
    }
    return undefined;
  };

  it('is half of it for one caller, and all of it for all', () => {
    const { open } = createMemoryBudget({ bytes: 64 * megabyte, share: 0.5 });
    const first = open('one');
    first.holdBody(10 * megabyte);
    // It does not count twice what grows.
    first.holdBody(11 * megabyte);
    expect(refusalOf(() => open('one').holdBody(10 * megabyte))).toEqual([429, 'TOO_MUCH_IN_FLIGHT', 5]);
    open('other').holdBody(11 * megabyte);
    expect(refusalOf(() => open('third').holdBody(10 * megabyte))).toEqual([503, 'OVERLOADED', 5]);
    first.close();
    expect(refusalOf(() => open('third').holdBody(10 * megabyte))).toBeUndefined();
  });

  it('is given back in whole, whatever was refused', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(20_000), fc.nat(200_000), fc.nat(20_000))), (steps) => {
        const { open } = createMemoryBudget({ bytes: 64 * megabyte, share: 0.5 });
        const rooms = ['a', 'b', 'c', 'd'].map((caller) => open(caller));
        for (const [n, records, characters, values] of steps) {
          const room = rooms[n] as (typeof rooms)[number];
          room.holdRecords(records);
          refusalOf(() => room.holdBody(characters));
          refusalOf(() => room.addValues(values));
        }
        for (const room of rooms) room.close();
        for (const room of rooms) room.holdRecords(1);
        for (const caller of ['a', 'b'])
          expect(refusalOf(() => open(caller).holdBody(14 * megabyte))).toBeUndefined();
      }),
    );
  });

  it('holds the longest list, or the service does not start', async () => {
    expect(bytesOfList(10_000)).toBeLessThan(64 * megabyte);
    await startStack({ env: { MAX_RECORDS_PER_MUTATION: '100000' } });
    const tooLittle = { MAX_RECORDS_PER_MUTATION: '50000', MAX_MEMORY_FOR_REQUESTS_MB: '64' };
    await expect(startStack({ env: tooLittle })).rejects.toThrow(
      /MAX_MEMORY_FOR_REQUESTS_MB 64 is less than the \d+ that/,
    );
  });

  const keys = ['one', 'other'].map((name) => ({
    name,
    hash: hashOf(`dg_${name}`),
    scopes: ['schedule', 'read'],
  }));
  const env = { AUTH: JSON.stringify({ keys }), MAX_MEMORY_FOR_REQUESTS_MB: '80' };
  const one = { authorization: 'Bearer dg_one' };
  const other = { authorization: 'Bearer dg_other' };
  const query = '{ limits { region } }';

  /** Sends the head of a request, and some of its body. */
  const begin = (stack: Stack, head: string, body: string) => {
    const { hostname, port } = new URL(stack.url);
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (data) => {
      answer += data;
    });
    socket.on('error', () => {});
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nauthorization: Bearer dg_one\r\n${head}\r\n\r\n${body}`,
    );
    return { socket, answer: () => answer };
  };

  it('is told by the length of a body, before it comes, and by what has come', async () => {
    const stack = await startStack({ env });
    const first = begin(stack, 'content-length: 9900000', '{');
    // Whoever still sends can read it.
    const told = begin(stack, 'content-length: 9900000', '{');
    await expect
      .poll(told.answer)
      .toMatch(/^HTTP\/1\.1 429 [\s\S]*retry-after: 5[\s\S]*"code":"TOO_MUCH_IN_FLIGHT"/);
    const chunk = `${(1_000_000).toString(16)}\r\n${'x'.repeat(1_000_000)}\r\n`;
    const chunked = begin(stack, 'transfer-encoding: chunked', chunk.repeat(12));
    await expect.poll(chunked.answer).toMatch(/^HTTP\/1\.1 429 /);
    expect((await post(stack, { query }, other)).status).toBe(200);
    // The connection is in order once the rest has come.
    told.socket.write(`${' '.repeat(9_899_999)}GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n`);
    await expect.poll(told.answer).toMatch(/HTTP\/1\.1 200 OK[\s\S]*ok\n$/);
    first.socket.destroy();
    await expect
      .poll(() =>
        post(stack, { query, variables: { x: 'x'.repeat(9_000_000) } }, one).then(({ status }) => status),
      )
      .toBe(200);
    for (const { socket } of [told, chunked]) socket.destroy();
  });

  it('is never enough for a body that is longer than a caller’s share', async () => {
    const stack = await startStack({ env });
    const { status, errors } = await post(stack, `{"query":"${'x'.repeat(12_000_000)}"}`, one);
    expect([status, errors?.[0]?.extensions.code]).toEqual([413, 'BODY_TOO_LARGE']);
  });

  const document =
    'mutation ($input: ScheduleCampaignDataInput!) { scheduleCampaignData(input: $input) { ... on ScheduleCampaignDataPayload { results { ... on ValidRecord { reference } } } } }';
  const roomy = { ...env, MAX_MEMORY_FOR_REQUESTS_MB: '160' };
  /** An answer that is longer than what the kernel takes in its reader's place. */
  const long = JSON.stringify({
    query: document,
    variables: {
      input: {
        campaignName: 'Sales_Demo',
        validateOnly: true,
        records: leads(9000).map((record) => ({ ...record, reference: 'x'.repeat(2000) })),
      },
    },
  });
  const short = {
    query: document,
    variables: { input: { campaignName: 'Sales_Demo', records: [], validateOnly: true } },
  };

  it('is held by an answer that nobody reads, until its time is over', async () => {
    const timeouts = { idleMs: 700, totalMs: 60_000 };
    const stack = await startStack({ env: roomy, timeouts });
    const another = JSON.stringify({ query, variables: { x: 'x'.repeat(16_000_000) } });
    // Executed, and known.
    for (let n = 0; n < 2; n++) {
      const { socket } = begin(stack, `content-length: ${Buffer.byteLength(long)}`, long);
      await new Promise((resolve) => socket.once('data', resolve));
      socket.pause();
      const refused = begin(stack, `content-length: ${another.length}`, '{');
      await expect.poll(refused.answer).toMatch(/^HTTP\/1\.1 429 /);
      refused.socket.destroy();
      expect((await post(stack, { query }, other)).status).toBe(200);
      await expect
        .poll(() => post(stack, another, one).then(({ status }) => status), { interval: 250 })
        .toBe(200);
      socket.destroy();
      for (let time = 0; time < 3; time++) await post(stack, short, one);
    }
  });

  it('is given back where an answer is read too slowly', async () => {
    const stack = await startStack({ env: roomy, timeouts: { idleMs: 60_000, totalMs: 100 } });
    for (let n = 0; n < 2; n++) {
      stack.log.length = 0;
      const { socket, answer } = begin(stack, `content-length: ${Buffer.byteLength(long)}`, long);
      socket.pause();
      // Its end, which comes before it has been read.
      await expect.poll(() => stack.log.filter((line) => line.includes('"status":200')).length).toBe(1);
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.resume();
      await closed;
      expect(answer()).not.toContain('"extensions"');
      for (let time = 0; time < 3; time++) await post(stack, short, one);
    }
  });
});
