// What the rest of the house tells of its work, in types alone: who tells names no library, and knows nobody who listens.
// What is told has no body and no record in it. Telling never throws, whatever is told.

/** How many records had each kind of outcome. */
export type RecordCounts = Readonly<Record<string, number>>;

/** On whose behalf the dialer is asked. */
export interface Asker {
  /** The request id, which callers quote. */
  readonly id: string;
  readonly span: Span | undefined;
}

/** A request that came in over HTTP. What is learned of it on its way is noted on it. */
export interface IncomingRequest extends Asker {
  /** The operation's name, if it has one. */
  operation: string | undefined;
  /** Who calls, and for which account, where that is known. */
  caller: string | undefined;
  account: string | undefined;
  /** Top-level errors of the answer. */
  errors: number;
  /** Of those, and of a refusal: their codes, each once, and no more than a few. */
  codes: readonly string[];
  /** For how long the caller is asked to wait by a root field's answer. */
  retryAfterSeconds: number | undefined;
  /** Of its passes: campaigns, masked, and what became of their records. */
  campaigns: readonly string[];
  records: RecordCounts;
  /** Its answer is out. `status`: HTTP, or 499 where the caller went away before. */
  end(status: number): void;
}

/** One scheduling pass. */
export interface Pass extends Asker {
  /** `status`: a ScheduleStatus, or the name of the error for which nothing was carried out. */
  end(status: string, records?: RecordCounts): void;
}

/** One request to the dialer. */
export interface UpstreamRequest {
  purpose: 'schedule' | 'token' | 'list';
  rows: number;
  /** From 1 on. */
  attempt: number;
  /** None where it serves whoever comes. */
  askers: readonly Asker[];
}

export interface Exchange {
  /** What the request carries so that the trace goes on upstream. */
  readonly headers: Readonly<Record<string, string>>;
  /** `result`: what was made of the answer; `status`: HTTP, undefined where there was none. */
  end(result: UpstreamResult, status: number | undefined): void;
}

export type UpstreamResult = 'answered' | 'refused' | 'throttled' | 'unavailable' | 'unknown';

export interface Telemetry {
  requestStarted(id: string, headers: TraceHeaders): IncomingRequest;
  /** `request`: the one that came in, unless the pass has none. */
  passStarted(campaignName: string, request: IncomingRequest | undefined): Pass;
  upstreamStarted(request: UpstreamRequest): Exchange;
  /** So many mutations share a request to the dialer, with so many rows. */
  mutationsJoined(mutations: number, rows: number): void;
  /** Who sent a request could be told, or why not. */
  authenticated(result: AuthenticationResult): void;
  /** The store was asked for something. `failure`: what kept it from that. */
  storeAsked(ms: number, failure?: StoreFailure): void;
  /** Nothing is sent for an account for so long, since its dialer asked for that; 0: that is over. */
  accountPaused(account: string, seconds: number): void;
  /** A page of an origin that is not allowed asked whether it may call. */
  originRefused(origin: string): void;
  /** What nobody expected; redacted here. */
  error(text: string, requestId?: string): void;
}

/** W3C trace context, as a request's headers have it. */
export interface TraceHeaders {
  traceparent?: string | undefined;
  tracestate?: string | undefined;
}

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** A piece of work in a trace. */
export interface Span {
  /** A request to elsewhere that is a part of it, and serves the `others` as well. */
  request(name: string, others: readonly Span[]): Span;
  /** A part of it. */
  part(name: string): Span;
  /** W3C trace context, for a request of this span. */
  readonly headers: Readonly<Record<string, string>>;
  /** `status`: HTTP, where it is a request that had an answer. */
  end(attributes: Attributes, status?: number): void;
}

/** `missing`: no credential; `malformed`: neither a bearer's nor a password; `account`: good, for an account that is not. */
export const authenticationResults = [
  'accepted',
  'missing',
  'malformed',
  'key',
  'token',
  'account',
  'unavailable',
] as const;
export type AuthenticationResult = (typeof authenticationResults)[number];

export const storeErrorKinds = [
  'unreachable',
  'timeout',
  'configuration',
  'tables',
  'newer',
  'read-only',
  'directory',
  'opening',
  'stopped',
  'statement',
] as const;
export type StoreErrorKind = (typeof storeErrorKinds)[number];

export interface StoreFailure {
  kind: StoreErrorKind;
  /** For the log: no value, but maybe a path. */
  text: string;
}

/** `opening`: for the first time, and whoever needs it waits. */
export type StoreState = 'up' | 'opening' | 'down';

/** How one account's dialer is, at this moment. */
export interface DialerState {
  /** As configured. */
  account: string;
  /** Requests with rows that are on their way, and that wait for their turn. */
  running: number;
  waiting: number;
  breaker: BreakerState;
  /** How long the account is paused yet, as far as this process knows; 0: it is not. */
  pausedSeconds: number;
}

export const breakerStates = ['closed', 'open', 'half-open'] as const;
export type BreakerState = (typeof breakerStates)[number];
