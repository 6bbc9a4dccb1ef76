// What is made of what the house tells: lines in a log, metrics, spans of a trace, each where it is wanted.
// Names that callers chose are masked here, before they go anywhere.

import { remembered } from '../bounded.ts';
import { redact } from '../redact.ts';
import type { IncomingRequest, Pass, RecordCounts, Span, Telemetry } from './events.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Tracing } from './tracing.ts';

export interface Sinks {
  log?: Log | undefined;
  metrics?: Metrics | undefined;
  tracing?: Tracing | undefined;
}

/** With no sink at all it says nothing. Classes, since there is one object or two for every request: closures cost more. */
export function createTelemetry({ log, metrics, tracing }: Sinks = {}): Telemetry {
  const masked = remembered(mostMasked, (name: string) => redact(name));
  /** Where telling fails, what is told of goes on: no observer ends a request, or the process. */
  const quietly = <Told>(tell: () => Told): Told | undefined => {
    try {
      return tell();
    } catch (error) {
      try {
        log?.error(redact(`Telemetry failed: ${(error as Error).stack}`, [], 4000), undefined);
      } catch {
        // The log is what failed.
      }
      return undefined;
    }
  };

  class Incoming implements IncomingRequest {
    readonly id: string;
    readonly span: Span | undefined;
    readonly #startedAt = performance.now();
    operation: string | undefined = undefined;
    caller: string | undefined = undefined;
    account: string | undefined = undefined;
    errors = 0;
    campaigns: readonly string[] = [];
    records: RecordCounts = none;

    constructor(id: string, span: Span | undefined) {
      this.id = id;
      this.span = span;
    }

    end(status: number): void {
      quietly(() => this.#tell(status));
    }

    #tell(status: number): void {
      const ms = performance.now() - this.#startedAt;
      if (this.operation !== undefined) this.operation = masked(this.operation);
      // A token's subject may be whatever its issuer calls people.
      if (this.caller !== undefined) this.caller = masked(this.caller);
      log?.request(this, status, ms);
      metrics?.request(status, ms);
      this.span?.end(
        {
          'dialgraph.request_id': this.id,
          'graphql.operation.name': this.operation,
          'dialgraph.caller': this.caller,
          'dialgraph.account': this.account,
          'dialgraph.errors': this.errors,
        },
        status,
      );
    }
  }

  class OnePass implements Pass {
    readonly id: string;
    readonly span: Span | undefined;
    readonly #campaign: string;
    readonly #request: IncomingRequest | undefined;

    constructor(campaignName: string, request: IncomingRequest | undefined) {
      this.id = request?.id ?? '';
      this.span = quietly(() => request?.span?.part('scheduling pass'));
      this.#campaign = quietly(() => masked(campaignName)) ?? '';
      this.#request = request;
    }

    end(status: string, records: RecordCounts = none): void {
      quietly(() => this.#tell(status, records));
    }

    #tell(status: string, records: RecordCounts): void {
      const campaign = this.#campaign;
      const request = this.#request;
      if (request !== undefined) {
        request.records = request.records === none ? records : sum(request.records, records);
        if (!request.campaigns.includes(campaign)) request.campaigns = [...request.campaigns, campaign];
      }
      metrics?.pass(campaign, status, records);
      this.span?.end({ 'dialgraph.campaign': campaign, 'dialgraph.status': status, ...prefixed(records) });
    }
  }

  return {
    requestStarted: (id, headers) =>
      new Incoming(id, tracing && quietly(() => tracing.start('GraphQL request', headers))),
    passStarted: (campaignName, request) => new OnePass(campaignName, request),

    upstreamStarted(request) {
      const startedAt = performance.now();
      const { purpose, rows, attempt, askers } = request;
      const [first, ...others] = askers.flatMap(({ span }) => span ?? []);
      const span = first && quietly(() => first.request(`dialer ${purpose}`, others));
      return {
        headers: span?.headers ?? {},
        end(result, status) {
          const ms = performance.now() - startedAt;
          quietly(() => {
            log?.upstream({ ...request, result, status, ms });
            metrics?.upstream(purpose, result, ms);
            span?.end(
              { 'dialgraph.result': result, 'dialgraph.rows': rows, 'dialgraph.attempt': attempt },
              status,
            );
          });
        },
      };
    },

    mutationsJoined: (mutations, rows) => quietly(() => metrics?.joined(mutations, rows)),
    error: (text, requestId) => quietly(() => log?.error(redact(text, [], 4000), requestId)),
  };
}

const none: RecordCounts = {};

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

const mostMasked = 1000;

/** Names come again and again; masking one takes some microseconds. */
