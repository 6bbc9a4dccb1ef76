// The vendor's newer API: JSON, with the key in an `apiKey` header (`basic`) or a token that the key buys (`token`).

import { paths } from '../../upstream/contract.ts';
import type { Account, Chunk, ChunkAnswer, Dialect, Gate } from '../chunk.ts';
import { patienceMs } from '../transport/guard.ts';
import type { HttpRequest, SendOptions } from '../transport/http-client.ts';
import { readAnswer } from './schedule-reply.ts';
import { readScheduledList } from './scheduled-rows.ts';
import { createTokenSource } from './token-source.ts';

export const basic: Dialect = (account, gate, _shared, now) => {
  const headers = { apiKey: account.apiKey };
  return {
    schedule: (chunk, options) => post(account, gate, chunk, headers, [account.apiKey], now, options),
    listScheduled: (options) => list(account, gate, headers, options),
  };
};

export const token: Dialect = (account, gate, shared, now) => {
  const tokens = createTokenSource(account, gate, shared, now);
  const send = (chunk: Chunk, token: string, options?: SendOptions) =>
    post(account, gate, chunk, bearer(token), [account.apiKey, token], now, options);

  return {
    async schedule(chunk, options) {
      const writeBy = options?.writeBy ?? now() + patienceMs;
      const held = await tokens.get(writeBy);
      if (held.kind !== 'token') return held;
      const answer = await send(chunk, held.token, options);
      if (answer.kind !== 'refused' || answer.refusal.reason !== 'account-or-campaign') return answer;
      // A token made elsewhere voids ours, and upstream has no words of its own for that. The refusal accepted
      // nothing, so one more try with a newer token is safe.
      const renewed = await tokens.renew(held.token, writeBy);
      return renewed?.kind === 'token' ? send(chunk, renewed.token, options) : answer;
    },
    async listScheduled(options) {
      const held = await tokens.get(options?.writeBy ?? now() + patienceMs);
      return held.kind === 'token' ? list(account, gate, bearer(held.token), options) : null;
    },
  };
};

/** The header of a request that goes with a token. */
export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

async function post(
  { userName }: Account,
  gate: Gate,
  chunk: Chunk,
  headers: Record<string, string>,
  secrets: readonly string[],
  now: () => number,
  options: SendOptions | undefined,
): Promise<ChunkAnswer> {
  const { campaignName, checkDuplicate, bulkData } = chunk;
  return gate.send(
    {
      method: 'POST',
      path: paths.schedule,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ userName, campaignName, checkDuplicate, bulkData }),
      purpose: 'schedule',
      rows: bulkData.data.length,
    },
    (reply) => readAnswer(reply, chunk, secrets, now()),
    options,
  );
}

/** 50,000 rows that wait make about 15 MB. */
const maxListBytes = 16 * 1024 * 1024;

async function list(
  account: Account,
  gate: Gate,
  headers: Record<string, string>,
  options: SendOptions | undefined,
) {
  return gate.send(listRequest(account, headers), readScheduledList, options);
}

/** Asks for every row that waits; `headers` are what the account authenticates with. */
export function listRequest({ userName }: Account, headers: Record<string, string>): HttpRequest {
  return {
    // A GET with a body, as documented.
    method: 'GET',
    path: paths.scheduledData,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ userName }),
    maxAnswerBytes: maxListBytes,
    purpose: 'list',
  };
}
