// The upstream's calls that the sandbox knows, what it remembers of each, and how a call's body is read.
// A URL may have 8 KB, as with the upstream's web server, and a body 8 MB, as with its PHP.
// The sandbox remembers no key and no token: it keeps the path without its query.

import type { IncomingMessage } from 'node:http';
import { paths } from '../upstream/contract.ts';
import type { Dialect } from './ledger.ts';

export type CallKind = (typeof callKinds)[number];
export const callKinds = [
  'schedule',
  'token',
  'scheduledData',
  'deleteScheduledData',
  'deleteCampaignData',
  'campaignStatus',
] as const;

export interface Route {
  readonly kind: CallKind;
  readonly dialect: Dialect;
  readonly methods: readonly string[];
}

export const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  [paths.v1Schedule, { kind: 'schedule', dialect: 'v1', methods: ['GET', 'POST'] }],
  [paths.schedule, { kind: 'schedule', dialect: 'v2', methods: ['POST'] }],
  [paths.generateToken, { kind: 'token', dialect: 'v2', methods: ['POST'] }],
  [paths.scheduledData, { kind: 'scheduledData', dialect: 'v2', methods: ['GET'] }],
  [paths.deleteScheduledData, { kind: 'deleteScheduledData', dialect: 'v2', methods: ['DELETE'] }],
  [paths.deleteCampaignData, { kind: 'deleteCampaignData', dialect: 'v2', methods: ['DELETE'] }],
  [paths.campaignStatus, { kind: 'campaignStatus', dialect: 'v2', methods: ['GET'] }],
]);

export const maxUrlLength = 8 * 1024;
export const maxBodyBytes = 8 * 1024 * 1024;

/** What the sandbox remembers of a request, filled in as the request is read: one that is cut off has only a part. */
export interface SeenRequest {
  /** Counting from 1. */
  readonly number: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** 'redirected': the client followed the redirect of a fault. */
  readonly kind: CallKind | 'redirected';
  readonly dialect: Dialect;
  readonly campaignName: string | null;
  /** How many rows it carried, accepted or not. */
  readonly rows: number;
  readonly map: readonly string[];
  /** The `rowId` of a deletion, as it was sent. */
  readonly rowId?: string;
  readonly urlLength: number;
  readonly bodyBytes: number;
  /** How it authenticated, whether or not the credential was right. */
  readonly auth: 'apiKey' | 'token' | null;
  /** The fault that it was answered with. */
  readonly fault: string | null;
  readonly remotePort: number;
}

export type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A call that its dialect can read: the body has arrived whole. */
export interface Call {
  readonly message: IncomingMessage;
  readonly query: string;
  readonly body: string;
  readonly requestNumber: number;
}

/** Reads a whole body. Undefined: the client went away before its end. What comes past the limit is read and dropped. */
export function readBody(message: IncomingMessage): Promise<{ text: string; bytes: number } | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    message.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBodyBytes) chunks.push(chunk);
    });
    message.once('end', () => resolve({ text: Buffer.concat(chunks).toString('utf8'), bytes }));
    message.once('error', () => resolve(undefined));
    message.once('close', () => resolve(undefined));
  });
}

/** A header's media type, lower-case and without parameters. */
export function mediaType(message: IncomingMessage): string {
  return (message.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
