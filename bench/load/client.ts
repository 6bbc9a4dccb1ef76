// The bench's HTTP client. It sends bodies that are built already, and returns answers as bytes: nothing is parsed while the
// clock runs.

import { Pool } from 'undici';

export interface Client {
  /** Returns the answer's body. Throws if its status is not 200. */
  post(body: Buffer): Promise<Buffer>;
  close(): Promise<void>;
}

/** Longer than any run takes. */
const timeoutMs = 60_000;

export function createClient(
  url: string,
  connections: number,
  more: Readonly<Record<string, string>> = {},
): Client {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, {
    connections,
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: timeoutMs,
  });
  const headers = { 'content-type': 'application/json', accept: 'application/json', ...more };
  return {
    async post(body) {
      const answer = await pool.request({ method: 'POST', path: pathname, headers, body });
      const parts: Buffer[] = [];
      for await (const part of answer.body) parts.push(part as Buffer);
      const bytes = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
      if (answer.statusCode !== 200)
        throw new Error(`HTTP ${answer.statusCode}: ${String(bytes.subarray(0, 300))}`);
      return bytes;
    },
    close: () => pool.destroy(),
  };
}
