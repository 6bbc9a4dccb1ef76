// The contestants: how each is started, and how a batch of records is sent to it. Bodies are built before the clock starts, and
// answers are read after it has stopped.

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { graphqlBody, type LeadRecord, plainBody } from '../payload.ts';
import { apiKey, connections, userName } from '../settings.ts';
import { type Child, startChild } from './child.ts';

export interface Contestant {
  readonly name: string;
  /** `peer`: a GraphQL server that could be used instead; `floor`: a server without GraphQL to compare with. */
  readonly role: 'ours' | 'peer' | 'floor';
  /** Which of the two kinds of bodies it takes. */
  readonly wire: 'graphql' | 'plain';
  start(upstreamUrl: string): Promise<Child>;
  body(records: readonly LeadRecord[]): Buffer;
}

const here = import.meta.dirname;
const ownMain = join(here, '../../dist/serve.js');

/** The stores of this run, which are deleted at its end. */
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

/** The same server and the same records, with a new idempotency key each time. */
export const withKeys = dialgraph('dialgraph with keys', (records) => graphqlBody(records, randomUUID()));

export const onServerName = 'dialgraph on a server';

/** The same server on a PostgreSQL. `uploadsDir`: for files of imports. */
export function onServer(databaseUrl: string, uploadsDir?: string): Contestant {
  return dialgraph(onServerName, (records) => graphqlBody(records), {
    DATABASE_URL: databaseUrl,
    ...(uploadsDir !== undefined && { UPLOADS_DIR: uploadsDir }),
  });
}

export const upstreamScript = script('upstream/server');

/** The compiled file of a process of the bench: the peers run compiled, as Dialgraph does. */
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

function dialgraph(
  name: string,
  body: Contestant['body'],
  env: Readonly<Record<string, string>> = {},
): Contestant {
  return {
    name,
    role: 'ours',
    wire: 'graphql',
    body,
    start: async (upstreamUrl) => {
      const child = await startChild(ownMain, {
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
        ...env,
      });
      await storeIsOpen(child);
      return child;
    },
  };
}

/** It is made in the background, once for each folder: seconds of work, which are no part of what is measured. */
async function storeIsOpen({ url, forgetPeak }: Child): Promise<void> {
  while (!(await (await fetch(new URL('/readyz', url))).text()).includes('store: up')) await sleep(50);
  forgetPeak();
}
