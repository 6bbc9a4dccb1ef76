// Who calls, by the credential that the request carries: an API key, or a token of the configured issuer.

import { createHash } from 'node:crypto';
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { CallersConfig, JwtConfig, Scope } from '../config/callers.ts';
import { scopes } from '../config/callers.ts';
import { claimsSchema } from './claims.ts';
import { createIssuerKeys } from './issuer-keys.ts';

export interface Caller {
  /** Unlike any other credential's, and the same for as long as the credential has its name. */
  readonly id: string;
  /** The key's name, or the token's subject. */
  readonly name: string;
  readonly account: string;
  readonly scopes: ReadonlySet<Scope>;
  /** Null: every campaign. */
  readonly campaigns: ReadonlySet<string> | null;
  /** How many it may schedule, and how many it may validate; undefined: as many as come. */
  readonly recordsPerMinute: number | undefined;
}

export interface Callers {
  /** By the `Authorization` header. Null: nobody. Rejects with an IssuerUnavailable where that cannot be told now. */
  find(authorization: string | undefined): Caller | null | Promise<Caller | null>;
}

/** The issuer's keys cannot be had; whether a token is good can be told later. */
export class IssuerUnavailable extends Error {}

/**
 * Undefined: whoever reaches the port may call, for the only account there is. `keysOf` has the keys of an issuer by its
 * `jwksUri`: who makes callers anew hands in what remembers them.
 */
export function createCallers(
  config: CallersConfig | undefined,
  accounts: readonly string[],
  keysOf: (jwksUri: string) => JWTVerifyGetKey = createIssuerKeys,
): Callers {
  const only = accounts.length === 1 ? accounts[0] : undefined;
  if (config === undefined) {
    const everybody: Caller = {
      id: 'everybody',
      name: 'everybody',
      account: only ?? '',
      scopes: new Set(scopes),
      campaigns: null,
      recordsPerMinute: undefined,
    };
    return { find: () => everybody };
  }
  const { keys, jwt } = config;
  const byHash = new Map<string, Caller>();
  for (const key of keys)
    byHash.set(key.hash, {
      id: `key ${key.name}`,
      name: key.name,
      account: key.account ?? only ?? '',
      scopes: new Set(key.scopes),
      campaigns: key.campaigns === undefined ? null : new Set(key.campaigns),
      recordsPerMinute: key.recordsPerMinute,
    });
  const findByToken = jwt === undefined ? () => null : createTokenCallers(jwt, keysOf(jwt.jwksUri), only);

  return {
    find(authorization) {
      const credential = credentialOf(authorization);
      if (credential === null) return null;
      return credential.includes('.') ? findByToken(credential) : (byHash.get(hashOf(credential)) ?? null);
    },
  };
}

/** What is kept of a key: it has too much chance in it to be guessed from its hash. */
export function hashOf(key: string): string {
  return `sha256:${createHash('sha256').update(key).digest('base64url')}`;
}

/** A bearer's, or the password that a browser asks for: GraphiQL has no other way to send a key. */
function credentialOf(authorization: string | undefined): string | null {
  const [, scheme, value] = /^(bearer|basic) +(\S+)$/i.exec(authorization ?? '') ?? [];
  if (scheme === undefined || value === undefined) return null;
  if (scheme.toLowerCase() === 'bearer') return value;
  const text = Buffer.from(value, 'base64').toString();
  return text.slice(text.indexOf(':') + 1);
}

/** With a shared secret whoever can verify a token could make one, and `none` is no signature at all. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const toleranceSeconds = 5;
/** A token that was revoked at the issuer is let in for no longer than that. */
const trustedMs = 60_000;
const mostRemembered = 10_000;

function createTokenCallers(
  { issuer, audience, ...grants }: JwtConfig,
  keys: JWTVerifyGetKey,
  onlyAccount: string | undefined,
): (token: string) => Caller | null | Promise<Caller | null> {
  /** By the token's hash: a token may be long, and is a secret. */
  const trusted = new LRUCache<string, { caller: Caller; until: number }>({ max: mostRemembered });

  const callerOf = (payload: JWTPayload): { caller: Caller; until: number } | null => {
    const { data: claims } = claimsSchema.safeParse(payload);
    const account = grants.account ?? claims?.account ?? onlyAccount;
    if (claims === undefined || account === undefined) return null;
    const caller = {
      id: `token ${claims.sub}`,
      name: claims.sub,
      account,
      scopes: new Set(scopes.filter((scope) => claims.scope.includes(scope))),
      campaigns: campaignsOf(grants.campaigns, claims.campaigns),
      recordsPerMinute: grants.recordsPerMinute,
    };
    return { caller, until: Math.min((claims.exp + toleranceSeconds) * 1000, Date.now() + trustedMs) };
  };

  const verify = async (token: string, hash: string): Promise<Caller | null> => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms,
        clockTolerance: toleranceSeconds,
        requiredClaims: ['exp', 'sub'],
      });
      const found = callerOf(payload);
      if (found !== null) trusted.set(hash, found);
      return found?.caller ?? null;
    } catch (error) {
      if (isTokensFault(error)) return null;
      throw new IssuerUnavailable(`the issuer's keys cannot be had: ${reasonOf(error)}`, { cause: error });
    }
  };

  return (token) => {
    const hash = hashOf(token);
    const known = trusted.get(hash);
    if (known !== undefined && Date.now() < known.until) return known.caller;
    trusted.delete(hash);
    return verify(token, hash);
  };
}

function isTokensFault(error: unknown): boolean {
  return (
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWTExpired ||
    error instanceof errors.JWTClaimValidationFailed ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys
  );
}

/** `fetch` says only that it failed, and why in its cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message !== '' ? `${message}: ${reasonOf(cause)}` : message;
}

/** The file's, narrowed down to the token's. */
function campaignsOf(
  granted: readonly string[] | undefined,
  claimed: readonly string[] | undefined,
): ReadonlySet<string> | null {
  if (claimed === undefined) return granted === undefined ? null : new Set(granted);
  return new Set(granted === undefined ? claimed : claimed.filter((name) => granted.includes(name)));
}
