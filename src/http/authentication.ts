// Who sends a request, by its `Authorization` header, and the account that it is for.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Accounts } from '../accounts.ts';
import { type Caller, type Callers, IssuerUnavailable } from '../auth/callers.ts';
import type { AuthenticationResult, Telemetry } from '../telemetry/events.ts';
import type { Admission } from './exchange.ts';
import { Refusal } from './refusal.ts';

/** Most issuers are back sooner. An issuer is asked again after a second, and after a minute at the latest. */
const issuerWaitSeconds = 5;

const unavailable = new Refusal(
  503,
  'AUTHENTICATION_UNAVAILABLE',
  `Tokens cannot be checked at the moment. Send the same request again in ${issuerWaitSeconds} s.`,
  issuerWaitSeconds,
);

const unauthenticated = new Refusal(401, 'UNAUTHENTICATED', 'A valid credential is needed.');

/** Throws a Refusal if the credential belongs to nobody. Returns a promise if a token's issuer has to be asked. */
export type Authenticate = (req: IncomingMessage, res: ServerResponse) => Admission | Promise<Admission>;

/** `onFailure` is told why an issuer's keys could not be had. */
export function createAuthentication(
  accounts: Accounts,
  callers: Callers,
  telemetry: Telemetry,
  onFailure: (error: unknown) => void,
): Authenticate {
  const admit = (caller: Caller | null, { headers }: IncomingMessage, res: ServerResponse): Admission => {
    const account = caller && accounts.get(caller.account);
    if (account) {
      telemetry.authenticated('accepted');
      return { caller, account };
    }
    telemetry.authenticated(caller ? 'account' : reasonOf(headers.authorization));
    // A browser that opens the page asks its user for a password, which is the key. A script is told what to send.
    const isPage = headers.accept?.includes('text/html');
    res.setHeader('www-authenticate', isPage ? 'Basic realm="Dialgraph", charset="UTF-8"' : 'Bearer');
    throw unauthenticated;
  };

  const fail = (error: unknown): never => {
    if (!(error instanceof IssuerUnavailable)) throw error;
    telemetry.authenticated('unavailable');
    onFailure(error);
    throw unavailable;
  };

  return (req, res) => {
    const found = callers.find(req.headers.authorization);
    return found instanceof Promise
      ? found.then((caller) => admit(caller, req, res), fail)
      : admit(found, req, res);
  };
}

/** Why a credential belongs to nobody, by its form alone. */
function reasonOf(authorization: string | undefined): AuthenticationResult {
  if (authorization === undefined) return 'missing';
  if (!/^(bearer|basic) +\S+$/i.test(authorization)) return 'malformed';
  // Signed tokens have two dots.
  return /\.[^.]*\./.test(authorization) ? 'token' : 'key';
}
