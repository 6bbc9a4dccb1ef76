// The contestants: how each is started, and how a batch of records is put to it. A batch is made ready first, so that
// building bodies and reading answers happen outside of the clock.

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graphqlBody, type LeadRecord, plainBody } from '../payload.ts';
import { apiKey, connections, userName } from '../settings.ts';
import { type Child, startChild } from './child.ts';

export interface Contestant {
  readonly name: string;
  /** What it stands for: a GraphQL server that others might take, or a mark to measure by. */
  readonly role: 'ours' | 'peer' | 'floor';
  /** Which of the two bodies it takes. */
  readonly wire: 'graphql' | 'plain';
  start(upstreamUrl: string): Promise<Child>;
  body(records: readonly LeadRecord[]): Buffer;
}

const here = import.meta.dirname;
const ownMain = join(here, '../../dist/serve.js');

/** Stores of this run, gone with it. */
const dataRoot = mkdtempSync(join(tmpdir(), 'dialgraph-bench-'));
process.once('exit', () => rmSync(dataRoot, { recursive: true, force: true }));

export const contestants: readonly Contestant[] = [
  gateway('floor', 'floor', 'floor'),
  gateway('floor-same-rules', 'floor', 'floor', { CHECKS: 'same-rules' }),
  dialgraph('dialgraph', (records) => graphqlBody(records)),
  gateway('apollo', 'peer', 'apollo'),
  gateway('mercurius', 'peer', 'mercurius'),
  gateway('mercurius-jit', 'peer', 'mercurius', { JIT: '1' }),
  gateway('yoga', 'peer', 'yoga'),
  gateway('hive', 'peer', 'hive'),
];

export const ours: Contestant = find('dialgraph');

/** The same server, and the same records under an idempotency key: a new one each time. */
export const withKeys = dialgraph('dialgraph with keys', (records) => graphqlBody(records, randomUUID()));

export const upstreamScript = script('upstream/server');

/** A compiled process of the bench: as Dialgraph runs compiled, so do its peers. */
export function script(name: string): string {
  return join(here, '../dist', `${name}.js`);
}

function find(name: string): Contestant {
  const found = contestants.find((contestant) => contestant.name === name);
  if (found === undefined) throw new Error(`no contestant ${name}`);
  return found;
}

function gateway(
  name: string,
  role: 'peer' | 'floor',
  file: string,
  env: Readonly<Record<string, string>> = {},
): Contestant {
  return {
    name,
    role,
    wire: role === 'floor' ? 'plain' : 'graphql',
    body: (records) => (role === 'floor' ? plainBody(records) : graphqlBody(records)),
    start: (upstreamUrl) => startChild(script(`gateways/${file}`), { UPSTREAM_URL: upstreamUrl, ...env }),
  };
}

function dialgraph(name: string, body: Contestant['body']): Contestant {
  return {
    name,
    role: 'ours',
    wire: 'graphql',
    body,
    start: (upstreamUrl) =>
      startChild(ownMain, {
        PORT: '0',
        DIALER_URL: upstreamUrl,
        DIALER_API_KEY: apiKey,
        DIALER_USER_NAME: userName,
        DIALER_AUTH: 'basic',
        DIALER_CONCURRENCY: String(connections),
        DIALER_RECONCILE: 'off',
        MAX_RECORDS_PER_MUTATION: '100000',
        MAX_RECORDS_IN_FLIGHT: '1000000',
        DATA_DIR: mkdtempSync(join(dataRoot, 'store-')),
      }),
  };
}
