// The log: a line of JSON for each request that came in, each request to the dialer and each error, written without holding
// anybody up. What is not written yet is when the process exits.

import { type DestinationStream, destination, pino, stdTimeFunctions } from 'pino';
import type { LogLevel } from '../config.ts';
import type { IncomingRequest, UpstreamRequest, UpstreamResult } from './events.ts';

export interface Log {
  request(request: Omit<IncomingRequest, 'end'> & { status: number; ms: number }): void;
  upstream(
    request: UpstreamRequest & { result: UpstreamResult; status: number | undefined; ms: number },
  ): void;
  error(text: string, requestId: string | undefined): void;
}

/** `to` takes whole lines. @default standard output */
export function createLog(level: LogLevel, to: DestinationStream = destination({ sync: false })): Log {
  const log = pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    to,
  );
  return {
    request({ id, operation, status, ms, campaigns, records, errors, caller, account }) {
      const at = status >= 500 ? 'error' : 'info';
      if (!log.isLevelEnabled(at)) return;
      const isPass = campaigns.size > 0;
      log[at](
        {
          requestId: id,
          operation,
          status,
          ms: rounded(ms),
          errors: errors > 0 ? errors : undefined,
          campaign: isPass ? [...campaigns].join(', ') : undefined,
          records: isPass ? records : undefined,
          caller,
          account,
        },
        'request',
      );
    },

    upstream({ purpose, rows, attempt, askers, result, status, ms }) {
      const at = result === 'answered' || result === 'refused' ? 'info' : 'warn';
      if (!log.isLevelEnabled(at)) return;
      const ids = [...new Set(askers.map(({ id }) => id))];
      log[at](
        {
          ...(ids.length > 1 ? { requestIds: ids } : { requestId: ids[0] }),
          purpose,
          result,
          status,
          ms: rounded(ms),
          rows,
          attempt,
        },
        'dialer request',
      );
    },

    error: (text, requestId) => log.error({ requestId }, text),
  };
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
