// The sandbox's one account: its key, its user name and its token.
// Token states: none → (issue) current → (60 minutes pass, or the next issue) void. A void token never comes back.
// Refuses an eleventh issue within any hour; a refused attempt does not count against the hour.

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
    return userName === this.credentials.userName && (this.hasKey(headers) || this.#hasToken(headers));
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

  /** Opens a new hour. The current token stays good, so that a client that holds it need not notice. */
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
