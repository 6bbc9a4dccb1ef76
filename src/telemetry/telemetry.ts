// What is made of what the house tells: lines in a log, metrics, spans of a trace, each where it is wanted.
// Names that callers chose are masked here, before they go anywhere.

import { redact } from '../redact.ts';
import type { IncomingRequest, RecordCounts, Telemetry } from './events.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Tracing } from './tracing.ts';

export interface Sinks {
  log?: Log | undefined;
  metrics?: Metrics | undefined;
  tracing?: Tracing | undefined;
}

/** With no sink at all it says nothing, and costs nothing to speak of. */
export function createTelemetry({ log, metrics, tracing }: Sinks = {}): Telemetry {
  const masked = createMask();

  return {
    requestStarted(id, headers) {
      const startedAt = performance.now();
      const span = tracing?.start('GraphQL request', headers);
      const request: IncomingRequest = {
        id,
        span,
        operation: undefined,
        caller: undefined,
        account: undefined,
        errors: 0,
        campaigns: new Set(),
        records: {},
        end(status) {
          const ms = performance.now() - startedAt;
          const { errors, caller, account } = request;
          const operation = request.operation && masked(request.operation);
          log?.request({ ...request, operation, status, ms });
          metrics?.request(status, ms);
          span?.end(
            { 'dialgraph.request_id': id, 'graphql.operation.name': operation, caller, account, errors },
            status,
          );
        },
      };
      return request;
    },

    passStarted(campaignName, request) {
      const campaign = masked(campaignName);
      const span = request?.span?.part('scheduling pass');
      request?.campaigns.add(campaign);
      return {
        id: request?.id ?? '',
        span,
        end(status, records = {}) {
          for (const [kind, count] of Object.entries(records))
            if (request !== undefined) request.records[kind] = (request.records[kind] ?? 0) + count;
          metrics?.pass(campaign, status, records);
          span?.end({ 'dialgraph.campaign': campaign, 'dialgraph.status': status, ...prefixed(records) });
        },
      };
    },

    upstreamStarted(request) {
      const startedAt = performance.now();
      const { purpose, rows, attempt, askers } = request;
      const [first, ...others] = askers.flatMap(({ span }) => span ?? []);
      const span = first?.request(`dialer ${purpose}`, others);
      return {
        headers: span?.headers ?? {},
        end(result, status) {
          const ms = performance.now() - startedAt;
          log?.upstream({ ...request, result, status, ms });
          metrics?.upstream(purpose, result, ms);
          span?.end(
            { 'dialgraph.result': result, 'dialgraph.rows': rows, 'dialgraph.attempt': attempt },
            status,
          );
        },
      };
    },

    mutationsJoined: (mutations, rows) => metrics?.joined(mutations, rows),
    error: (text, requestId) => log?.error(redact(text, [], 4000), requestId),
  };
}

function prefixed(records: RecordCounts): Record<string, number> {
  return Object.fromEntries(
    Object.entries(records).map(([kind, count]) => [`dialgraph.records.${kind}`, count]),
  );
}

const mostMasked = 1000;

/** Names come again and again; masking one takes some microseconds. */
function createMask(): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    let masked = known.get(name);
    if (masked === undefined) {
      masked = redact(name);
      if (known.size >= mostMasked) known.clear();
      known.set(name, masked);
    }
    return masked;
  };
}
