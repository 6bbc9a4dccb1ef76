// Makes log lines, metrics and spans of traces from what the other rooms report, each if it is configured.
// Names that callers chose are masked here, before they go anywhere.
// A sink that throws loses that one report: whoever reported goes on.

import { memoize } from '../foundation/memo.ts';
import { redact } from '../foundation/redaction.ts';
import type { Exchange, IncomingRequest, Pass, PassWork, RecordCounts, Span, Telemetry } from './events.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { createStoreReport } from './store-report.ts';
import type { Tracing } from './tracing.ts';

export interface Sinks {
  log?: Log | undefined;
  metrics?: Metrics | undefined;
  tracing?: Tracing | undefined;
}

/** Without a sink it does nothing. Requests and passes are classes, since closures would cost every request more. */
export function createTelemetry({ log, metrics, tracing }: Sinks = {}): Telemetry {
  const maskedText = memoize(mostMasked, (name: string) => redact(name));
  /** A name should be a text; if it is not, its type is told in its place. */
  const masked = (name: unknown): string =>
    typeof name === 'string' ? maskedText(name.slice(0, longestName)) : `(${typeof name})`;
  const guarded = createGuard(log);
  const storeReport = createStoreReport(log);
  /** Each origin is logged once, up to a bound: anybody may send any number of them. */
  const refusedOrigins = new Set<string>();

  class Incoming implements IncomingRequest {
    readonly id: string;
    readonly span: Span | undefined;
    readonly #startedAt = performance.now();
    operation: string | undefined = undefined;
    caller: string | undefined = undefined;
    account: string | undefined = undefined;
    errors = 0;
    codes: readonly string[] = noCodes;
    retryAfterSeconds: number | undefined = undefined;
    campaigns: readonly string[] = [];
    records: RecordCounts = none;

    constructor(id: string, span: Span | undefined) {
      this.id = id;
      this.span = span;
    }

    end(status: number): void {
      const ms = performance.now() - this.#startedAt;
      // An issuer may use telephone numbers as the subjects of its tokens.
      guarded(() => {
        if (this.operation !== undefined) this.operation = masked(this.operation);
        if (this.caller !== undefined) this.caller = masked(this.caller);
      });
      guarded(() => log?.request(this, status, ms));
      guarded(() => metrics?.request(status, ms, this.errors));
      guarded(() =>
        this.span?.end(
          {
            'dialgraph.request_id': this.id,
            'graphql.operation.name': this.operation,
            'dialgraph.caller': this.caller,
            'dialgraph.account': this.account,
            'dialgraph.errors': this.errors,
          },
          status,
        ),
      );
    }
  }

  class OnePass implements Pass {
    readonly id: string;
    readonly span: Span | undefined;
    readonly #campaign: string | undefined;
    readonly #request: IncomingRequest | undefined;

    constructor(campaignName: string | undefined, request: IncomingRequest | undefined, work: PassWork) {
      this.id = request?.id ?? '';
      this.span = guarded(() => request?.span?.part(`${work} pass`));
      this.#campaign = campaignName === undefined ? undefined : (guarded(() => masked(campaignName)) ?? '');
      this.#request = request;
    }

    end(status: string, records: RecordCounts = none): void {
      const campaign = this.#campaign;
      const request = this.#request;
      if (request !== undefined) {
        request.records = request.records === none ? records : sum(request.records, records);
        if (campaign !== undefined && !request.campaigns.includes(campaign))
          request.campaigns = [...request.campaigns, campaign];
      }
      guarded(() => metrics?.pass(campaign, status, records));
      guarded(() =>
        this.span?.end({ 'dialgraph.campaign': campaign, 'dialgraph.status': status, ...prefixed(records) }),
      );
    }
  }

  return {
    requestStarted: (id, headers) =>
      new Incoming(
        id,
        guarded(() => tracing?.start('GraphQL request', headers)),
      ),
    passStarted: (campaignName, request, work = 'scheduling') => new OnePass(campaignName, request, work),

    upstreamStarted(request): Exchange {
      const startedAt = performance.now();
      const { purpose, rows, attempt, origins } = request;
      const span = guarded(() => {
        const [first, ...others] = origins.flatMap(({ span }) => span ?? []);
        return first?.request(`dialer ${purpose}`, others);
      });
      return {
        headers: guarded(() => span?.headers) ?? {},
        end(result, status) {
          const ms = performance.now() - startedAt;
          guarded(() => log?.upstream({ ...request, result, status, ms }));
          guarded(() => metrics?.upstream(purpose, result, ms));
          guarded(() =>
            span?.end(
              { 'dialgraph.result': result, 'dialgraph.rows': rows, 'dialgraph.attempt': attempt },
              status,
            ),
          );
        },
      };
    },

    mutationsJoined: (mutations, rows) => guarded(() => metrics?.joined(mutations, rows)),
    authenticated: (result) => guarded(() => metrics?.authenticated(result)),
    storeAsked(ms, failure) {
      guarded(() => metrics?.store(ms, failure?.kind));
      guarded(() => storeReport(failure));
    },
    accountPaused(account, seconds) {
      guarded(() => metrics?.paused(account, seconds));
      guarded(() =>
        seconds > 0
          ? log?.notice('warn', 'the dialer asked for a pause', { account, seconds })
          : log?.notice('info', 'the pause is over', { account }),
      );
    },
    suppressionRead(path, result) {
      guarded(() => metrics?.suppressionRead('problem' in result ? 'broken' : 'read'));
      guarded(() => {
        const file = redact(path);
        if ('problem' in result)
          log?.notice('warn', 'a suppression file is broken, and what was read last stays in use', {
            file,
            problem: redact(result.problem),
          });
        else
          log?.notice(result.unreadable > 0 ? 'warn' : 'info', 'a suppression file was read', {
            file,
            ...result,
          });
      });
    },
    importChanged({ id, campaignName, state, counts, failure, isOver }) {
      guarded(() => metrics?.importChanged(state, isOver ? counts : none));
      guarded(() =>
        log?.notice(failure === undefined ? 'info' : 'warn', 'an import changed its state', {
          import: id,
          campaign: masked(campaignName),
          state,
          failure,
          ...(isOver && { rows: counts }),
        }),
      );
    },
    originRefused(origin) {
      guarded(() => {
        const shown = masked(origin);
        if (refusedOrigins.has(shown) || refusedOrigins.size >= mostOrigins) return;
        refusedOrigins.add(shown);
        log?.notice('warn', 'a page of another origin may not call: CORS_ORIGINS names those that may', {
          origin: shown,
          setting: 'CORS_ORIGINS',
        });
      });
    },
    error: (error, requestId) =>
      guarded(() => log?.error(redact(textOf(error).slice(0, longestError), [], 4000), requestId)),
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** A failure of telemetry itself is logged at most this often. */
const complaintMs = 60_000;

/** Runs `work`. What it throws is logged now and then, and does not reach the caller. */
function createGuard(log: Log | undefined): <Result>(work: () => Result) => Result | undefined {
  let silentUntil = 0;
  return (work) => {
    try {
      return work();
    } catch (error) {
      if (Date.now() < silentUntil) return undefined;
      silentUntil = Date.now() + complaintMs;
      try {
        log?.error(redact(`Telemetry failed: ${textOf(error)}`, [], 4000), undefined);
      } catch {
        // The log itself failed, so this cannot be logged.
      }
      return undefined;
    }
  };
}

const none: RecordCounts = {};
const noCodes: readonly string[] = [];

function sum(one: RecordCounts, other: RecordCounts): RecordCounts {
  const both = new Map(Object.entries(one));
  for (const [kind, count] of Object.entries(other)) both.set(kind, (both.get(kind) ?? 0) + count);
  return Object.fromEntries(both);
}

function prefixed(records: RecordCounts): Record<string, number> {
  return Object.fromEntries(
    Object.entries(records).map(([kind, count]) => [`dialgraph.records.${kind}`, count]),
  );
}

const mostOrigins = 100;

/** Names that are kept with their masked form: the same ones come again and again, and to mask one takes some microseconds. */
const mostMasked = 1000;
/** Characters of a name that are masked: more take more time, and are cut off afterwards. */
const longestName = 1000;
const longestError = 40_000;
