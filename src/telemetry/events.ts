// What the other rooms report of their work, in types alone: they depend on no library for logs, metrics or traces.
// A report has no body and no record in it. To report never throws.

/** How many records had each kind of outcome. */
export type RecordCounts = Readonly<Record<string, number>>;

/** The request on whose behalf the dialer is asked. */
export interface Origin {
  /** The request id, which callers quote. */
  readonly id: string;
  readonly span: Span | undefined;
}

/** A request that came in over HTTP. Its members are set as soon as they are known. */
export interface IncomingRequest extends Origin {
  /** The operation's name, if it has one. */
  operation: string | undefined;
  /** Who calls, and for which account, if that is known. */
  caller: string | undefined;
  account: string | undefined;
  /** Top-level errors of the answer. */
  errors: number;
  /** The codes of those errors, or of a refusal: each once, and only the first few. */
  codes: readonly string[];
  /** How long a root field's answer asks the caller to wait. */
  retryAfterSeconds: number | undefined;
  /** The campaigns of its passes, masked, and the outcomes of their records. */
  campaigns: readonly string[];
  records: RecordCounts;
  /** Its answer has been sent. `status`: that of HTTP, or 499 if the caller went away before. */
  end(status: number): void;
}

/** What a pass does to records. @default scheduling */
export type PassWork = 'scheduling' | 'cancelling' | 'rescheduling';

/** One pass over the records of a request. */
export interface Pass extends Origin {
  /** `status`: that of its payload, or the name of the error because of which nothing was carried out. */
  end(status: string, records?: RecordCounts): void;
}

/** One request to the dialer. */
export interface UpstreamRequest {
  purpose: 'schedule' | 'token' | 'list' | 'status' | 'delete' | 'remove';
  rows: number;
  /** Counted from 1. */
  attempt: number;
  /** The requests that it serves; none for a request that is not tied to any, such as that of a token. */
  origins: readonly Origin[];
}

export interface Exchange {
  /** Headers for the request, with which the trace goes on upstream. */
  readonly headers: Readonly<Record<string, string>>;
  /** `result`: how the answer was understood; `status`: that of HTTP, undefined without an answer. */
  end(result: UpstreamResult, status: number | undefined): void;
}

export type UpstreamResult = 'answered' | 'refused' | 'throttled' | 'unavailable' | 'unknown';

export interface Telemetry {
  requestStarted(id: string, headers: TraceHeaders): IncomingRequest;
  /** `request`: the incoming request of the pass, if it has one. */
  /** `campaignName`: undefined if it is of several campaigns, or of none that is known. */
  passStarted(campaignName: string | undefined, request: IncomingRequest | undefined, work?: PassWork): Pass;
  upstreamStarted(request: UpstreamRequest): Exchange;
  /** A request to the dialer has so many rows, of so many mutations. */
  mutationsJoined(mutations: number, rows: number): void;
  /** The caller of a request is known, or why it is not. */
  authenticated(result: AuthenticationResult): void;
  /** The store was asked something. `failure`: why it did not answer. */
  storeAsked(ms: number, failure?: StoreFailure): void;
  /** The dialer asked for a pause, and nothing is sent for the account for so long; 0: the pause is over. */
  accountPaused(account: string, seconds: number): void;
  /** A file of suppressed numbers was read; or it is broken, and what was read before stays in use. */
  suppressionRead(path: string, result: SuppressionRead): void;
  /** An import has come into a state. */
  importChanged(change: ImportChange): void;
  /** A web page whose origin is not allowed asked whether it may call. */
  originRefused(origin: string): void;
  /** An unexpected error, or a text about one: its stack is logged, redacted. */
  error(error: unknown, requestId?: string): void;
}

export interface ImportChange {
  id: string;
  campaignName: string;
  state: string;
  /** How its rows are counted by now. */
  counts: Readonly<Record<string, number | null>>;
  /** The kind of its failure. */
  failure: string | undefined;
  isOver: boolean;
}

/** The W3C trace context in the headers of an incoming request. */
export interface TraceHeaders {
  traceparent?: string | undefined;
  tracestate?: string | undefined;
}

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** One piece of work in a trace. */
export interface Span {
  /** The span of a request to another service. It is a part of this span, and is linked to the `others` that it serves too. */
  request(name: string, others: readonly Span[]): Span;
  /** The span of a part of this work. */
  part(name: string): Span;
  /** The W3C trace context, for a request that this span makes. */
  readonly headers: Readonly<Record<string, string>>;
  /** `status`: that of HTTP, for a request that was answered. */
  end(attributes: Attributes, status?: number): void;
}

/**
 * `missing`: there is no credential; `malformed`: it is neither a bearer token nor a password; `key`, `token`: it is not valid;
 * `account`: it is valid, but its account does not exist; `unavailable`: it could not be checked.
 */
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
  /** For the log: it has no value of a caller, but may have a path. */
  text: string;
}

/** `opening`: it opens for the first time, and requests that need it wait. */
export type StoreState = 'up' | 'opening' | 'down';

/** The current state of one account's dialer. */
export interface DialerState {
  /** The account's name. */
  account: string;
  /** Requests with rows that were sent and have no answer yet, and those that wait for their turn. */
  running: number;
  waiting: number;
  breaker: BreakerState;
  /** How much longer the account is paused, as far as this process knows; 0: it is not. */
  pausedSeconds: number;
}

export type SuppressionRead =
  /** From how many lines a number was read, from how many none was, and the first few of those. */
  | { readonly numbers: number; readonly unreadable: number; readonly firstUnreadable: readonly number[] }
  | { readonly problem: string };

/** The current state of one account's list of numbers that are never to be called. */
export interface SuppressionState {
  /** The account's name. */
  account: string;
  numbers: number;
  /** A file of it is gone or broken, and what was read last is in use. */
  isStale: boolean;
}

export const breakerStates = ['closed', 'open', 'half-open'] as const;
export type BreakerState = (typeof breakerStates)[number];
