// The sandbox's one account: its API key, its user name and its token.
// States of a token: current (issued) → void (60 minutes have passed, or the next token is issued). A void token is never valid
// again. An eleventh token within an hour is refused; a request that was refused does not count.

import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { maxTokensPerHour, tokenLifetimeMs } from '../upstream/contract.ts';

const hourMs = 60 * 60_000;

export interface Credentials {
  readonly apiKey: string;
  readonly userName: string;
}

export class Account {
  readonly credentials: Credentials;
  tokensGenerated = 0;
  #now: () => number;
  #token: { text: string; issuedAt: number } | undefined;
  #issuedAt: number[] = [];

  constructor(credentials: Credentials, now: () => number) {
    this.credentials = Object.freeze({ ...credentials });
    this.#now = now;
  }

  /** Whether v2 headers carry the key or the current token, and the body the account's user name. */
  admits(headers: IncomingHttpHeaders, userName: unknown): boolean {
    return userName === this.credentials.userName && this.hasCredential(headers);
  }

  /** Whether v2 headers carry the key or the current token. */
  hasCredential(headers: IncomingHttpHeaders): boolean {
    return this.hasKey(headers) || this.#hasToken(headers);
  }

  hasKey(headers: IncomingHttpHeaders): boolean {
    return headers.apikey === this.credentials.apiKey;
  }

  mayIssue(): boolean {
    const now = this.#now();
    this.#issuedAt = this.#issuedAt.filter((at) => now - at < hourMs);
    return this.#issuedAt.length < maxTokensPerHour;
  }

  issue(text: string): void {
    const issuedAt = this.#now();
    this.#token = { text, issuedAt };
    this.#issuedAt.push(issuedAt);
    this.tokensGenerated += 1;
  }

  /** Begins a new hour of tokens. The current token stays valid, so that a client that holds it is not disturbed. */
  reset(): void {
    this.tokensGenerated = 0;
    this.#issuedAt = [];
  }

  #hasToken({ authorization }: IncomingHttpHeaders): boolean {
    const token = this.#token;
    return (
      token !== undefined &&
      authorization === `Bearer ${token.text}` &&
      this.#now() - token.issuedAt < tokenLifetimeMs
    );
  }
}

export function newTokenText(): string {
  return `sandbox-${randomUUID()}`;
}
