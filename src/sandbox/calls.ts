// The calls of the upstream that the sandbox knows, what it remembers of each, and reading a call's body.
// Refuses a URL over 8 KB as the upstream's web server does, and a body over 8 MB as its PHP does.
// What it remembers holds no key and no token: the path is kept without its query.

import type { IncomingMessage } from 'node:http';
import { paths } from '../upstream/contract.ts';
import type { Dialect } from './ledger.ts';

export type CallKind = 'schedule' | 'token' | 'scheduledData' | 'deleteScheduledData' | 'campaignStatus';
export const callKinds = [
  'schedule',
  'token',
  'scheduledData',
  'deleteScheduledData',
  'campaignStatus',
] as const satisfies readonly CallKind[];

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
  [paths.campaignStatus, { kind: 'campaignStatus', dialect: 'v2', methods: ['GET'] }],
]);

export const maxUrlLength = 8 * 1024;
export const maxBodyBytes = 8 * 1024 * 1024;

/** What the sandbox remembers of a request. Filled in as the request is read: a cut-off one stays half filled. */
export interface SeenRequest {
  /** Counting from 1. */
  readonly number: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** 'redirected': a client followed a redirect that a fault had answered. */
  readonly kind: CallKind | 'redirected';
  readonly dialect: Dialect;
  readonly campaignName: string | null;
  /** How many rows it carried, accepted or not. */
  readonly rows: number;
  readonly map: readonly string[];
  readonly urlLength: number;
  readonly bodyBytes: number;
  /** How it authenticated, whether rightly or not. */
  readonly auth: 'apiKey' | 'token' | null;
  /** The scripted fault that it met. */
  readonly fault: string | null;
  readonly remotePort: number;
}

export type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A call as its dialect reads it: the target split, the body in. */
export interface Call {
  readonly message: IncomingMessage;
  readonly query: string;
  readonly body: string;
  readonly requestNumber: number;
}

/** Reads a body whole. Undefined: the client went away first. Past the limit the rest is read and dropped. */
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
