// An issuer's public keys, as its JWKS has them: asked for when a token comes that needs them, by one request at a time, bounded
// in bytes, keys and time. States: none → (an answer) fresh → (freshMs) due → fresh again, or stale where the issuer fails, until
// staleMs end that. After failures the issuer is left alone for a while that grows, whoever comes with whatever token.

import {
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  halfJitterGenerator,
  handleAll,
  isBrokenCircuitError,
} from 'cockatiel';
import { createRemoteJWKSet, customFetch, type FetchImplementation, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';

export interface IssuerKeysOptions {
  /** After that the issuer is asked again. @default 10 min */
  freshMs?: number;
  /** Keys that were good stay good so long while the issuer fails. @default 24 h */
  staleMs?: number;
  /** A key that is not there is asked for no sooner than that after an answer. @default 30 s */
  cooldownMs?: number;
  /** After two failures in a row; doubled by each that follows, up to a minute; the half of it is drawn at random. @default 1 s */
  backoffMs?: number;
  /** For the whole answer. @default 5 s */
  timeoutMs?: number;
}

const maxBytes = 256 * 1024;
const maxKeys = 100;
/** The first may be a blip. */
const mostFailures = 2;
const longestBackoffMs = 60_000;

const keySet = z.looseObject({ keys: z.array(z.looseObject({})).max(maxKeys) });

/** Rejects where no key can be had, with jose's JWKSNoMatchingKey where the issuer has none that fits. */
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
  const fetchSome: FetchImplementation = async (url, options) => {
    const fetched = breaker.execute(async () => {
      try {
        const text = await readSome(await fetch(url, options));
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
    [customFetch]: fetchSome,
  });

  return async (header, token) => {
    if (keys.fresh && Date.now() >= askAgainAt) {
      const asked = keys.reload().catch(() => {});
      // An issuer that failed before may hang, and nobody waits for it.
      if (failure === undefined) await asked;
    }
    return keys(header, token);
  };
}

/** The answer, unless it is longer than any set of keys. */
async function readSome(response: Response): Promise<string> {
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
