// scheduleAll of @dialgraph/client, over a real server: whatever is lost on the way, each record has its result, and nobody is called
// twice. The sandbox's ledger says what was really scheduled.

import 'fake-indexeddb/auto';
import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  fetchTransport,
  forgetJob,
  indexedDbStore,
  isRecordError,
  type JobStore,
  memoryStore,
  resumeAll,
  type ScheduleAllOptions,
  type ScheduleAllProgress,
  scheduleAll,
  unfinishedJobs,
} from '../../client/src/index.ts';
import { hashOf } from '../../src/auth/callers.ts';
import { lead, leads, ledgerNumbers, type Stack, startStack } from '../harness.ts';

/** Replaces what a fetch of the client does. Undefined: it goes through. */
type Fault = (body: string, go: () => Promise<Response>) => Promise<Response> | undefined;

function optionsFor(
  { url }: Stack,
  more: Partial<ScheduleAllOptions> = {},
  fault?: Fault,
): ScheduleAllOptions {
  const send: typeof fetch = (input, init) => {
    const go = () => fetch(input, init);
    return fault?.(String(init?.body), go) ?? go();
  };
  return {
    transport: fetchTransport({ url, fetch: send }),
    campaignName: 'Sales_Demo',
    runId: randomUUID(),
    partSize: 10,
    store: memoryStore(),
    ...more,
  };
}

function isSchedule(body: string): boolean {
  return body.includes('mutation Schedule');
}

/** Where the parts of a job are kept, and as what. */
const partsOf = (runId: string) => `part ${JSON.stringify(runId)} `;
interface KeptPart {
  n: number;
  part: { state: string; sentAt: number | null };
}

/** Each is there once, and nothing else. */
function expectOnce({ sandbox }: Stack, numbers: readonly string[]): void {
  expect([...ledgerNumbers(sandbox)].sort()).toEqual([...numbers].sort());
}

const list = leads(35);
const numbers = list.map(({ phoneNumber }) => phoneNumber);

describe('scheduleAll', () => {
  it('has a result for each record, in their order, over several parts', async () => {
    const stack = await startStack();
    const progress: ScheduleAllProgress[] = [];
    const wrong = [3, 17, 34];
    const records = list.map((record, n) => (wrong.includes(n) ? { ...record, phoneNumber: '12' } : record));
    const options = optionsFor(stack, { onProgress: (one) => progress.push(one) });
    const { results } = await scheduleAll(records, options);
    expect(results.map((result) => 'index' in result && result.index)).toEqual([...records.keys()]);
    expect(results.flatMap((result, n) => (isRecordError(result) ? [n] : []))).toEqual(wrong);
    expect(progress.at(-1)).toEqual({
      ...{ total: 35, done: 35, scheduled: 32, failed: 3, unknown: 0, waitingFor: null },
    });
    expectOnce(
      stack,
      numbers.filter((_, n) => !wrong.includes(n)),
    );
    expect(await options.store?.list('')).toEqual([]);
  });

  it('sends the same request again where an answer is lost, however it is lost', async () => {
    const stack = await startStack();
    const lost = [
      async (go: () => Promise<Response>) => {
        await go();
        throw new TypeError('network error');
      },
      async () => {
        throw new TypeError('connection refused');
      },
      async (go: () => Promise<Response>) => {
        await go();
        return new Response('<html>502</html>', { status: 502 });
      },
      async (go: () => Promise<Response>) => new Response((await (await go()).text()).slice(0, 100)),
    ];
    const bodies: string[] = [];
    const options = optionsFor(stack, {}, (body, go) => {
      if (!isSchedule(body)) return undefined;
      bodies.push(body);
      return lost[bodies.length - 1]?.(go);
    });
    const { results } = await scheduleAll(list, options);
    expect(results.map(({ __typename }) => __typename)).toEqual(list.map(() => 'ScheduledRecord'));
    expectOnce(stack, numbers);
    expect(new Set(bodies).size).toBe(4);
    expect(bodies.length).toBe(8);
  });

  it('goes on after a reload, without anything of a person being kept', async () => {
    const stack = await startStack();
    const store = indexedDbStore(randomUUID());
    const runId = randomUUID();
    const reload = new AbortController();
    let sent = 0;
    // The page goes while its third part is under way: the server has it, and the answer is lost.
    const first = optionsFor(stack, { store, runId, signal: reload.signal }, (body, go) => {
      if (!isSchedule(body) || ++sent < 3) return undefined;
      return go().then(() => {
        reload.abort(new Error('reload'));
        throw new TypeError('network error');
      });
    });
    await expect(scheduleAll(list, first)).rejects.toThrow('reload');
    expect(await unfinishedJobs(store)).toMatchObject([{ runId, total: 35, campaignName: 'Sales_Demo' }]);
    const kept = JSON.stringify(await store.list(''));
    expect(kept).toContain('"sent"');
    expect(kept).toContain('"done"');
    for (const { phoneNumber } of list) expect(kept).not.toContain(phoneNumber);

    await expect(scheduleAll([...list, lead(99)], optionsFor(stack, { store, runId }))).rejects.toMatchObject(
      {
        name: 'OtherRecordsError',
      },
    );
    const again = optionsFor(stack, { store, runId });
    await expect(resumeAll(again)).rejects.toMatchObject({ name: 'OtherRecordsError' });
    const { results } = await scheduleAll(list, again);
    expect(results.map((result) => 'phoneNumber' in result && result.phoneNumber.slice(-10))).toEqual(
      numbers,
    );
    expect(results.map((result) => 'index' in result && result.index)).toEqual([...list.keys()]);
    expectOnce(stack, numbers);
    expect(await store.list('')).toEqual([]);
  });

  it('goes on by itself where the records were to be kept, which are gone at the end', async () => {
    const stack = await startStack();
    const store = indexedDbStore(randomUUID());
    const runId = randomUUID();
    const reload = new AbortController();
    const options = optionsFor(stack, { store, runId, keepRecords: true, signal: reload.signal }, (body) => {
      if (isSchedule(body)) reload.abort(new Error('reload'));
      return undefined;
    });
    await expect(scheduleAll(list, options)).rejects.toThrow('reload');
    const { results } = await resumeAll(optionsFor(stack, { store, runId }));
    expect(results.length).toBe(35);
    expectOnce(stack, numbers);
    expect(await store.list('')).toEqual([]);
  });

  it('asks for a new token once, and goes on', async () => {
    const key = 'dg_the-right-one';
    const auth = { keys: [{ name: 'web', hash: hashOf(key), scopes: ['schedule', 'read'] }] };
    const stack = await startStack({ env: { AUTH: JSON.stringify(auth) } });
    let token = 'expired';
    const transport = fetchTransport({
      url: stack.url,
      headers: () => ({ authorization: `Bearer ${token}` }),
    });
    const options = optionsFor(stack, { transport });
    await expect(scheduleAll(list, options)).rejects.toMatchObject({ name: 'UnauthenticatedError' });
    expectOnce(stack, []);
    const renewed: string[] = [];
    const onUnauthenticated = async () => {
      renewed.push(token);
      token = key;
    };
    await scheduleAll(list, { ...options, onUnauthenticated });
    expect(renewed).toEqual(['expired']);
    expectOnce(stack, numbers);
  });

  it('waits where the server asks to, and says so', async () => {
    const stack = await startStack();
    const waits: (string | null)[] = [];
    let refused = 0;
    const options = optionsFor(stack, { onProgress: ({ waitingFor }) => waits.push(waitingFor) }, (body) => {
      if (!isSchedule(body) || ++refused > 3) return undefined;
      const busy = { errors: [{ message: 'Too much at once.', extensions: { code: 'OVERLOADED' } }] };
      const headers = { 'retry-after': '0' };
      return Promise.resolve(new Response(JSON.stringify(busy), { status: 503, headers }));
    });
    await scheduleAll(list, options);
    expect(waits).toContain('Too much at once.');
    expectOnce(stack, numbers);
  });

  it('sends nothing that it cannot note first', async () => {
    const stack = await startStack();
    const full: JobStore = {
      ...memoryStore(),
      put: async () => {
        throw Object.assign(new Error('the disk is full'), { name: 'StoreUnavailableError' });
      },
    };
    await expect(scheduleAll(list, optionsFor(stack, { store: full }))).rejects.toThrow('the disk is full');
    expectOnce(stack, []);
  });

  it('is at work once: a second call, as of another tab, is refused', async () => {
    const stack = await startStack();
    const options = optionsFor(stack);
    const first = scheduleAll(list, options);
    const refused = { name: 'JobRunsElsewhereError' };
    await expect(scheduleAll(list, options)).rejects.toMatchObject(refused);
    await expect(forgetJob(options.runId, options.store)).rejects.toMatchObject(refused);
    await first;
    expectOnce(stack, numbers);
  });

  it('never sends under a key that is forgotten: what was sent then is unknown', async () => {
    const stack = await startStack();
    const store = memoryStore();
    const runId = randomUUID();
    const reload = new AbortController();
    const options = optionsFor(stack, { store, runId, signal: reload.signal }, (body) => {
      if (isSchedule(body)) reload.abort(new Error('reload'));
      return undefined;
    });
    await expect(scheduleAll(list, options)).rejects.toThrow('reload');
    const sent = (await store.list(partsOf(runId))) as KeptPart[];
    expect(sent.length).toBeGreaterThan(0);
    const dayAgo = Date.now() - 24 * 3_600_000;
    for (const { n, part } of sent)
      await store.put(`${partsOf(runId)}${n}`, { n, part: { ...part, sentAt: dayAgo } });
    const old = sent.flatMap(({ n }) => list.slice(n * 10, n * 10 + 10));
    stack.sandbox.reset();
    const { results } = await scheduleAll(list, optionsFor(stack, { store, runId }));
    const unknown = results.filter(({ __typename }) => __typename === 'OutcomeUnknownError');
    expect(unknown.length).toBe(old.length);
    expectOnce(
      stack,
      numbers.filter((number) => !old.some(({ phoneNumber }) => phoneNumber === number)),
    );
  });

  it("looks at the server's clock again after the machine slept, or its clock was set", async () => {
    const stack = await startStack();
    const day = 24 * 3_600_000;
    const kept = Date.now;
    onTestFinished(() => {
      Date.now = kept;
    });
    let sent = 0;
    let asleep = 0;
    const send: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      const date = new Date(kept() + asleep).toUTCString();
      const headers = { ...Object.fromEntries(response.headers), date };
      if (!isSchedule(String(init?.body)) || ++sent > 1)
        return new Response(await response.text(), { status: response.status, headers });
      // The first part arrives. Its answer is lost, while the machine sleeps for longer than its key is remembered.
      asleep = day;
      Date.now = () => kept() + asleep;
      throw new TypeError('network error');
    };
    const options = optionsFor(stack, { transport: fetchTransport({ url: stack.url, fetch: send }) });
    const { results } = await scheduleAll(list.slice(0, 10), options);
    expect(results.map(({ __typename }) => __typename)).toEqual(Array(10).fill('OutcomeUnknownError'));
    expect(sent).toBe(1);
    expectOnce(stack, numbers.slice(0, 10));
  });

  it('writes each result once, however long the list is', async () => {
    const stack = await startStack();
    const memory = memoryStore();
    let written = 0;
    const store: JobStore = {
      ...memory,
      put: async (key, value) => {
        written += JSON.stringify(value).match(/"__typename"/g)?.length ?? 0;
        await memory.put(key, value);
      },
    };
    await scheduleAll(list, optionsFor(stack, { store, partSize: 2 }));
    expect(written).toBe(35);
  });

  it('keeps jobs apart, whatever their runIds', async () => {
    const stack = await startStack();
    const store = indexedDbStore(randomUUID());
    const begin = async (runId: string) => {
      const stop = new AbortController();
      const options = optionsFor(stack, { store, runId, keepRecords: true, signal: stop.signal }, (body) => {
        if (isSchedule(body)) stop.abort(new Error('reload'));
        return undefined;
      });
      await expect(scheduleAll(list, options)).rejects.toThrow('reload');
    };
    const runIds = ['a', 'a ', 'a" 1', '"', ''];
    for (const runId of runIds) await begin(runId);
    expect((await unfinishedJobs(store)).map(({ runId }) => runId).sort()).toEqual([...runIds].sort());
    await resumeAll(optionsFor(stack, { store, runId: 'a' }));
    await forgetJob('"', store);
    const left = (await unfinishedJobs(store)).map(({ runId }) => runId);
    expect(left.sort()).toEqual(runIds.filter((runId) => !['a', '"'].includes(runId)).sort());
    expect(await store.list('records ')).toHaveLength(left.length);
    for (const runId of left)
      await expect(store.get(`records ${JSON.stringify(runId)}`)).resolves.toHaveLength(35);
  });

  it('begins again where the call before was stopped, and has not ended yet', async () => {
    const stack = await startStack();
    const options = optionsFor(stack);
    const stop = new AbortController();
    const first = scheduleAll(list, { ...options, signal: stop.signal });
    stop.abort(new Error('unmounted'));
    const second = scheduleAll(list, options);
    await expect(first).rejects.toThrow('unmounted');
    expect((await second).results).toHaveLength(35);
    expectOnce(stack, numbers);
  });

  it('throws what is wrong with the request as a whole, typed', async () => {
    const stack = await startStack({ env: { DIALER_CAMPAIGN_CHECK: 'on' } });
    await expect(scheduleAll(list, optionsFor(stack, { campaignName: 'Nobody' }))).rejects.toMatchObject({
      name: 'RequestRefusedError',
      kind: 'UnknownCampaignError',
    });
    const wrongUrl = fetchTransport({ url: stack.url.replace('/graphql', '/nothing') });
    await expect(scheduleAll(list, optionsFor(stack, { transport: wrongUrl }))).rejects.toMatchObject({
      name: 'RequestRefusedError',
      kind: 'NOT_FOUND',
    });
    const records = [{ ...lead(1), priority: 'high' as unknown as number }];
    await expect(scheduleAll(records, optionsFor(stack))).rejects.toMatchObject({ kind: 'BAD_USER_INPUT' });
    expectOnce(stack, []);
  });
});
