// The vendor's newer API: JSON, with the key in an `apiKey` header (`basic`) or a token that the key buys (`token`).

import { paths } from '../../upstream/contract.ts';
import type { Account, CampaignStatus, Chunk, ChunkAnswer } from '../chunk.ts';
import type { CampaignEntry, ChangeAnswer, ListAnswer, NoAnswer } from '../listed-row.ts';
import { writeWithinMs } from '../transport/deadlines.ts';
import type { HttpRequest, SendOptions } from '../transport/http-client.ts';
import { createKeyProof, type KeyProof, provenStatus, readCampaignAnswer } from './campaign-status.ts';
import { readChange } from './change-reply.ts';
import type { Dialect, Guard, KeyCheck } from './dialect.ts';
import { readAnswer } from './schedule-reply.ts';
import { createListReading, maxListedRows } from './scheduled-rows.ts';
import { createTokenSource, type TokenAnswer } from './token-source.ts';

export const basic: Dialect = {
  capabilities: { checkMakesToken: false, accountSetting: 'BASIC_AUTH' },
  connect(account, guard, _shared, now) {
    const { apiKey } = account;
    const proof = createKeyProof(now);
    const headers = { apiKey };
    const session: Session = { account, guard, now, headers, credential: apiKey, secrets: [apiKey], proof };
    return {
      postRows: (chunk, options) => post(session, chunk, options),
      scheduled: {
        list: (options) => list(session, options),
        delete: (ids, options) => deleteRows(session, ids, options),
        remove: (entry, options) => removeEntry(session, entry, options),
      },
      checkKey: () => checkKey(session),
      campaignStatus: (campaignName, options) => campaignStatus(session, campaignName, options),
    };
  },
};

export const token: Dialect = {
  capabilities: { checkMakesToken: true, accountSetting: 'TOKEN_AUTH' },
  connect(account, guard, shared, now) {
    const tokens = createTokenSource(account, guard, shared, now);
    const proof = createKeyProof(now);
    const sessionOf = (token: string): Session => ({
      account,
      guard,
      now,
      headers: { authorization: `Bearer ${token}` },
      credential: token,
      secrets: [account.apiKey, token],
      proof,
    });

    /**
     * A token that was made elsewhere voids this one, and the upstream does not say so. A refusal carried out nothing, so one more
     * try with a newer token is safe.
     */
    const withToken = async <Answer extends { kind: string }>(
      send: (session: Session) => Promise<Answer>,
      isRefusal: (answer: Answer) => boolean,
      options: SendOptions | undefined,
    ): Promise<Answer | NoAnswer> => {
      const writeBy = options?.writeBy ?? now() + writeWithinMs;
      const held = await tokens.get(writeBy);
      if (held.kind !== 'token') return ofTheKey(held);
      const answer = await send(sessionOf(held.token));
      if (!isRefusal(answer)) return answer;
      const renewed = await tokens.renew(held.token, writeBy);
      return renewed?.kind === 'token' ? send(sessionOf(renewed.token)) : answer;
    };
    const listRows = (options?: SendOptions) =>
      withToken((session) => list(session, options), isOfAccount, options);

    return {
      postRows: (chunk, options) =>
        withToken((session) => post(session, chunk, options), isOfAccount, options),
      scheduled: {
        list: listRows,
        delete: (ids, options) =>
          withToken((session) => deleteRows(session, ids, options), isOfAccount, options),
        remove: (entry, options) =>
          withToken((session) => removeEntry(session, entry, options), isOfAccount, options),
      },
      async checkKey() {
        const held = await tokens.get(now() + writeWithinMs);
        return held.kind === 'token' ? checkKey(sessionOf(held.token)) : { kind: 'other', answer: held };
      },
      async campaignStatus(campaignName, options) {
        const writeBy = options?.writeBy ?? now() + writeWithinMs;
        const held = await tokens.get(writeBy);
        if (held.kind !== 'token') return withoutToken(held);
        const status = await campaignStatus(sessionOf(held.token), campaignName, options);
        if (status.kind !== 'refused') return status;
        const renewed = await tokens.renew(held.token, writeBy);
        if (renewed === null) return { kind: 'unavailable', reason: 'its token was refused' };
        if (renewed.kind !== 'token') return withoutToken(renewed);
        return campaignStatus(sessionOf(renewed.token), campaignName, options);
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

/** What an account's requests have in common. */
interface Session {
  account: Account;
  guard: Guard;
  now: () => number;
  /** What the account authenticates with. */
  headers: Record<string, string>;
  credential: string;
  secrets: readonly string[];
  proof: KeyProof;
}

function isOfAccount(answer: ChunkAnswer | ListAnswer | ChangeAnswer): boolean {
  return answer.kind === 'refused' && answer.refusal.reason === 'account-or-campaign';
}

async function post(
  { account: { userName }, guard, headers, credential, secrets, proof, now }: Session,
  chunk: Chunk,
  options: SendOptions | undefined,
): Promise<ChunkAnswer> {
  const { campaignName, checkDuplicate, bulkData } = chunk;
  const answer = await guard.request(
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
  proof.learn(credential, answer);
  return answer;
}

/** 100,000 rows make 40 MB, and four times as much if all of them are as wide as a row may be. */
const maxListBytes = 256 * 1024 * 1024;

/** Asks for every row of the account. */
function list(
  { account: { userName }, guard, headers, secrets, now }: Session,
  options?: SendOptions,
): Promise<ListAnswer> {
  const reading = createListReading(secrets, now);
  return guard.request(
    {
      // A GET with a body, as documented.
      method: 'GET',
      path: paths.scheduledData,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ userName }),
      maxAnswerBytes: maxListBytes,
      consume: reading.consume,
      purpose: 'list',
    },
    reading.answer,
    options,
  );
}

/** Ids alone, never a range: other rows of the account may lie within it. */
function deleteRows(session: Session, ids: readonly string[], options?: SendOptions): Promise<ChangeAnswer> {
  return change(session, 'delete', ids.length, paths.deleteScheduledData, { rowId: ids.join() }, options);
}

function removeEntry(session: Session, entry: CampaignEntry, options?: SendOptions): Promise<ChangeAnswer> {
  return change(session, 'remove', 1, paths.deleteCampaignData, { ...entry }, options);
}

function change(
  { account: { userName }, guard, headers, secrets, now }: Session,
  purpose: 'delete' | 'remove',
  rows: number,
  path: string,
  parameters: object,
  options: SendOptions | undefined,
): Promise<ChangeAnswer> {
  return guard.request(
    {
      method: 'DELETE',
      path,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ userName, ...parameters }),
      purpose,
      rows,
    },
    (reply) => readChange(reply, secrets, now()),
    options,
  );
}

/** A key is good if its list comes. */
async function checkKey(session: Session): Promise<KeyCheck> {
  const answer = await list(session);
  switch (answer.kind) {
    case 'list':
      return { kind: 'good', rows: answer.rows.length };
    case 'too-long':
      return { kind: 'good', rows: maxListedRows };
    case 'refused':
      return answer.refusal.text === 'null' ? { kind: 'null' } : { kind: 'other', answer };
    default:
      return { kind: 'other', answer };
  }
}

function campaignStatus(
  session: Session,
  campaignName: string,
  options: SendOptions | undefined,
): Promise<CampaignStatus> {
  const { account, guard, headers, credential, secrets, proof } = session;
  const request: HttpRequest = {
    // A GET with a body, as documented.
    method: 'GET',
    path: paths.campaignStatus,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ userName: account.userName, campaignName }),
    purpose: 'status',
  };
  return provenStatus(
    () => guard.request(request, (reply) => readCampaignAnswer(reply, campaignName, secrets), options),
    () => checkKey(session),
    proof,
    credential,
  );
}
