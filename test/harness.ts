// Boots the sandbox and the app on real sockets with a clock that stands still, and speaks to them as a typed client.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { createApp } from '../src/app.ts';
import { parseConfig } from '../src/config.ts';
import { createDialer } from '../src/dialer/client.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../src/sandbox/sandbox.ts';
import {
  type CampaignRecordInput,
  type ScheduleCampaignDataInput,
  ScheduleDocument,
  type ScheduleMutation,
  type TypedDocumentString,
} from './gql/graphql.ts';

/** 10:00 in Kolkata, on a Wednesday. */
export const now = Date.parse('2026-11-25T04:30:00Z');

export type Result = ScheduleMutation['scheduleCampaignData'];
export type Payload = Extract<Result, { __typename: 'ScheduleCampaignDataPayload' }>;
export type RecordResult = Payload['results'][number];

export interface Stack {
  sandbox: Sandbox;
  url: string;
  /** Lines that the app logged. */
  log: string[];
  clock: { now: number };
  send<Data, Variables>(document: TypedDocumentString<Data, Variables>, variables: Variables): Promise<Data>;
  /** The mutation, whatever member of its union it answers. */
  schedule(input: Partial<ScheduleCampaignDataInput>): Promise<Result>;
  /** The mutation, where it is to be carried out. */
  scheduled(input: Partial<ScheduleCampaignDataInput>): Promise<Payload>;
}

export interface StackOptions {
  env?: Record<string, string>;
  sandbox?: SandboxOptions;
  /** In place of the sandbox's own. */
  dialerUrl?: string;
  apiKey?: string;
}

/** A stack of its own, ended with the test. */
export async function startStack({
  env = {},
  sandbox: options,
  dialerUrl,
  apiKey,
}: StackOptions = {}): Promise<Stack> {
  const clock = { now };
  const log: string[] = [];
  const sandbox = await createSandbox({ now: () => clock.now, ...options });
  const config = parseConfig(env);
  const dialer = createDialer(
    { ...config.dialer, ...sandbox.account, url: dialerUrl ?? sandbox.url, ...(apiKey && { apiKey }) },
    () => clock.now,
  );
  const app = createApp(config, {
    dialer,
    campaigns: sandbox.campaigns,
    now: () => clock.now,
    log: (line) => log.push(line),
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await sandbox.close();
    await dialer.close();
  });

  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const send: Stack['send'] = (document, variables) => sendTo(url, document, variables);
  const schedule: Stack['schedule'] = async (input) =>
    (await send(ScheduleDocument, { input: { campaignName: 'Sales_Demo', records: [], ...input } }))
      .scheduleCampaignData;

  return {
    sandbox,
    url,
    log,
    clock,
    send,
    schedule,
    async scheduled(input) {
      const result = await schedule(input);
      if (result.__typename !== 'ScheduleCampaignDataPayload') throw new Error(result.message);
      return result;
    },
  };
}

/** Sends a typed document, and returns its data; throws where the answer has errors. */
export async function sendTo<Data, Variables>(
  url: string,
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Data> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query: document.toString(), variables }),
    ...(signal && { signal }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

/** A good record; each `n` has a number of its own. */
export function lead(n: number, fields: Partial<CampaignRecordInput> = {}): CampaignRecordInput {
  return {
    reference: `lead-${n}`,
    phoneNumber: `98${String(10_000_000 + n)}`,
    scheduledTime: '2026-11-26 10:00:00',
    ...fields,
  };
}

export function leads(count: number): CampaignRecordInput[] {
  return Array.from({ length: count }, (_, n) => lead(n));
}

export function kinds({ results }: Payload): string[] {
  return results.map(({ __typename }) => __typename);
}

/** How often each kind of result occurs. */
export function counts(payload: Payload): Record<string, number> {
  const count: Record<string, number> = {};
  for (const kind of kinds(payload)) count[kind] = (count[kind] ?? 0) + 1;
  return count;
}

/** The numbers in the sandbox's ledger, in order of acceptance. */
export function ledgerNumbers(sandbox: Sandbox): string[] {
  return sandbox.ledger.map(({ phoneNumber }) => phoneNumber);
}
