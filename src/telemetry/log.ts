// The log: a line of JSON for each request that came in, each request to the dialer and each error, written without holding
// anybody up. What is not written yet is when the process exits.

import { type DestinationStream, destination, pino, stdTimeFunctions } from 'pino';
import type { LogLevel } from '../config/settings.ts';
import type { IncomingRequest, UpstreamRequest, UpstreamResult } from './events.ts';

export interface Log {
  request(request: IncomingRequest, status: number, ms: number): void;
  upstream(
    request: UpstreamRequest & { result: UpstreamResult; status: number | undefined; ms: number },
  ): void;
  error(text: string, requestId: string | undefined): void;
  /** What changed of its own, such as a pause. */
  notice(level: 'info' | 'warn', text: string, fields: object): void;
}

/** `to` takes whole lines. @default standard output */
export function createLog(level: LogLevel, to: DestinationStream = standardOutput()): Log {
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
      const isPass = campaigns.length > 0;
      log[at](
        {
          requestId: id,
          operation,
          status,
          ms: rounded(ms),
          errors: errors > 0 ? errors : undefined,
          codes: codes.length > 0 ? codes : undefined,
          campaign: isPass ? campaigns.join(', ') : undefined,
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
    notice: (at, text, fields) => log[at](fields, text),
  };
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}

/** Bytes of lines that nobody has taken yet; what comes past that is dropped, and counted. */
const mostUnwritten = 4 * 1024 * 1024;
/** How long the exit waits for somebody to take them. */
const lastLinesMs = 500;

/** Lines are gathered for a tenth of a second, or up to a page: writing each alone costs more than making it. */
function standardOutput(): DestinationStream {
  // Nobody need read it. Having been looked at, a pipe never makes a write wait, which would keep the process from its end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignore);
  let giveUpAt = Infinity;
  const output = destination({
    sync: false,
    minLength: 4096,
    maxLength: mostUnwritten,
    periodicFlush: 100,
    // As text it would be measured whole with every line that comes.
    contentMode: 'buffer',
    retryEAGAIN: () => Date.now() < giveUpAt,
  });
  // Such as a disk that is full: the lines stay, and are tried again.
  output.on('error', ignore);
  const flush = output.flushSync;
  // Called by the exit.
  output.flushSync = () => {
    giveUpAt = Date.now() + lastLinesMs;
    try {
      flush.call(output);
    } catch {
      // Nobody took them.
    }
  };

  let dropped = 0;
  let isFlowing = true;
  output.on('drop', () => {
    dropped++;
    isFlowing = false;
  });
  output.on('write', () => {
    isFlowing = true;
  });
  const write = (line: string) => output.write(Buffer.from(line) as unknown as string);
  const tellDropped = () => {
    if (dropped === 0 || !isFlowing) return;
    const count = dropped;
    dropped = 0;
    write(lineOfDropped(count));
    // It may have found no room either.
    if (dropped > 0) dropped = count;
  };
  output.on('drain', tellDropped);
  return {
    write(line) {
      tellDropped();
      write(line);
    },
  };
}

function lineOfDropped(dropped: number): string {
  const line = {
    level: 'error',
    time: new Date().toISOString(),
    dropped,
    msg: 'lines dropped: nobody took them',
  };
  return `${JSON.stringify(line)}\n`;
}

function ignore(): void {}
