// One token for the account, however many requests and processes wait for it.
// States: none → (get) fetching: one process has the lease, and the others wait → held → (55 minutes, or a refusal upstream)
// none. A fetch that fails is reported to everybody for some seconds; then the next get fetches. A new token voids the one
// before it, and the upstream allows ten an hour: after these, get answers so without a request.
// The processes share the token in the account's state. It is encrypted there, so a copy of the store has no token.

import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { maxTokensPerHour, paths, tokenLifetimeMs } from '../../upstream/contract.ts';
import type { Account, ChunkAnswer } from '../chunk.ts';
import { writeWithinMs } from '../transport/deadlines.ts';
import type { AccountState, SharedState } from '../transport/shared-state.ts';
import { parseAnswer } from './answer-json.ts';
import type { Guard } from './dialect.ts';
import { readAnswer } from './schedule-reply.ts';

/** A token, or the answer for those who need one. */
export type TokenAnswer = { kind: 'token'; token: string } | Exclude<ChunkAnswer, { kind: 'rows' }>;

export interface TokenSource {
  /** The account's token. If it has to be fetched, that request is written before `writeBy`. Never rejects. */
  get(writeBy: number): Promise<TokenAnswer>;
  /** A newer token in place of one that was refused; null if the token cannot be the reason of the refusal. */
  renew(refusedToken: string, writeBy: number): Promise<TokenAnswer | null>;
}

/** A token is good for 60 minutes. The rest is for requests under way, and for clocks that differ. */
const renewalMarginMs = 5 * 60_000;
const hourMs = 60 * 60_000;
/** If a token is refused so soon after it was made, the campaign or the account is wrong, not the token. */
const freshMs = 60_000;
/** A misspelt campaign is refused as a void token is. It must not use up the tokens that the others need. */
const maxRenewalsPerHour = 5;
/** A failure is the answer to everybody for so long, since each attempt is one of ten an hour. */
const failureMs = 5000;
/** Longer than any fetch takes. If a process dies while it fetches, the others wait so long. */
const leaseMs = 20_000;
const pollMs = 100;

export function createTokenSource(
  { userName, apiKey }: Account,
  guard: Guard,
  shared: SharedState,
  now: () => number,
): TokenSource {
  const seal = createSeal(apiKey);
  let fetching: Promise<TokenAnswer> | null = null;
  let failure: { answer: TokenAnswer; at: number } | null = null;

  const current = ({ token }: AccountState): string | null =>
    token !== null && now() - token.madeAt < tokenLifetimeMs - renewalMarginMs
      ? seal.open(token.sealed)
      : null;

  /** Waits for another worker's token, or fetches one. */
  const obtain = async (writeBy: number): Promise<TokenAnswer> => {
    const givenUpAt = Date.now() + writeWithinMs;
    for (;;) {
      let mine = false;
      const at = now();
      const state = await shared.update((latest) => {
        mine = false;
        const tokenAttempts = latest.tokenAttempts.filter((attempt) => at - attempt < hourMs);
        if (current(latest) !== null || latest.tokenLease > at || tokenAttempts.length >= maxTokensPerHour)
          return { ...latest, tokenAttempts };
        mine = true;
        return { ...latest, tokenAttempts: [...tokenAttempts, at], tokenLease: at + leaseMs };
      });
      if (mine) return fetchToken(at, writeBy);
      const token = current(state);
      if (token !== null) return { kind: 'token', token };
      if (state.tokenLease <= now()) return exhausted(state);
      if (Date.now() > givenUpAt) return otherWorker;
      await sleep(pollMs);
    }
  };

  const exhausted = ({ tokenAttempts: [oldest = 0] }: AccountState): TokenAnswer => ({
    kind: 'throttled',
    retryAfterSeconds: Math.ceil((oldest + hourMs - now()) / 1000),
    text: `${maxTokensPerHour} tokens were made within the hour, and the dialer allows no more`,
    passing: false,
  });

  /** `at`: when this worker took the lease. */
  const fetchToken = async (at: number, writeBy: number): Promise<TokenAnswer> => {
    const reply = await guard.request(
      {
        method: 'POST',
        path: paths.generateToken,
        headers: { 'content-type': 'application/json', apiKey },
        body: JSON.stringify({ userName }),
        purpose: 'token',
      },
      (reply) => reply,
      { writeBy },
    );
    const token = reply.kind === 'response' && reply.complete ? readToken(reply.body) : null;
    const wasWritten = reply.kind !== 'withheld' && reply.kind !== 'not-sent';
    let isMine = true;
    const state = await shared.update((latest) => {
      // Another process took the lease over, and has a newer token, which voids this one.
      isMine = latest.tokenLease === at + leaseMs;
      if (!isMine) return latest;
      return {
        ...latest,
        tokenLease: 0,
        token: token === null ? latest.token : { sealed: seal.close(token), madeAt: at },
        tokenAttempts: wasWritten
          ? latest.tokenAttempts
          : latest.tokenAttempts.filter((attempt) => attempt !== at),
      };
    });
    const latestToken = current(state);
    if (latestToken !== null) return { kind: 'token', token: latestToken };
    if (!isMine) return otherWorker;

    const chunk = {
      campaignName: '',
      checkDuplicate: false,
      timeZone: 'UTC',
      bulkData: { map: [], data: [] },
    };
    const answer = readAnswer(reply, chunk, [apiKey], now());
    // Whatever became of the request for a token, no record has been sent.
    if (answer.kind === 'unknown' || answer.kind === 'rows')
      return {
        kind: 'unavailable',
        reason: `no token: ${answer.kind === 'unknown' ? answer.reason : 'none given'}`,
        passing: false,
        ...(answer.kind === 'unknown' && { away: true }),
      };
    return answer;
  };

  const get = async (writeBy: number): Promise<TokenAnswer> => {
    const token = current(await shared.read());
    if (token !== null) return { kind: 'token', token };
    if (failure !== null && now() - failure.at < failureMs) return failure.answer;
    fetching ??= obtain(writeBy)
      .then((answer) => {
        failure = answer.kind === 'token' ? null : { answer, at: now() };
        return answer;
      })
      .finally(() => {
        fetching = null;
      });
    return fetching;
  };

  return {
    get,
    async renew(refusedToken, writeBy) {
      let voided = true;
      await shared.update((state) => {
        voided = true;
        if (state.token === null || seal.open(state.token.sealed) !== refusedToken) return state;
        const at = now();
        const tokenRenewals = state.tokenRenewals.filter((earlier) => at - earlier < hourMs);
        voided = at - state.token.madeAt >= freshMs && tokenRenewals.length < maxRenewalsPerHour;
        return voided ? { ...state, tokenRenewals: [...tokenRenewals, at], token: null } : state;
      });
      return voided ? get(writeBy) : null;
    },
  };
}

const otherWorker: TokenAnswer = {
  kind: 'unavailable',
  reason: 'no token: another worker fetches one',
  passing: false,
  away: true,
};

/** What a header can carry, and no server refuses for its length. */
const tokenForm = /^[\x21-\x7e]{1,4096}$/;

function readToken(body: string): string | null {
  const { token } = (parseAnswer(body).json ?? {}) as { token?: unknown };
  return typeof token === 'string' && tokenForm.test(token) ? token : null;
}

/** AES-256-GCM under the API key: whoever may open it could make a token anyway. */
function createSeal(apiKey: string) {
  const key = createHash('sha256').update(`dialgraph token ${apiKey}`).digest();
  let opened = { sealed: '', token: null as string | null };
  return {
    close(token: string): string {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const text = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64');
    },
    /** Null for what another key has sealed. */
    open(sealed: string): string | null {
      if (opened.sealed !== sealed) opened = { sealed, token: decipher(Buffer.from(sealed, 'base64'), key) };
      return opened.token;
    },
  };
}

function decipher(bytes: Buffer, key: Buffer): string | null {
  try {
    const decipherer = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
    decipherer.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipherer.update(bytes.subarray(28)), decipherer.final()]).toString('utf8');
  } catch {
    return null;
  }
}
