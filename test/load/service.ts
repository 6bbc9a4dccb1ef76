// The processes under load, and what is watched of them from outside: memory, the event loop, and which requests met a fault.

import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FaultName, ScriptedFault } from '../../src/sandbox/faults.ts';
import { startApp, startSandbox } from '../soak/processes.ts';
import { createRandom, type Random } from '../soak/random.ts';

export interface Watched {
  /** Megabytes, by seconds since the load began. */
  readonly memory: readonly (readonly [seconds: number, megabytes: number])[];
  /** The 99th percentile of the event loop's delay in milliseconds, for each while between two looks. */
  readonly lagMs: readonly number[];
  /** Ids of requests of which a request to the dialer did not go well at once. */
  readonly disturbed: ReadonlySet<string>;
  /** How often each number was accepted. */
  readonly accepted: ReadonlyMap<string, number>;
  readonly upstreamRequests: number;
  /** How long requests with rows took that went well at once, milliseconds. */
  readonly upstreamMs: readonly number[];
  readonly faultsMet: number;
}

export interface Service {
  readonly url: string;
  /** From now on memory and the event loop are watched. */
  watch(): void;
  stop(): Promise<Watched>;
}

const latencyMs = 20;
const faultShare = 0.02;
const lookEveryMs = 500;
/** Requests that are scripted ahead: as many as come between two looks, and some. */
const scriptedAhead = 400;

/** Each of them shows in the service's log, or a caller whom it held up could not be told from the others. */
const kinds: readonly FaultName[] = [
  'reset-before',
  'reset-after',
  'close-before',
  'close-after',
  'hang-before',
  'hang-after',
  'status-500-before',
  'status-502-after',
  'status-429',
  'garbage-before',
  'truncated-json-after',
  'empty-body-after',
  'partial-then-reset',
];

export async function startService(seed: number): Promise<Service> {
  const random = createRandom(seed, 'faults');
  const dataDir = join(tmpdir(), `dialgraph-load-${randomUUID()}`);
  const apiKey = randomUUID();
  const sandbox = await startSandbox(apiKey, 'load');
  const app = await startApp({
    DIALER_URL: sandbox.url,
    DIALER_API_KEY: apiKey,
    DIALER_USER_NAME: 'load',
    DIALER_CONCURRENCY: '16',
    DIALER_TIMEOUT_MS: '1000',
    DIALER_SETTLE_MS: '3000',
    DATA_DIR: dataDir,
    METRICS_PORT: '0',
  });
  const [, metricsUrl = ''] = /Metrics:\s+(\S+)/.exec(app.output()) ?? [];
  const memory: [number, number][] = [];
  const lagMs: number[] = [];
  let watchedSince = Infinity;
  let scripted = 0;

  const look = async () => {
    const text = await (await fetch(metricsUrl)).text();
    const requests = sumOf(text, 'dialgraph_upstream_requests_total');
    const missing = requests + scriptedAhead - scripted;
    if (missing > 0) {
      scripted += missing;
      await script(sandbox.url, draw(random, missing));
    }
    return text;
  };
  const timer = setInterval(() => {
    const at = (performance.now() - watchedSince) / 1000;
    look().then(
      (text) => {
        if (at < 0) return;
        memory.push([at, sumOf(text, 'process_resident_memory_bytes') / 1e6]);
        lagMs.push(sumOf(text, 'nodejs_eventloop_lag_p99_seconds') * 1000);
      },
      // The next look may succeed, and an app that is gone shows everywhere else.
      () => {},
    );
  }, lookEveryMs);
  await look();

  return {
    url: app.url,
    watch() {
      watchedSince = performance.now();
    },
    async stop() {
      clearInterval(timer);
      await app.stop();
      const ledger = (await (await fetch(`${sandbox.url}/sandbox/ledger`)).json()) as {
        rows: { phoneNumber: string }[];
        requests: { fault: string | null }[];
      };
      await sandbox.kill();
      await rm(dataDir, { recursive: true, force: true });
      const accepted = new Map<string, number>();
      for (const { phoneNumber } of ledger.rows)
        accepted.set(phoneNumber, (accepted.get(phoneNumber) ?? 0) + 1);
      return {
        memory,
        lagMs,
        accepted,
        ...readLog(app.output()),
        upstreamRequests: ledger.requests.length,
        faultsMet: ledger.requests.filter(({ fault }) => fault !== null && fault !== 'latency').length,
      };
    },
  };
}

function draw(random: Random, count: number): ScriptedFault[] {
  return Array.from({ length: count }, () =>
    random.chance(faultShare)
      ? { fault: kinds[random.below(kinds.length)] ?? 'latency' }
      : { fault: 'latency', latencyMs },
  );
}

async function script(url: string, faults: readonly ScriptedFault[]): Promise<void> {
  const body = JSON.stringify(faults);
  const response = await fetch(`${url}/sandbox/script`, { method: 'POST', body });
  if (!response.ok) throw new Error(`The sandbox refused a script: ${await response.text()}`);
}

/** All samples of a metric, added up. */
function sumOf(text: string, name: string): number {
  const samples = text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'));
  return [...samples].reduce((sum, [, value]) => sum + Number(value), 0);
}

function readLog(log: string): Pick<Watched, 'disturbed' | 'upstreamMs'> {
  const disturbed = new Set<string>();
  const upstreamMs: number[] = [];
  for (const line of log.split('\n')) {
    if (!line.startsWith('{') || !line.includes('"dialer request"')) continue;
    const { requestId, requestIds = [requestId], purpose, result, attempt, ms } = JSON.parse(line);
    if (result !== 'answered' || attempt > 1) for (const id of requestIds) disturbed.add(id);
    else if (purpose === 'schedule') upstreamMs.push(ms);
  }
  return { disturbed, upstreamMs };
}
