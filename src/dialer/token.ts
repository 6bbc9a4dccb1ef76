// One token for the account, however many requests wait for it.
// States: none → (get) generating → held → (55 minutes, or refused upstream) none. A new token voids the one before, and
// upstream allows ten an hour: past that the source says so itself, without a request.

import { readAnswer } from './answer.ts';
import { maxTokensPerHour, paths, tokenLifetimeMs } from './contract.ts';
import type { Account, ChunkAnswer } from './dialect.ts';
import type { HttpClient } from './http.ts';

/** Either a token, or what to say to those who wanted to send with it. */
export type TokenAnswer = { kind: 'token'; token: string } | Exclude<ChunkAnswer, { kind: 'rows' }>;

export interface TokenSource {
  /** The account's token. Never rejects. */
  get(): Promise<TokenAnswer>;
  /** A newer token in place of one that was refused, or null where the refusal cannot be the token's fault. */
  renew(refusedToken: string): Promise<TokenAnswer> | null;
}

/** Requests under way keep their token to the end: the time-out and a clock that runs apart fit in well. */
const renewalMarginMs = 5 * 60_000;
const hourMs = 60 * 60_000;
/** A token that is refused this soon after it was made was not voided: the campaign or the account is wrong. */
const freshMs = 60_000;
/** A mistyped campaign is refused like a void token; it may not use up the generations that the others live on. */
const maxRenewalsPerHour = 5;

export function createTokenSource(
  { userName, apiKey }: Account,
  http: HttpClient,
  now: () => number,
): TokenSource {
  let held: { token: string; madeAt: number } | null = null;
  let generating: Promise<TokenAnswer> | null = null;
  let attempts: number[] = [];
  let renewals: number[] = [];

  const generate = async (): Promise<TokenAnswer> => {
    const startedAt = now();
    attempts = attempts.filter((at) => startedAt - at < hourMs);
    const oldest = attempts[0];
    if (attempts.length >= maxTokensPerHour && oldest !== undefined) {
      const retryAfterSeconds = Math.ceil((oldest + hourMs - startedAt) / 1000);
      const text = `${maxTokensPerHour} tokens were made within the hour, and the dialer allows no more`;
      return { kind: 'throttled', retryAfterSeconds, text };
    }
    attempts.push(startedAt);
    const reply = await http.send({
      method: 'POST',
      path: paths.generateToken,
      headers: { 'content-type': 'application/json', apiKey },
      body: JSON.stringify({ userName }),
    });
    const token = reply.kind === 'response' && reply.complete ? readToken(reply.body) : null;
    if (token !== null) {
      held = { token, madeAt: startedAt };
      return { kind: 'token', token };
    }
    const chunk = { campaignName: '', checkDuplicate: false, bulkData: { map: [], data: [] } };
    const answer = readAnswer(reply, chunk, [apiKey], now());
    // Whatever became of the request for a token, no record has been sent.
    if (answer.kind === 'unknown' || answer.kind === 'rows')
      return {
        kind: 'unavailable',
        reason: `no token: ${answer.kind === 'unknown' ? answer.reason : 'none given'}`,
      };
    return answer;
  };

  const get = async (): Promise<TokenAnswer> => {
    if (held !== null && now() - held.madeAt < tokenLifetimeMs - renewalMarginMs)
      return { kind: 'token', token: held.token };
    generating ??= generate().finally(() => {
      generating = null;
    });
    return generating;
  };

  return {
    get,
    renew(refusedToken) {
      if (held?.token === refusedToken) {
        const at = now();
        renewals = renewals.filter((earlier) => at - earlier < hourMs);
        if (at - held.madeAt < freshMs || renewals.length >= maxRenewalsPerHour) return null;
        renewals.push(at);
        held = null;
      }
      return get();
    },
  };
}

function readToken(body: string): string | null {
  try {
    const { token } = JSON.parse(body) as { token?: unknown };
    return typeof token === 'string' && token !== '' ? token : null;
  } catch {
    return null;
  }
}
