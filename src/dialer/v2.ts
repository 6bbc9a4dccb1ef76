// The vendor's newer API: JSON, with the key in an `apiKey` header (`basic`) or a token that the key buys (`token`).

import { readAnswer } from './answer.ts';
import { paths } from './contract.ts';
import type { Account, Chunk, ChunkAnswer, Dialect } from './dialect.ts';
import type { HttpClient } from './http.ts';
import { createTokenSource } from './token.ts';

export const basic: Dialect = (account, http, now) => ({
  schedule: (chunk, signal) =>
    post(account, http, chunk, { apiKey: account.apiKey }, [account.apiKey], now, signal),
});

export const token: Dialect = (account, http, now) => {
  const tokens = createTokenSource(account, http, now);
  const send = (chunk: Chunk, token: string, signal?: AbortSignal) =>
    post(account, http, chunk, { authorization: `Bearer ${token}` }, [account.apiKey, token], now, signal);

  return {
    async schedule(chunk, signal) {
      const held = await tokens.get();
      if (held.kind !== 'token') return held;
      const answer = await send(chunk, held.token, signal);
      if (answer.kind !== 'refused' || answer.refusal.reason !== 'account-or-campaign') return answer;
      // A token made elsewhere voids ours, and upstream has no words of its own for that. The refusal accepted
      // nothing, so one more try with a newer token is safe.
      const renewed = await tokens.renew(held.token);
      return renewed?.kind === 'token' ? send(chunk, renewed.token, signal) : answer;
    },
  };
};

async function post(
  { userName }: Account,
  http: HttpClient,
  chunk: Chunk,
  headers: Record<string, string>,
  secrets: readonly string[],
  now: () => number,
  signal: AbortSignal | undefined,
): Promise<ChunkAnswer> {
  const { campaignName, checkDuplicate, bulkData } = chunk;
  const reply = await http.send(
    {
      method: 'POST',
      path: paths.schedule,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ userName, campaignName, checkDuplicate, bulkData }),
    },
    signal,
  );
  return readAnswer(reply, chunk, secrets, now());
}
