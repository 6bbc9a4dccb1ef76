// The log: one line of JSON for each incoming request, each request to the dialer and each error.

import { pino, stdTimeFunctions } from 'pino';
import type { LogLevel } from '../config/settings.ts';
import type { IncomingRequest, UpstreamRequest, UpstreamResult } from './events.ts';
import { createStandardOutput, type LineWriter } from './standard-output.ts';

export interface Log {
  request(request: IncomingRequest, status: number, ms: number): void;
  upstream(
    request: UpstreamRequest & { result: UpstreamResult; status: number | undefined; ms: number },
  ): void;
  error(text: string, requestId: string | undefined): void;
  /** A change that no request asked for, such as a pause. */
  notice(level: 'info' | 'warn', text: string, fields: object): void;
}

/** @default to: standard output */
export function createLog(level: LogLevel, to: LineWriter = createStandardOutput()): Log {
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
    request({ id, operation, campaigns, records, errors, codes, caller, account }, status, ms) {
      const at = status >= 500 ? 'error' : 'info';
      if (!log.isLevelEnabled(at)) return;
      const isPass = campaigns.length > 0 || Object.keys(records).length > 0;
      log[at](
        {
          requestId: id,
          operation,
          status,
          ms: rounded(ms),
          errors: errors > 0 ? errors : undefined,
          codes: codes.length > 0 ? codes : undefined,
          campaign: campaigns.length > 0 ? campaigns.join(', ') : undefined,
          records: isPass ? records : undefined,
          caller,
          account,
        },
        'request',
      );
    },

    upstream({ purpose, rows, attempt, origins, result, status, ms }) {
      const at = result === 'answered' || result === 'refused' ? 'info' : 'warn';
      if (!log.isLevelEnabled(at)) return;
      const ids = [...new Set(origins.map(({ id }) => id))];
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
    notice: (at, text, fields) => log[at](fields, text),
  };
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
