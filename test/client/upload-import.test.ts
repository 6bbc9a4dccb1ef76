// uploadImport of @dialgraph/client, over a real server: however the way is broken off, one import is started, and has the whole file.

import 'fake-indexeddb/auto';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  fetchTransport,
  forgetUpload,
  indexedDbStore,
  type JobStore,
  memoryStore,
  type UploadImportOptions,
  type UploadProgress,
  unfinishedUploads,
  uploadImport,
} from '../../client/src/index.ts';
import { hashOf } from '../../src/auth/callers.ts';
import { CancelImportDocument, ImportsDocument } from '../gql/graphql.ts';
import { ledgerNumbers, type Stack } from '../harness.ts';
import { csvOf, startImportStack, until } from '../imports/importing.ts';

/** Replaces what a fetch of the client does. Undefined: it goes through. */
type Fault = (request: { method: string; body: unknown }, go: Go) => Promise<Response> | undefined;
type Go = (init?: RequestInit) => Promise<Response>;

function optionsFor(
  { url }: Stack,
  more: Partial<UploadImportOptions> = {},
  fault?: Fault,
): UploadImportOptions {
  const send: typeof fetch = (input, init) => {
    const go: Go = (change) => fetch(input, { ...init, ...change });
    return fault?.({ method: init?.method ?? 'GET', body: init?.body }, go) ?? go();
  };
  return {
    transport: fetchTransport({ url, fetch: send }),
    campaignName: 'Sales_Demo',
    runId: randomUUID(),
    store: memoryStore(),
    start: 'AFTER_REVIEW',
    ...more,
  };
}

const text = csvOf(12_000);
const size = Buffer.byteLength(text);
const lastModified = Date.parse('2026-11-25T09:00:00Z');
const fileOf = (content: string, name = 'leads.csv') => new File([content], name, { lastModified });
const file = fileOf(text);

async function expectOneImport(stack: Stack, id: string): Promise<void> {
  const { imports } = await stack.send(ImportsDocument, { first: 10 });
  expect(imports?.nodes.map((node) => node.id)).toEqual([id]);
  const { counts, receivedBytes } = await until(stack, id, 'READY');
  expect([receivedBytes, counts.total, counts.valid]).toEqual([size, 12_000, 12_000]);
}

const lost = () => Promise.reject(new TypeError('network error'));

describe('uploadImport', () => {
  it('starts an import, sends its file, and says how far it has come', async () => {
    const stack = await startImportStack();
    const progress: UploadProgress[] = [];
    const small = csvOf(50);
    const options = optionsFor(stack, { start: 'AUTOMATIC', onProgress: (one) => progress.push(one) });
    const { id } = await uploadImport(fileOf(small), options);
    await until(stack, id, 'FINISHED');
    expect(ledgerNumbers(stack.sandbox)).toHaveLength(50);
    expect(progress.at(0)).toMatchObject({ sentBytes: 0, totalBytes: small.length });
    expect(progress.at(-1)).toEqual({
      ...{ importId: id, sentBytes: small.length, totalBytes: small.length, waitingFor: null },
    });
    expect(await options.store?.list('')).toEqual([]);
  });

  it('goes on where it stopped each time that an answer is lost, and starts nothing twice', async () => {
    const stack = await startImportStack();
    const bytes: number[] = [];
    let started = 0;
    const faults: ((go: Go, body: ArrayBuffer) => Promise<Response>)[] = [
      // Half of a piece comes.
      (go, body) => go({ body: body.slice(0, 70_000) }).then(lost),
      // None of it does.
      lost,
      async () => new Response('<html>502</html>', { status: 502 }),
      // All of it does, and of the next, which is the last.
      (go) => go().then(lost),
      (go) => go().then(lost),
    ];
    const options = optionsFor(stack, {}, ({ body }, go) => {
      if (String(body).includes('mutation StartImport') && ++started === 1) return go().then(lost);
      if (!(body instanceof ArrayBuffer)) return undefined;
      bytes.push(body.byteLength);
      return faults.shift()?.(go, body);
    });
    const { id } = await uploadImport(file, options);
    expect(faults).toEqual([]);
    await expectOneImport(stack, id);
    expect([started, bytes.length >= 5]).toEqual([2, true]);
  });

  it('goes on after a reload, with the same file alone', async () => {
    const stack = await startImportStack();
    const store = indexedDbStore(randomUUID());
    const runId = randomUUID();
    const reload = new AbortController();
    let came = 0;
    const first = optionsFor(stack, { store, runId, signal: reload.signal }, ({ body }, go) => {
      if (!(body instanceof ArrayBuffer)) return undefined;
      came += body.byteLength;
      return go().then(() => {
        reload.abort(new Error('reload'));
        return lost();
      });
    });
    await expect(uploadImport(file, first)).rejects.toThrow('reload');
    const kept = { runId, campaignName: 'Sales_Demo', fileName: 'leads.csv', fileSize: size, lastModified };
    expect(await unfinishedUploads(store)).toEqual([{ ...kept, importId: expect.any(String) }]);

    const again = optionsFor(stack, { store, runId }, ({ body }) => {
      if (body instanceof ArrayBuffer) came += body.byteLength;
      return undefined;
    });
    const others = [
      fileOf(`${text}x`),
      fileOf(text, 'others.csv'),
      new File([text], 'leads.csv', { lastModified: lastModified + 1 }),
    ];
    for (const other of others)
      await expect(uploadImport(other, again)).rejects.toMatchObject({ name: 'OtherFileError' });
    await expect(uploadImport(file, { ...again, campaignName: 'Support_Demo' })).rejects.toMatchObject({
      kind: 'IdempotencyConflictError',
    });
    const { id } = await uploadImport(file, again);
    expect(came).toBe(size);
    await expectOneImport(stack, id);
    expect(await store.list('')).toEqual([]);
  });

  it('asks for a new token in the middle', async () => {
    const keys = [{ name: 'web', hash: hashOf('dg_new'), scopes: ['schedule', 'read'] }];
    const old = { name: 'old', hash: hashOf('dg_old'), scopes: ['schedule', 'read'] };
    const stack = await startImportStack({ env: { AUTH: JSON.stringify({ keys: [...keys, old] }) } });
    let token = 'dg_old';
    let pieces = 0;
    const send: typeof fetch = (input, init) => {
      if (init?.body instanceof ArrayBuffer && ++pieces === 2) token = 'dg_expired';
      const headers = { ...(init?.headers as Record<string, string>), authorization: `Bearer ${token}` };
      return fetch(input, { ...init, headers });
    };
    const transport = fetchTransport({ url: stack.url, fetch: send });
    const renewed: string[] = [];
    const onUnauthenticated = () => {
      renewed.push(token);
      token = 'dg_new';
    };
    const { receivedBytes } = await uploadImport(file, optionsFor(stack, { transport, onUnauthenticated }));
    expect(renewed).toEqual(['dg_expired']);
    expect(receivedBytes).toBe(size);
  });

  it('resolves to an import that was cancelled meanwhile', async () => {
    const stack = await startImportStack();
    let id = '';
    const options = optionsFor(
      stack,
      { onProgress: ({ importId }) => (id = importId ?? '') },
      ({ body }, go) =>
        body instanceof ArrayBuffer ? stack.send(CancelImportDocument, { id }).then(() => go()) : undefined,
    );
    expect(await uploadImport(file, options)).toMatchObject({ state: 'CANCELED' });
    expect(await options.store?.list('')).toEqual([]);
  });

  it('sends an empty file too, whose import says what is wrong with it', async () => {
    const stack = await startImportStack();
    const { id } = await uploadImport(new Blob([]), optionsFor(stack));
    await expect(until(stack, id, 'FAILED')).resolves.toMatchObject({ fileName: 'leads' });
  });

  it('throws what is wrong, typed, and keeps nothing of what was not begun', async () => {
    const stack = await startImportStack({ env: { DIALER_CAMPAIGN_CHECK: 'on' } });
    const store = memoryStore();
    await expect(
      uploadImport(file, optionsFor(stack, { store, campaignName: 'Nobody' })),
    ).rejects.toMatchObject({ name: 'RequestRefusedError', kind: 'UnknownCampaignError' });
    expect(await unfinishedUploads(store)).toEqual([]);
    const gone = Object.assign(fileOf(text), {
      slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException('changed', 'NotReadableError')) }),
    });
    const runId = randomUUID();
    await expect(uploadImport(gone, optionsFor(stack, { store, runId }))).rejects.toMatchObject({
      name: 'FileUnreadableError',
    });
    expect(await unfinishedUploads(store)).toMatchObject([{ runId }]);
    await forgetUpload(runId, store);
    expect(await store.list('')).toEqual([]);
    const full: JobStore = {
      ...memoryStore(),
      put: async () => {
        throw Object.assign(new Error('the disk is full'), { name: 'StoreUnavailableError' });
      },
    };
    const requests: string[] = [];
    const options = optionsFor(stack, { store: full }, ({ method }) => void requests.push(method));
    await expect(uploadImport(file, options)).rejects.toThrow('the disk is full');
    expect(requests).toEqual([]);
  });

  it('is at work once', async () => {
    const stack = await startImportStack();
    const options = optionsFor(stack);
    const first = uploadImport(file, options);
    await expect(uploadImport(file, options)).rejects.toMatchObject({ name: 'JobRunsElsewhereError' });
    await expectOneImport(stack, (await first).id);
  });
});
