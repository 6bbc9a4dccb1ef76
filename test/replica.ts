// The app in processes of its own, over a sandbox: to be killed, stopped for a while and continued, and asked for a list
// again and again.

import type { ExpectStatic } from 'vitest';
import type { Sandbox } from '../src/sandbox/sandbox.ts';
import { type ScheduleCampaignDataInput, ScheduleDocument, type ScheduleMutation } from './gql/graphql.ts';
import { type Payload, sendTo } from './harness.ts';
import { type OnFinished, type Running, runApp } from './process.ts';

export interface Replica {
  url: string;
  process: Running;
  /** As a power cut would; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGSTOP: it stands still, as a suspended machine does. */
  pause(): void;
  resume(): void;
  /** Rejects where the answer is no payload, or there is none. */
  schedule(input: ScheduleCampaignDataInput): Promise<Payload>;
}

export async function startReplica(
  { url: dialerUrl, account }: Sandbox,
  env: Record<string, string>,
  onFinished?: OnFinished,
): Promise<Replica> {
  const settings = {
    PORT: '0',
    DIALER_URL: dialerUrl,
    DIALER_API_KEY: account.apiKey,
    DIALER_USER_NAME: account.userName,
    ...env,
  };
  const process = runApp(settings, onFinished);
  const [, url = ''] = await process.printed(/GraphQL at (\S+)/);
  return {
    url,
    process,
    async kill() {
      process.child.kill('SIGKILL');
      await process.exited;
    },
    pause: () => void process.child.kill('SIGSTOP'),
    resume: () => void process.child.kill('SIGCONT'),
    schedule: async (input) => payloadOf(await sendTo(url, ScheduleDocument, { input })),
  };
}

export function payloadOf({ scheduleCampaignData: result }: ScheduleMutation): Payload {
  if (result?.__typename === 'ScheduleCampaignDataPayload') return result;
  throw new Error(`No payload: ${JSON.stringify(result)}`);
}

/** Nobody twice, and each record told what the ledger says of it, as far as it was told anything. */
export function expectTruth(
  expect: ExpectStatic,
  { ledger }: Sandbox,
  { records }: Pick<ScheduleCampaignDataInput, 'records'>,
  { results }: Payload,
): void {
  const held = new Set(ledger.map(({ phoneNumber }) => phoneNumber));
  const told = { scheduledAndNotThere: 0, failedAndThere: 0, twice: ledger.length - held.size };
  for (const [index, { __typename }] of results.entries()) {
    const isHeld = held.has(records[index]?.phoneNumber ?? '');
    if (__typename === 'ScheduledRecord' && !isHeld) told.scheduledAndNotThere++;
    if (__typename !== 'ScheduledRecord' && __typename !== 'OutcomeUnknownError' && isHeld)
      told.failedAndThere++;
  }
  expect(told).toEqual({ scheduledAndNotThere: 0, failedAndThere: 0, twice: 0 });
}

/** What was told before with the same key is told again; only what was not settled may have changed. */
export function expectKept(expect: ExpectStatic, before: Payload | undefined, now: Payload): void {
  const changed = (before?.results ?? []).flatMap((was, at) => {
    const isSettled = !('retryable' in was && was.retryable) && was.__typename !== 'OutcomeUnknownError';
    const is = now.results[at];
    return isSettled && JSON.stringify(is) !== JSON.stringify(was) ? [{ was, is }] : [];
  });
  expect(changed.slice(0, 5)).toEqual([]);
}
