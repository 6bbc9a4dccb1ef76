// Boots the sandbox and the app on real sockets, with a clock that stands still unless told to run, and speaks to them
// as a typed client.

import { randomUUID } from 'node:crypto';
import { cpSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetch as fetchByUndici } from 'undici';
import { expect, inject, onTestFinished } from 'vitest';
import type { CallingHours } from '../src/config/calling-hours.ts';
import type { CampaignDefinitions } from '../src/config/campaigns.ts';
import { type Config, parseConfig } from '../src/config/config.ts';
import type { AnswerTimeouts } from '../src/http/timeouts.ts';
import type { Imports } from '../src/imports/imports.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../src/sandbox/sandbox.ts';
import { createService } from '../src/service.ts';
import { type AccountStore, createStore, type Store } from '../src/store/store.ts';
import {
  type CampaignRecordInput,
  type ScheduleCampaignDataInput,
  ScheduleDocument,
  type ScheduleMutation,
  type TypedDocumentString,
} from './gql/graphql.ts';
import { workerDatabase } from './postgres.ts';

/** 10:00 in Kolkata, on a Wednesday. */
export const now = Date.parse('2026-11-25T04:30:00Z');

export type Result = NonNullable<ScheduleMutation['scheduleCampaignData']>;
export type Payload = Extract<Result, { __typename: 'ScheduleCampaignDataPayload' }>;
export type RecordResult = Payload['results'][number];

export interface Stack {
  sandbox: Sandbox;
  url: string;
  /** Lines that the app logged. */
  log: string[];
  /** `running`: real time passes on top of `now`. */
  clock: { now: number; running: boolean };
  /** Its account's. */
  imports: Imports;
  /** Shuts the app down as a signal would, its sandbox not. */
  shutDown(): Promise<void>;
  send<Data, Variables>(document: TypedDocumentString<Data, Variables>, variables: Variables): Promise<Data>;
  /** The mutation, whatever member of its union it answers. */
  schedule(input: Partial<ScheduleCampaignDataInput>): Promise<Result>;
  /** The mutation, where it is to be carried out. */
  scheduled(input: Partial<ScheduleCampaignDataInput>): Promise<Payload>;
}

export interface StackOptions {
  env?: Record<string, string>;
  sandbox?: SandboxOptions;
  /** In place of its sandbox, whose account is taken where none is given. */
  dialer?: { url: string; account?: Sandbox['account'] };
  apiKey?: string;
  /** What the app is told of campaigns. @default all that the sandbox knows */
  campaigns?: CampaignDefinitions;
  /** The account's. */
  callingHours?: CallingHours;
  running?: boolean;
  /** @default the one that the worker's stacks share */
  store?: Store;
  /** Of answers that nobody reads. */
  timeouts?: AnswerTimeouts;
  /** The test's own, where tests run side by side. */
  onFinished?: typeof onTestFinished;
}

/** A stack of its own, ended with the test. */
export async function startStack({
  env = {},
  sandbox: options,
  dialer,
  apiKey,
  campaigns,
  callingHours,
  running = false,
  store = sharedStore(),
  timeouts,
  onFinished = onTestFinished,
}: StackOptions = {}): Promise<Stack> {
  const clock = { now, running };
  const startedAt = Date.now();
  const time = () => clock.now + (clock.running ? Date.now() - startedAt : 0);
  const log: string[] = [];
  const sandbox = await createSandbox({ now: time, userName: randomUUID(), ...options });
  // A look-up takes its time, and most tests ask what the answer itself says, and count the requests with rows.
  const settings = { DIALER_URL: 'sandbox', DIALER_RECONCILE: 'off', DIALER_CAMPAIGN_CHECK: 'off' };
  const parsed = parseConfig({ ...settings, ...env });
  const config = { ...parsed, accounts: parsed.accounts.map((account) => ({ ...account, callingHours })) };
  const standIn = {
    url: (dialer ?? sandbox).url,
    account: { ...(dialer?.account ?? sandbox.account), ...(apiKey && { apiKey }) },
    campaigns: campaigns ?? sandbox.campaigns,
  };
  const service = await createService(config, {
    standIn,
    store,
    log: { write: (line) => void log.push(line) },
    now: time,
    timeouts,
  });
  const { server } = service;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const shutDown = async () => {
    await service.finish();
    await service.close();
  };
  onFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await sandbox.close();
    await shutDown();
  });

  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const send: Stack['send'] = (document, variables) => sendTo(url, document, variables);
  const schedule: Stack['schedule'] = async (input) =>
    answered(
      (await send(ScheduleDocument, { input: { campaignName: 'Sales_Demo', records: [], ...input } }))
        .scheduleCampaignData,
    );

  return {
    sandbox,
    url,
    log,
    clock,
    imports: service.imports('default') as Imports,
    shutDown,
    send,
    schedule,
    async scheduled(input) {
      let result = await schedule(input);
      while (wasTooLate(result)) result = await schedule(input);
      if (result.__typename !== 'ScheduleCampaignDataPayload') throw new Error(result.message);
      return result;
    },
  };
}

/** Whether a machine that is busy with other things had a request given up before it was written. Nothing was sent of it. */
function wasTooLate(result: Result): boolean {
  return (
    result.__typename === 'ScheduleCampaignDataPayload' &&
    result.results.length > 0 &&
    result.results.every((one) => 'message' in one && one.message.includes('before it could be sent'))
  );
}

/** A root field's answer. It is null only where an error is told at its path. */
export function answered<Answer>(answer: Answer | null | undefined): Answer {
  if (answer === null || answer === undefined) throw new Error('The field was not answered.');
  return answer;
}

export interface TestStoreOptions {
  config?: Config;
  /** @default the config's */
  keyTtlMs?: number;
  /** @default an embedded one, in a folder of its own */
  databaseUrl?: string | undefined;
  dataDir?: string | undefined;
  onFinished?: typeof onTestFinished;
}

let shared: Store | undefined;
let embedded: Store | undefined;

/**
 * A store for all stacks of a worker, which costs the least: on a database of the run's server. Their accounts are told apart by
 * their sandboxes' user names. It ends with the worker. What has to hold on both kinds of store is tried on both.
 */
export function sharedStore(): Store {
  shared ??= createStore({ ...parseConfig({}).store, databaseUrl: workerDatabase(inject('postgresUrl')) });
  return shared;
}

/** The same with an embedded store, on a copy of files that were made once: pauses and caps go by the stack's clock with it. */
export function embeddedStore(): Store {
  if (embedded !== undefined) return embedded;
  const dataDir = join(inject('folder'), randomUUID());
  cpSync(inject('dataDir'), dataDir, { recursive: true });
  embedded = createStore({ ...parseConfig({}).store, dataDir });
  return embedded;
}

/** A store of which no file is left when the test has finished. */
export function createTestStore({
  config = parseConfig({}),
  keyTtlMs = config.store.keyTtlMs,
  databaseUrl,
  dataDir = join(tmpdir(), `dialgraph-${randomUUID()}`),
  onFinished = onTestFinished,
}: TestStoreOptions = {}): Store {
  onFinished(() => rm(dataDir, { recursive: true, force: true }));
  return createStore({ ...config.store, databaseUrl, dataDir, keyTtlMs });
}

/** What an answer says besides its request's id, which stands in its header as well. */
export async function readAnswer<Answer extends object>(response: Response): Promise<Answer> {
  const { extensions, ...answer } = (await response.json()) as Answer & { extensions: object };
  expect(extensions).toEqual({ requestId: response.headers.get('x-request-id') });
  return answer as unknown as Answer;
}

/** A store whose accounts' keys are changed. */
export function withKeys(store: Store, change: (keys: AccountStore['keys']) => AccountStore['keys']): Store {
  return {
    ...store,
    account(given) {
      const account = store.account(given);
      return { ...account, keys: change(account.keys) };
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
  // That of Node 20 can wait for ever where a compressed answer is aborted.
  const response = await fetchByUndici(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query: document.toString(), variables }),
    ...(signal && { signal }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

/** Of a service that takes no body of more than 4.2 million characters: what is too long for it is quickly made, and sent. */
export const shortBodies = { MAX_MEMORY_FOR_REQUESTS_MB: '16', MAX_RECORDS_PER_MUTATION: '1000' };
export const tooLongForShort = 4_300_000;

export type Lead = CampaignRecordInput & { phoneNumber: string };

/** A good record; each `n` has a number of its own. */
export function lead(n: number, fields: Partial<CampaignRecordInput> = {}): Lead {
  const good = {
    reference: `lead-${n}`,
    phoneNumber: `98${String(10_000_000 + n)}`,
    scheduledTime: '2026-11-26 10:00:00',
  };
  return { ...good, ...fields } as Lead;
}

export function leads(count: number): Lead[] {
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

/** What a request was answered, as the harness posts it. */
export interface Answer {
  status: number;
  text: string;
  retryAfter: string | null;
  data?: Record<string, { __typename: string; message?: string; issues?: object[]; summary?: object }>;
  errors?: { message: string; extensions: { code?: string; path?: (string | number)[] } }[];
}

/** Sends a body as a client of the draft does. */
export async function post(
  { url }: Stack,
  body: object | string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const answer = await readAnswer<object>(response);
  const retryAfter = response.headers.get('retry-after');
  return { status: response.status, retryAfter, text: JSON.stringify(answer), ...answer };
}
