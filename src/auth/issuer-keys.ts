// An issuer's public keys, from its JWKS. They are fetched when a token needs them, by one request at a time, bounded in bytes,
// keys and time.
// States: none → (an answer) fresh → (freshMs) due → (an answer) fresh, or (a failure) stale → (an answer) fresh, or (staleMs
// after the last answer) none. Due keys are fetched by the next token, which waits for them; stale keys are used meanwhile.
// After two failures in a row the issuer is not asked for a time that grows, whatever tokens come.
// Not by the fetch of Node 20, which can wait for ever where a compressed answer is aborted.

import {
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  halfJitterGenerator,
  handleAll,
  isBrokenCircuitError,
} from 'cockatiel';
import { createRemoteJWKSet, customFetch, type FetchImplementation, type JWTVerifyGetKey } from 'jose';
import { type Response as FetchedResponse, fetch, type RequestInit } from 'undici';
import { z } from 'zod';

export interface IssuerKeysOptions {
  /** How long keys are used before the issuer is asked again. @default 10 min */
  freshMs?: number;
  /** How long keys are used while the issuer fails. @default 24 h */
  staleMs?: number;
  /** How long after an answer a key that it does not have is asked for again. @default 30 s */
  cooldownMs?: number;
  /** The pause after two failures in a row. Each further failure doubles it, up to a minute; half is random. @default 1 s */
  backoffMs?: number;
  /** The time for the whole answer. @default 5 s */
  timeoutMs?: number;
}

const maxBytes = 256 * 1024;
const maxKeys = 100;
/** So many failures in a row stop the requests; a single one may be chance. */
const mostFailures = 2;
const longestBackoffMs = 60_000;

const keySet = z.looseObject({ keys: z.array(z.looseObject({})).max(maxKeys) });

/** The returned function rejects if there is no key: with jose's JWKSNoMatchingKey if the issuer has none that matches. */
export function createIssuerKeys(
  jwksUri: string,
  {
    freshMs = 600_000,
    staleMs = 86_400_000,
    cooldownMs = 30_000,
    backoffMs = 1000,
    timeoutMs = 5000,
  }: IssuerKeysOptions = {},
): JWTVerifyGetKey {
  let failure: unknown;
  let askAgainAt = 0;
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: new ExponentialBackoff({
      generator: halfJitterGenerator,
      initialDelay: backoffMs,
      maxDelay: longestBackoffMs,
    }),
    breaker: new ConsecutiveBreaker(mostFailures),
  });
  const fetchKeySet: FetchImplementation = async (url, options) => {
    const fetched = breaker.execute(async () => {
      try {
        const text = await readBounded(await fetch(url, options as RequestInit));
        keySet.parse(JSON.parse(text));
        failure = undefined;
        askAgainAt = Date.now() + freshMs;
        return new Response(text);
      } catch (error) {
        failure = error;
        throw error;
      }
    });
    return fetched.catch((error) => {
      throw isBrokenCircuitError(error) ? new Error('left alone after a failure', { cause: failure }) : error;
    });
  };
  const keys = createRemoteJWKSet(new URL(jwksUri), {
    timeoutDuration: timeoutMs,
    cooldownDuration: cooldownMs,
    cacheMaxAge: staleMs,
    [customFetch]: fetchKeySet,
  });

  return async (header, token) => {
    if (keys.fresh && Date.now() >= askAgainAt) {
      const asked = keys.reload().catch(() => {});
      // An issuer that failed before may hang, so the token does not wait for it.
      if (failure === undefined) await asked;
    }
    return keys(header, token);
  };
}

/** Reads an answer, and refuses one that is longer than any set of keys. */
async function readBounded(response: FetchedResponse): Promise<string> {
  if (response.status !== 200 || response.body === null) throw new Error(`HTTP ${response.status}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    // Leaving the loop ends the request.
    if (bytes > maxBytes) throw new Error(`an answer of over ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
