// The vendor's newer API: JSON, with the key in an `apiKey` header (`basic`) or a token that the key buys (`token`).

import { paths } from '../../upstream/contract.ts';
import type { Account, CampaignStatus, Chunk, ChunkAnswer } from '../chunk.ts';
import { writeWithinMs } from '../transport/deadlines.ts';
import type { HttpRequest, SendOptions } from '../transport/http-client.ts';
import { parseAnswer } from './answer-json.ts';
import { createKeyProof, type KeyProof, provenStatus, readCampaignAnswer } from './campaign-status.ts';
import type { Dialect, Guard, KeyCheck } from './dialect.ts';
import { readAnswer } from './schedule-reply.ts';
import { readScheduledList } from './scheduled-rows.ts';
import { createTokenSource, type TokenAnswer } from './token-source.ts';

export const basic: Dialect = {
  capabilities: { checkMakesToken: false, accountSetting: 'BASIC_AUTH' },
  connect(account, guard, _shared, now) {
    const { apiKey } = account;
    const headers = { apiKey };
    const proof = createKeyProof(now);
    const asked: Asked = { account, guard, headers, credential: apiKey, secrets: [apiKey], proof, now };
    return {
      async postRows(chunk, options) {
        const answer = await post(account, guard, chunk, headers, [apiKey], now, options);
        proof.learn(apiKey, answer);
        return answer;
      },
      listScheduled: (options) => list(account, guard, headers, options),
      checkKey: () => checkKey(account, guard, headers, [apiKey], now),
      campaignStatus: (campaignName, options) => campaignStatus(asked, campaignName, options),
    };
  },
};

export const token: Dialect = {
  capabilities: { checkMakesToken: true, accountSetting: 'TOKEN_AUTH' },
  connect(account, guard, shared, now) {
    const tokens = createTokenSource(account, guard, shared, now);
    const proof = createKeyProof(now);
    const send = async (chunk: Chunk, token: string, options?: SendOptions) => {
      const answer = await post(account, guard, chunk, bearer(token), [account.apiKey, token], now, options);
      proof.learn(token, answer);
      return answer;
    };
    const askedWith = (token: string): Asked => {
      const secrets = [account.apiKey, token];
      return { account, guard, headers: bearer(token), credential: token, secrets, proof, now };
    };

    return {
      async postRows(chunk, options) {
        const writeBy = options?.writeBy ?? now() + writeWithinMs;
        const held = await tokens.get(writeBy);
        if (held.kind !== 'token') return ofTheKey(held);
        const answer = await send(chunk, held.token, options);
        if (answer.kind !== 'refused' || answer.refusal.reason !== 'account-or-campaign') return answer;
        // A token that was made elsewhere voids this one, and the upstream does not say so. The refusal accepted nothing, so one
        // more try with a newer token is safe.
        const renewed = await tokens.renew(held.token, writeBy);
        return renewed?.kind === 'token' ? send(chunk, renewed.token, options) : answer;
      },
      async listScheduled(options) {
        const held = await tokens.get(options?.writeBy ?? now() + writeWithinMs);
        return held.kind === 'token' ? list(account, guard, bearer(held.token), options) : null;
      },
      async checkKey() {
        const held = await tokens.get(now() + writeWithinMs);
        if (held.kind !== 'token') return { kind: 'other', answer: held };
        return checkKey(account, guard, bearer(held.token), [account.apiKey, held.token], now);
      },
      async campaignStatus(campaignName, options) {
        const writeBy = options?.writeBy ?? now() + writeWithinMs;
        const held = await tokens.get(writeBy);
        if (held.kind !== 'token') return withoutToken(held);
        const status = await campaignStatus(askedWith(held.token), campaignName, options);
        if (status.kind !== 'refused') return status;
        const renewed = await tokens.renew(held.token, writeBy);
        if (renewed === null) return { kind: 'unavailable', reason: 'its token was refused' };
        if (renewed.kind !== 'token') return withoutToken(renewed);
        return campaignStatus(askedWith(renewed.token), campaignName, options);
      },
    };
  },
};

type NoToken = Exclude<TokenAnswer, { kind: 'token' }>;

/** The request for a token names no campaign, so a refusal of it is one of the key. */
function ofTheKey(answer: NoToken): NoToken {
  if (answer.kind !== 'refused' || answer.refusal.reason !== 'account-or-campaign') return answer;
  return { kind: 'refused', refusal: { ...answer.refusal, which: 'api-key' } };
}

function withoutToken(answer: NoToken): CampaignStatus {
  const { refusal } = answer.kind === 'refused' ? answer : {};
  if (refusal?.reason === 'account-or-campaign') return { kind: 'refused' };
  return { kind: 'unavailable', reason: 'there is no token' };
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

async function post(
  { userName }: Account,
  guard: Guard,
  chunk: Chunk,
  headers: Record<string, string>,
  secrets: readonly string[],
  now: () => number,
  options: SendOptions | undefined,
): Promise<ChunkAnswer> {
  const { campaignName, checkDuplicate, bulkData } = chunk;
  return guard.request(
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
  guard: Guard,
  headers: Record<string, string>,
  options: SendOptions | undefined,
) {
  return guard.request(listRequest(account, headers), readScheduledList, options);
}

/** Asks for every row that waits; `headers` are what the account authenticates with. */
function listRequest({ userName }: Account, headers: Record<string, string>): HttpRequest {
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

/** Nothing of rows is sent, so whatever is answered concerns the account. */
const noRows: Chunk = {
  campaignName: '',
  checkDuplicate: false,
  timeZone: 'UTC',
  bulkData: { map: [], data: [] },
};

async function checkKey(
  account: Account,
  guard: Guard,
  headers: Record<string, string>,
  secrets: readonly string[],
  now: () => number,
): Promise<KeyCheck> {
  return guard.request(listRequest(account, headers), async (reply): Promise<KeyCheck> => {
    const list = await readScheduledList(reply);
    if (list !== null) return { kind: 'good', rows: list.rows.length };
    if (reply.kind === 'response' && reply.status === 200 && saysNull(reply.body)) return { kind: 'null' };
    return { kind: 'other', answer: await readAnswer(reply, noRows, secrets, now()) };
  });
}

function saysNull(body: string): boolean {
  const { message } = (parseAnswer(body).json ?? {}) as { message?: unknown };
  return message === 'null' || message === null;
}

/** How a campaign is asked for: as which account, and with which credential. */
interface Asked {
  account: Account;
  guard: Guard;
  headers: Record<string, string>;
  credential: string;
  secrets: readonly string[];
  proof: KeyProof;
  now: () => number;
}

function campaignStatus(
  { account, guard, headers, credential, secrets, proof, now }: Asked,
  campaignName: string,
  options: SendOptions | undefined,
): Promise<CampaignStatus> {
  const { userName } = account;
  const request: HttpRequest = {
    // A GET with a body, as documented.
    method: 'GET',
    path: paths.campaignStatus,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ userName, campaignName }),
    purpose: 'status',
  };
  return provenStatus(
    () => guard.request(request, (reply) => readCampaignAnswer(reply, campaignName, secrets), options),
    () => checkKey(account, guard, headers, secrets, now),
    proof,
    credential,
  );
}
