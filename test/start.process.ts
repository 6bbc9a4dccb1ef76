// The process itself, as `npm start` starts it: what it prints, what it refuses, and how it ends.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { createSandbox } from '../src/sandbox/sandbox.ts';
import { ScheduleDocument } from './gql/graphql.ts';
import { lead, sendTo, startStack } from './harness.ts';
import { run, runApp, runCommand } from './process.ts';

const later = () => new Date(Date.now() + 86_400_000).toISOString();

describe('npm start', () => {
  it('serves on the embedded sandbox with no setting, and prints a curl line that works as printed', async () => {
    // Through npm and its shell, which must hand the signal on. The store would be made in ./data for the first time.
    const env = { PORT: '0', DATABASE_URL: inject('postgresUrl') };
    const { child, printed, exited } = runCommand(['npm', 'start'], env);
    const [, sandboxUrl = ''] = await printed(/What it accepted: (\S+)/);
    const [, curl = ''] = await printed(/^ {2}(curl .+)\n/m);
    const { stdout } = await promisify(execFile)('sh', ['-c', curl]);
    expect(JSON.parse(stdout)).toMatchObject({
      data: {
        scheduleCampaignData: {
          status: 'PARTIALLY_SCHEDULED',
          results: [
            { __typename: 'ScheduledRecord', reference: 'lead-1' },
            { __typename: 'InvalidPhoneNumberError', reference: 'lead-2' },
          ],
        },
      },
    });
    const page = await (await fetch(sandboxUrl)).text();
    expect(page).toContain('9876543210');
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    // The sandbox has ended with it, though another process may have taken its port meanwhile.
    const there = await fetch(sandboxUrl).then(
      (response) => response.text(),
      () => '',
    );
    expect(there).not.toContain('9876543210');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'finishes what was sent on %s, though somebody holds a connection on which nothing is asked, then exits 0',
    async (signal) => {
      const sandbox = await createSandbox();
      onTestFinished(() => sandbox.close());
      const { apiKey, userName } = sandbox.account;
      const { child, printed, exited } = runApp({
        PORT: '0',
        DIALER_URL: sandbox.url,
        DIALER_API_KEY: apiKey,
        DIALER_USER_NAME: userName,
      });
      const [, url = ''] = await printed(/GraphQL at (\S+)/);
      await printed(/which calls people/);
      const idle = connect(Number(new URL(url).port), '127.0.0.1');
      idle.on('error', () => {});
      onTestFinished(() => void idle.destroy());
      await new Promise((resolve) => idle.once('connect', resolve));
      sandbox.script({ fault: 'latency', latencyMs: 400 });
      const input = { campaignName: 'Sales_Demo', records: [lead(0, { scheduledTime: later() })] };
      const answer = sendTo(url, ScheduleDocument, { input });
      await expect.poll(() => sandbox.ledger.length).toBe(1);
      child.kill(signal);
      await printed(/finishing what was sent/);
      expect(await answer).toMatchObject({ scheduleCampaignData: { status: 'SCHEDULED' } });
      expect(await exited).toBe(0);
      await expect(fetch(url)).rejects.toThrow();
    },
  );

  it('goes on, and ends, though nobody reads what it prints any more', async () => {
    const { child, printed, exited } = runApp({ PORT: '0' });
    const [, url = ''] = await printed(/GraphQL at (\S+)/);
    const query = `query ${'Long'.repeat(70)}{limits{region}}`;
    const ask = async () => (await fetch(`${url}?query=${query}`)).status;
    // What is written here fills the pipe, so that nothing more can be written to it.
    child.stdout?.pause();
    for (let n = 0; n < 16; n++)
      expect(await Promise.all(Array.from({ length: 50 }, ask))).toEqual(Array(50).fill(200));
    child.kill('SIGHUP');
    expect(await ask()).toBe(200);
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(child.exitCode).toBe(0);
    child.stdout?.resume();
    expect(await exited).toBe(0);
  });

  it('goes on, and ends, though what it prints goes nowhere', async () => {
    const { child, printed, exited } = runApp({ PORT: '0' });
    const [, url = ''] = await printed(/GraphQL at (\S+)/);
    child.stdout?.destroy();
    child.stderr?.destroy();
    for (let n = 0; n < 3; n++) {
      child.kill('SIGHUP');
      expect((await fetch(`${url}?query={limits{region}}`)).status).toBe(200);
    }
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
  });

  it('ends with one line that names a wrong setting, and exit code 1', async () => {
    const { exited, output } = runApp({
      DIALER_URI: 'https://dialer.example',
      DIALER_API_KEY: 's3cret',
      NODE_ENV: 'production',
    });
    expect(await exited).toBe(1);
    expect(output()).toMatch(
      /^DIALER_URL or ACCOUNTS_FILE is needed where there is DIALER_URI \(DIALER_URL\?\), DIALER_API_KEY, NODE_ENV=production; .*\n$/,
    );
    expect(output()).not.toContain('s3cret');
  });

  it('ends likewise where two settings do not fit each other, though its sandbox is there already', async () => {
    const { exited, output } = runApp({
      PORT: '0',
      SANDBOX_PORT: '0',
      DATA_DIR: 'never-opened',
      MAX_MEMORY_FOR_REQUESTS_MB: '16',
      MAX_RECORDS_PER_MUTATION: '10000',
    });
    expect(await exited).toBe(1);
    expect(output()).toMatch(
      /^MAX_MEMORY_FOR_REQUESTS_MB 16 is less than the \d+ that MAX_RECORDS_PER_MUTATION 10000 takes\n$/,
    );
  });

  it('lets every machine try it over the sandbox, which is where SANDBOX_PORT says, and warns of what it does', async () => {
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
    const SANDBOX_PORT = String((free.address() as AddressInfo).port);
    const env = {
      PORT: '0',
      HOST: '0.0.0.0',
      SANDBOX_PORT,
      LOGLEVEL: 's3cret',
      DIALER_URL: 'sandbox',
      SANDBOX_REPLAY: 'raw',
      SANDBOX_NAME_CHARACTERS: 'vendor',
    };
    const taken = runApp(env);
    expect(await taken.exited).toBe(1);
    expect(taken.output()).toContain(`Cannot listen: SANDBOX_PORT ${SANDBOX_PORT} is taken\n`);
    await new Promise((resolve) => free.close(resolve));

    const { printed, output } = runApp(env);
    const [, url = ''] = await printed(/GraphQL at (\S+)/);
    await printed(new RegExp(`What it accepted: http://127.0.0.1:${SANDBOX_PORT}/`));
    expect(output()).toContain(
      'Warning: HOST 0.0.0.0 lets everybody who reaches it in; the sandbox calls nobody\n',
    );
    expect(output()).toContain('Warning: LOGLEVEL is no setting, and has no effect: is LOG_LEVEL meant?\n');
    expect(output()).not.toContain('s3cret');
    const { port } = new URL(url);
    const input = {
      campaignName: 'Sales_Demo',
      records: [lead(0, { scheduledTime: later(), name: 'Zoë' })],
    };
    expect(await sendTo(`http://127.0.0.1:${port}/graphql`, ScheduleDocument, { input })).toMatchObject({
      scheduleCampaignData: {
        results: [
          { __typename: 'DialerRejectionError', message: expect.stringContaining('Special characters') },
        ],
      },
    });
    const status = await new Promise((resolve, reject) => {
      const path = '/graphql?query={limits{region}}';
      get({ port, path, headers: { host: 'team.example' } }, (res) => resolve(res.resume().statusCode)).on(
        'error',
        reject,
      );
    });
    expect(status).toBe(200);
  });

  it('ends with one line where its port is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const { output, exited } = runApp({ PORT: String(port), DIALER_URL: 'sandbox' });
    expect(await exited).toBe(1);
    expect(output()).toBe(`Cannot listen: PORT ${port} is taken\n`);
  });
});

describe('npm run sandbox', () => {
  it('starts the sandbox alone, and says how to point Dialgraph at it', async () => {
    const sandbox = run('main.js', { SANDBOX_PORT: '0' });
    const [, DIALER_URL = ''] = await sandbox.printed(/DIALER_URL=(\S+)/);
    const [, DIALER_API_KEY = ''] = await sandbox.printed(/DIALER_API_KEY=(\S+)/);
    const [, DIALER_USER_NAME = ''] = await sandbox.printed(/DIALER_USER_NAME=(\S+)/);
    const { clock, scheduled } = await startStack({
      env: { DIALER_URL, DIALER_API_KEY, DIALER_USER_NAME, DIALER_AUTH: 'token' },
    });
    clock.now = Date.now();
    expect(await scheduled({ records: [lead(0, { scheduledTime: later() })] })).toMatchObject({
      status: 'SCHEDULED',
    });
    const { rows } = (await (await fetch(`${DIALER_URL}/?format=json`)).json()) as { rows: unknown[] };
    expect(rows).toHaveLength(1);
    sandbox.child.kill('SIGINT');
    expect(await sandbox.exited).toBe(0);
  });

  it('ends with one line that names a time zone which is none', async () => {
    const { exited, output } = run('main.js', { SANDBOX_PORT: '0', SANDBOX_TIME_ZONE: 'BST' });
    expect(await exited).toBe(1);
    expect(output()).toMatch(
      /^The sandbox cannot start: SANDBOX_TIME_ZONE accepts an IANA time zone: BST .*\n$/,
    );
  });
});
