// Finds out who calls, by the credential of the request: an API key, or a token of the configured issuer.

import { createHash } from 'node:crypto';
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { CallersConfig, JwtConfig, Scope } from '../config/callers.ts';
import { scopes } from '../config/callers.ts';
import { claimsSchema } from './claims.ts';
import { createIssuerKeys } from './issuer-keys.ts';

export interface Caller {
  /** Unique among all credentials, and the same as long as the credential keeps its name. */
  readonly id: string;
  /** The key's name, or the token's subject. */
  readonly name: string;
  readonly account: string;
  readonly scopes: ReadonlySet<Scope>;
  /** The campaigns that it may use. Null: every campaign. */
  readonly campaigns: ReadonlySet<string> | null;
  /** How many records it may schedule, and how many it may validate; undefined: any number. */
  readonly recordsPerMinute: number | undefined;
}

export interface Callers {
  /** By the `Authorization` header. Null: nobody who may call. Rejects with an IssuerUnavailable if that cannot be known now. */
  find(authorization: string | undefined): Caller | null | Promise<Caller | null>;
}

/** The issuer's keys cannot be fetched at the moment, so a token cannot be checked now. */
export class IssuerUnavailable extends Error {}

/**
 * Without a `config` everybody who reaches the port may call, for the only account that there is. `keysOf` returns the keys of
 * the issuer with that `jwksUri`; code that makes callers again passes one that keeps the keys it has fetched.
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

/** What is stored of a key. A plain hash is enough, since a key is too random to be guessed. */
export function hashOf(key: string): string {
  return `sha256:${createHash('sha256').update(key).digest('base64url')}`;
}

/** A bearer token, or the password that a browser asks for: GraphiQL has no other way to send a key. */
function credentialOf(authorization: string | undefined): string | null {
  const [, scheme, value] = /^(bearer|basic) +(\S+)$/i.exec(authorization ?? '') ?? [];
  if (scheme === undefined || value === undefined) return null;
  if (scheme.toLowerCase() === 'bearer') return value;
  const text = Buffer.from(value, 'base64').toString();
  return text.slice(text.indexOf(':') + 1);
}

/** Algorithms with a shared secret are left out, since everybody who can check such a token can also make one; so is `none`. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const toleranceSeconds = 5;
/** How long a checked token is not checked again. A token that its issuer revokes is accepted for that long at most. */
const trustedMs = 60_000;
const mostRemembered = 10_000;

function createTokenCallers(
  { issuer, audience, ...grants }: JwtConfig,
  keys: JWTVerifyGetKey,
  onlyAccount: string | undefined,
): (token: string) => Caller | null | Promise<Caller | null> {
  /** By the token's hash, since a token may be long, and is a secret. */
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
      if (isInvalidToken(error)) return null;
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

function isInvalidToken(error: unknown): boolean {
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

/** An error of `fetch` says only that it failed; the reason is in its cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message !== '' ? `${message}: ${reasonOf(cause)}` : message;
}

/** The campaigns that both the file and the token allow. */
function campaignsOf(
  granted: readonly string[] | undefined,
  claimed: readonly string[] | undefined,
): ReadonlySet<string> | null {
  if (claimed === undefined) return granted === undefined ? null : new Set(granted);
  return new Set(granted === undefined ? claimed : claimed.filter((name) => granted.includes(name)));
}
