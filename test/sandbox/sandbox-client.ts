// A sandbox whose clock stands still until it is moved, and a client that speaks API v2 to it over a real socket.

import { Agent, type Dispatcher, request } from 'undici';
import { onTestFinished } from 'vitest';
import { createSandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { paths } from '../../src/upstream/contract.ts';

export type Fields = Record<string, unknown>;
export type Listed = { Id: string; RequestTime: string; IsRequestSent: string; Response: string };

/** 12:00 in Kolkata, the sandbox's zone. */
export const noon = Date.UTC(2025, 1, 13, 6, 30);
export const hour = 3_600_000;
export const account = { userName: 'sandbox' };
export async function start(options: SandboxOptions = {}) {
  const sandbox = await createSandbox({ now: () => noon, ...options });
  const agent = new Agent();
  onTestFinished(async () => {
    await agent.destroy();
    await sandbox.close();
  });
  const call = async (
    method: Dispatcher.HttpMethod,
    path: string,
    body: Fields = {},
    headers: Record<string, string> = { apiKey: 'sandbox-key' },
  ) => {
    const reply = await request(sandbox.url + path, {
      dispatcher: agent,
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return (await reply.body.json()) as Fields;
  };
  return {
    sandbox,
    call,
    /** Rows of a number and a time, and perhaps a name, in order. */
    schedule: (rows: readonly (readonly string[])[], campaignName = 'Sales_Demo') =>
      call('POST', paths.schedule, {
        ...account,
        campaignName,
        bulkData: {
          map: ['PhoneNumber', 'ScheduledTime', 'Name'],
          data: rows.map(([number, at, name = '']) => [number, at, name]),
        },
      }),
    list: async () => (await call('GET', paths.scheduledData, account)).message as Listed[],
    cancel: (rowId: string) => call('DELETE', paths.deleteScheduledData, { ...account, rowId }),
    remove: (phoneNumber: unknown, more: Fields = {}, headers?: Record<string, string>) =>
      call(
        'DELETE',
        paths.deleteCampaignData,
        { ...account, campaignName: 'Sales_Demo', phoneNumber, name: '', ...more },
        headers,
      ),
    position: async (campaignName = 'Sales_Demo') => {
      const { message } = await call('GET', paths.campaignStatus, { ...account, campaignName });
      return (message as { Position: string }[])[0]?.Position;
    },
    answers: () =>
      sandbox.ledger.map(({ handedOver }) => JSON.parse(handedOver?.response || 'null') as unknown),
  };
}
export type Stack = Awaited<ReturnType<typeof start>>;
