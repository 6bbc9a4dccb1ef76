// What is tried again, when, and for how long: only what was certainly not accepted, never past the caller's patience,
// and never against what the upstream asked for.

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { describe, it, type onTestFinished } from 'vitest';
import { counts, embeddedStore, lead, leads, ledgerNumbers, type Stack, startStack } from '../harness.ts';

const one = async ({ scheduled }: Stack, n = 0) => (await scheduled({ records: [lead(n)] })).results[0];

/** A server that accepts connections and does nothing else; a TLS client waits for it in vain. */
async function startMute(
  onFinished: typeof onTestFinished,
): Promise<{ server: Server; port: number; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { server, port: (server.address() as AddressInfo).port, sockets };
}

describe.concurrent('a record that was certainly not accepted', () => {
  it.concurrent('is tried again, and scheduled', async ({ expect, onTestFinished: onFinished }) => {
    // The clock stands still: on a busy machine the tries may take longer than they would be waited for.
    const stack = await startStack({ onFinished });
    stack.sandbox.script({ fault: 'status-429', times: 2 }, { fault: 'process-running' });
    expect((await one(stack))?.__typename).toBe('ScheduledRecord');
    expect(stack.sandbox.requests).toHaveLength(4);
    expect(stack.sandbox.ledger).toHaveLength(1);
  });

  it.concurrent('is tried four times at most, and then told what the dialer said', async ({
    expect,
    onTestFinished: onFinished,
  }) => {
    const stack = await startStack({ onFinished });
    stack.sandbox.script({ fault: 'max-limit', times: Infinity });
    expect(await one(stack)).toMatchObject({
      __typename: 'DialerThrottledError',
      retryable: true,
      message: expect.stringContaining('Max limit exceeded'),
    });
    expect(stack.sandbox.requests).toHaveLength(4);
  });

  it.concurrent.for([
    'reset-before',
    'status-500-before',
    'status-503-before',
    'hang-before',
    'truncated-length-after',
  ] as const)(
    'is not what %s leaves: that is never sent again',
    async (fault, { expect, onTestFinished: onFinished }) => {
      const stack = await startStack({ onFinished, running: true, env: { DIALER_TIMEOUT_MS: '200' } });
      stack.sandbox.script({ fault });
      expect((await one(stack))?.__typename).toBe('OutcomeUnknownError');
      expect(stack.sandbox.requests).toHaveLength(1);
    },
  );

  it.concurrent.for(['redirect-301', 'redirect-308', 'status-400', 'account-refused'] as const)(
    'for good, as after %s, is not tried again',
    async (fault, { expect, onTestFinished: onFinished }) => {
      const stack = await startStack({ onFinished, running: true });
      stack.sandbox.script({ fault, times: Infinity });
      expect((await one(stack))?.__typename).not.toBe('ScheduledRecord');
      const sent = stack.sandbox.requests.map(({ kind }) => kind);
      expect(sent.filter((kind) => kind === 'schedule')).toHaveLength(1);
      expect(sent).not.toContain('redirected');
    },
  );
});

describe.concurrent('Retry-After', () => {
  it.concurrent.for([
    'status-429-retry-after-seconds',
    'status-429-retry-after-date',
    'status-503-retry-after',
  ] as const)(
    'of %s holds back every request of the account, and no longer than it says',
    async (fault, { expect, onTestFinished: onFinished }) => {
      const stack = await startStack({ onFinished, running: true });
      stack.sandbox.script({ fault, retryAfter: 1 });
      const startedAt = Date.now();
      await one(stack, 0);
      const others = await Promise.all([one(stack, 1), one(stack, 2)]);
      expect(others.map((result) => result?.__typename)).toEqual(['ScheduledRecord', 'ScheduledRecord']);
      // A date is cut to the second.
      expect(Date.now() - startedAt).toBeGreaterThan(fault.endsWith('date') ? 1 : 990);
    },
  );

  it.concurrent('that is longer than a caller would wait is told at once, without another request', async ({
    expect,
    onTestFinished: onFinished,
  }) => {
    const stack = await startStack({ onFinished, store: embeddedStore(), running: true });
    stack.sandbox.script({ fault: 'status-429-retry-after-seconds', retryAfter: 60 });
    expect(await one(stack, 0)).toMatchObject({ __typename: 'DialerThrottledError' });
    const payload = await stack.scheduled({ records: leads(250) });
    expect(counts(payload)).toEqual({ DialerThrottledError: 250 });
    const [first] = payload.results;
    expect(first).toMatchObject({ retryAfterSeconds: expect.toSatisfy((s) => s > 50 && s <= 60) });
    expect(stack.sandbox.requests).toHaveLength(1);

    stack.clock.now += 60_000;
    expect((await one(stack, 1))?.__typename).toBe('ScheduledRecord');
  });

  it.concurrent('that is a date in the year 9999 is a number that GraphQL can carry', async ({
    expect,
    onTestFinished: onFinished,
  }) => {
    const stack = await startStack({ onFinished, running: true });
    const retryAfter = 'Fri, 31 Dec 9999 23:59:59 GMT';
    stack.sandbox.script({ fault: 'status-429-retry-after-date', retryAfter });
    expect(await one(stack)).toMatchObject({ __typename: 'DialerThrottledError', retryAfterSeconds: 300 });
  });

  it.concurrent('of many years is taken for a mistake after an hour', async ({
    expect,
    onTestFinished: onFinished,
  }) => {
    const stack = await startStack({ onFinished, store: embeddedStore(), running: true });
    stack.sandbox.script({ fault: 'status-429-retry-after-seconds', retryAfter: 999_999_999 });
    await one(stack, 0);
    stack.clock.now += 3_600_001;
    expect((await one(stack, 1))?.__typename).toBe('ScheduledRecord');
  });
});

describe.concurrent('a dialer that is down', () => {
  it.concurrent('and does not even answer a connection has its records back, unsent, long before its time-out', async ({
    expect,
    onTestFinished: onFinished,
  }) => {
    const { port, sockets } = await startMute(onFinished);
    const { scheduled } = await startStack({
      onFinished,
      running: true,
      dialer: { url: `https://127.0.0.1:${port}` },
      env: { DIALER_TIMEOUT_MS: '60000' },
    });
    expect(counts(await scheduled({ records: leads(2) }))).toEqual({ DialerUnavailableError: 2 });
    expect(sockets.length).toBeGreaterThan(0);
  });
});

describe.concurrent('a small request behind large ones', () => {
  it.concurrent('is answered within its time, unsent, where no place came free', async ({
    expect,
    onTestFinished: onFinished,
  }) => {
    const stack = await startStack({
      onFinished,
      running: true,
      env: { DIALER_CONCURRENCY: '1', DIALER_TIMEOUT_MS: '6000' },
    });
    stack.sandbox.script({ fault: 'hang-before' });
    const large = stack.scheduled({ records: leads(150) });
    await expect.poll(() => stack.sandbox.requests.length).toBe(1);
    expect(await one(stack, 500)).toMatchObject({
      __typename: 'DialerUnavailableError',
      retryable: true,
      message: expect.stringContaining('other requests'),
    });
    expect(counts(await large)).toEqual({ OutcomeUnknownError: 100, ScheduledRecord: 50 });
    expect(ledgerNumbers(stack.sandbox)).not.toContain(lead(500).phoneNumber);
  });
});

describe.concurrent('a clock that is set back', () => {
  it('stops nobody', async ({ expect, onTestFinished: onFinished }) => {
    const env = { DIALER_MAX_REQUESTS_PER_MINUTE: '3' };
    const stack = await startStack({ onFinished, store: embeddedStore(), env });
    stack.clock.now += 7_200_000;
    for (let n = 0; n < 3; n++) expect((await one(stack, n))?.__typename).toBe('ScheduledRecord');
    stack.clock.now -= 7_200_000;
    expect((await one(stack, 4))?.__typename).toBe('ScheduledRecord');
  });
});

describe.concurrent('caps', () => {
  it('let a list through in its time', async ({ expect, onTestFinished: onFinished }) => {
    const env = { DIALER_MAX_REQUESTS_PER_SECOND: '5' };
    const stack = await startStack({ onFinished, running: true, env });
    expect(counts(await stack.scheduled({ records: leads(800) }))).toEqual({ ScheduledRecord: 800 });
    expect(stack.sandbox.requests).toHaveLength(8);
  });

  it('a minute answer what would have to wait too long, unsent', async ({
    expect,
    onTestFinished: onFinished,
  }) => {
    const env = { DIALER_MAX_REQUESTS_PER_MINUTE: '3' };
    const stack = await startStack({ onFinished, store: embeddedStore(), running: true, env });
    const payload = await stack.scheduled({ records: leads(500) });
    expect(counts(payload)).toEqual({ ScheduledRecord: 300, DialerThrottledError: 200 });
    expect(payload.results[499]).toMatchObject({ retryable: true });
    expect(stack.sandbox.requests).toHaveLength(3);
    stack.clock.now += 60_000;
    expect((await one(stack, 900))?.__typename).toBe('ScheduledRecord');
  });
});
