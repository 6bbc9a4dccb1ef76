// The file of an import on its way in, its results on their way out, and its progress, over HTTP.

import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { connect, createServer } from 'node:net';
import { Upload } from 'tus-js-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hashOf } from '../../src/auth/callers.ts';
import { CancelImportDocument, ImportProgressDocument } from '../gql/graphql.ts';
import { ledgerNumbers, type Stack } from '../harness.ts';
import {
  csvOf,
  importFile,
  look,
  numberOf,
  started,
  startImportStack,
  startOver,
  until,
} from './importing.ts';

function urlOf({ url }: Pick<Stack, 'url'>, path: string | null | undefined): string {
  return new URL(path ?? 'nothing', url).href;
}

async function refusalOf(response: Response): Promise<{ status: number; code: string }> {
  const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
  return { status: response.status, code: errors[0]?.extensions.code ?? '' };
}

/** Forwards to the service, and cuts each of the first connections after so many bytes. */
async function cuttingProxy({ url }: Stack, cuts: number[]): Promise<string> {
  const { port } = new URL(url);
  const proxy = createServer((client) => {
    const server = connect(Number(port), '127.0.0.1');
    let left = cuts.shift() ?? Number.POSITIVE_INFINITY;
    client.on('data', (data) => {
      left -= data.length;
      if (left > 0) return void server.write(data);
      // What came so far is written before the line breaks.
      server.write(data.subarray(0, data.length + left), () => {
        server.destroy();
        client.destroy();
      });
    });
    server.pipe(client);
    for (const socket of [client, server]) socket.on('error', () => {}).on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  return `http://127.0.0.1:${(proxy.address() as { port: number }).port}/graphql`;
}

describe('the file of an import', () => {
  it('comes by one PUT, and is scheduled', async () => {
    const stack = await startImportStack();
    const file = csvOf(50);
    const { id, uploadUrl } = await started(stack, file);
    const response = await fetch(urlOf(stack, uploadUrl), { method: 'PUT', body: file });
    expect(response.status).toBe(204);
    await until(stack, id, 'FINISHED');
    expect(ledgerNumbers(stack.sandbox).length).toBe(50);
  });

  it.each(['PUT', 'PATCH'])(
    'is not emptied by who sends it again while it becomes whole by %s: that one is told that it is',
    async (method) => {
      const gate = new EventEmitter();
      const isEnding = once(gate, 'reached');
      const stack = await startOver(({ change }) => ({
        async change(...args) {
          const [, , from] = args;
          if (from.includes('AWAITING_FILE') && gate.emit('reached')) await once(gate, 'open');
          return change(...args);
        },
      }));
      const file = csvOf(50);
      const { id, uploadUrl } = await started(stack, file);
      const url = urlOf(stack, uploadUrl);
      const tus = { 'tus-resumable': '1.0.0', 'content-type': 'application/offset+octet-stream' };
      const headers = method === 'PUT' ? {} : { ...tus, 'upload-offset': '0' };
      const first = fetch(url, { method, headers, body: file });
      await isEnding;
      const again = fetch(url, { method: 'PUT', body: file });
      // It has come in when a later request is answered.
      for (let n = 0; n < 3; n++) await look(stack, id);
      gate.emit('open');
      expect((await first).status).toBe(204);
      expect(await refusalOf(await again)).toEqual({ status: 409, code: 'UPLOAD_COMPLETE' });
      await until(stack, id, 'FINISHED');
      expect(ledgerNumbers(stack.sandbox).length).toBe(50);
    },
  );

  it('comes by tus, and goes on where it stopped each time that the line breaks', async () => {
    const stack = await startImportStack();
    const file = csvOf(20_000);
    const { id, uploadUrl } = await started(stack, file, { start: 'AFTER_REVIEW' });
    const url = await cuttingProxy(stack, [200_000, 150_000, 1000]);
    const offsets: number[] = [];
    await new Promise<void>((resolve, reject) => {
      new Upload(Buffer.from(file), {
        uploadUrl: urlOf({ url }, uploadUrl),
        retryDelays: [0, 0, 0, 0, 0, 0],
        onProgress: (sent) => offsets.push(sent),
        onError: reject,
        onSuccess: () => resolve(),
      }).start();
    });
    const { counts, receivedBytes } = await until(stack, id, 'READY');
    expect([counts.total, counts.valid, receivedBytes]).toEqual([20_000, 20_000, Buffer.byteLength(file)]);
  });

  it('is created by tus too, as Uppy does it', async () => {
    const stack = await startImportStack();
    const file = csvOf(10);
    const { id, uploadUrl } = await started(stack, file, { start: 'AFTER_REVIEW' });
    await new Promise<void>((resolve, reject) => {
      new Upload(Buffer.from(file), {
        endpoint: urlOf(stack, uploadUrl),
        onError: reject,
        onSuccess: () => resolve(),
      }).start();
    });
    expect((await until(stack, id, 'READY')).counts.total).toBe(10);
  });

  it('is known to be whole to whoever lost the last answer', async () => {
    const stack = await startImportStack();
    const file = csvOf(10);
    const { id, uploadUrl } = await started(stack, file, { start: 'AFTER_REVIEW' });
    const url = urlOf(stack, uploadUrl);
    await fetch(url, { method: 'PUT', body: file });
    await until(stack, id, 'READY');
    await new Promise<void>((resolve, reject) => {
      new Upload(Buffer.from(file), { uploadUrl: url, onError: reject, onSuccess: () => resolve() }).start();
    });
    const head = await fetch(url, { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } });
    expect([head.status, head.headers.get('upload-offset'), head.headers.get('upload-length')]).toEqual([
      200,
      String(file.length),
      String(file.length),
    ]);
    expect(await refusalOf(await fetch(url, { method: 'PUT', body: file }))).toEqual({
      status: 409,
      code: 'UPLOAD_COMPLETE',
    });
    await stack.send(CancelImportDocument, { id });
    const another = await started(stack, file);
    await stack.send(CancelImportDocument, { id: another.id });
    const gone = await fetch(urlOf(stack, another.uploadUrl), { method: 'PUT', body: file });
    expect(await refusalOf(gone)).toEqual({ status: 404, code: 'NOT_FOUND' });
  });

  it.each(['PUT', 'tus'])('is told to be empty where it is: %s', async (way) => {
    const stack = await startImportStack();
    const { id, uploadUrl } = await started(stack, '');
    const url = urlOf(stack, uploadUrl);
    if (way === 'PUT') await fetch(url, { method: 'PUT', body: '' });
    else
      await new Promise<void>((resolve, reject) => {
        new Upload(Buffer.from(''), { uploadUrl: url, onError: reject, onSuccess: () => resolve() }).start();
      });
    expect((await until(stack, id, 'FAILED')).failure?.kind).toBe('EMPTY');
  });

  it('is refused with a reason where it is another one, or sent by other means', async () => {
    const stack = await startImportStack();
    const file = csvOf(10);
    const { id, uploadUrl } = await started(stack, file);
    const url = urlOf(stack, uploadUrl);
    const ask = async (init: RequestInit, to = url) => refusalOf(await fetch(to, init));
    const tus = { 'tus-resumable': '1.0.0' };
    const patch = { ...tus, 'upload-offset': '5', 'content-type': 'application/offset+octet-stream' };
    expect(await ask({ method: 'PUT', body: `${file}x` })).toEqual({
      status: 413,
      code: 'FILE_SIZE_DIFFERS',
    });
    expect(await ask({ method: 'POST', headers: { ...tus, 'upload-length': '3' } })).toEqual({
      status: 413,
      code: 'FILE_SIZE_DIFFERS',
    });
    expect(await ask({ method: 'PATCH', headers: patch, body: 'x' })).toEqual({
      status: 409,
      code: 'OFFSET_CONFLICT',
    });
    const checked = { ...patch, 'upload-offset': '0', 'upload-checksum': 'sha1 AAAA' };
    expect(await ask({ method: 'PATCH', headers: checked, body: file })).toEqual({
      status: 400,
      code: 'CHECKSUM_UNSUPPORTED',
    });
    expect(await ask({ method: 'PATCH', body: 'x' })).toEqual({ status: 412, code: 'TUS_VERSION_NEEDED' });
    expect(await ask({ method: 'GET' })).toEqual({ status: 405, code: 'METHOD_NOT_ALLOWED' });
    expect(await ask({ method: 'PUT', body: file }, url.replace(id, 'nothing'))).toEqual({
      status: 404,
      code: 'NOT_FOUND',
    });
    expect(await look(stack, id)).toMatchObject({ state: 'AWAITING_FILE', receivedBytes: 0 });
  });

  it('is taken from those alone who may schedule', async () => {
    const keys = [
      { name: 'writer', hash: hashOf('dg_writer'), scopes: ['schedule', 'read'] },
      { name: 'reader', hash: hashOf('dg_reader'), scopes: ['read'] },
    ];
    const stack = await startImportStack({ env: { AUTH: JSON.stringify({ keys }) } });
    const put = (authorization?: string) =>
      fetch(urlOf(stack, 'imports/x/file'), {
        method: 'PUT',
        body: 'x',
        ...(authorization && { headers: { authorization } }),
      }).then(refusalOf);
    expect(await put()).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
    expect(await put('Bearer dg_reader')).toEqual({ status: 403, code: 'FORBIDDEN' });
    expect(await put('Bearer dg_writer')).toEqual({ status: 404, code: 'NOT_FOUND' });
  });

  it('may come more slowly than a request may', async () => {
    const stack = await startImportStack({ env: { REQUEST_TIMEOUT_MS: '300' } });
    const file = csvOf(10);
    const { id, uploadUrl } = await started(stack, file);
    const { port, pathname } = new URL(urlOf(stack, uploadUrl));
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`PUT ${pathname} HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${file.length}\r\n\r\n`);
    // Another request, begun later, is over its time before this one goes on.
    const slow = connect(Number(port), '127.0.0.1');
    slow.write(
      'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
    );
    await new Promise((resolve) => slow.resume().once('close', resolve));
    socket.end(file);
    await until(stack, id, 'FINISHED');
  });
});

describe('the results of an import', () => {
  const file = csvOf(4, (n) => `${n === 1 ? '12' : numberOf(n)},2026-11-26 10:00:00,"Lead, ""${n}"""`);

  it('are a file that Excel opens, and that is a good next upload', async () => {
    const stack = await startImportStack();
    const id = await importFile(stack, file);
    const { resultsUrl } = await until(stack, id, 'FINISHED');
    const response = await fetch(urlOf(stack, resultsUrl));
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toContain("UTF-8''leads-all.csv");
    const bytes = Buffer.from(await response.arrayBuffer());
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const [header, first, second] = bytes.toString().slice(1).split('\r\n');
    expect(header).toBe(
      'PhoneNumber,ScheduledTime,Name,dialgraph_line,dialgraph_outcome,dialgraph_code,dialgraph_field,dialgraph_message,dialgraph_retryable,dialgraph_scheduled_time',
    );
    expect(first).toBe(
      `${numberOf(0)},2026-11-26 10:00:00,"Lead, ""0""",2,scheduled,,,,,2026-11-26T04:30:00.000Z`,
    );
    expect(second).toMatch(/^12,.*,3,failed,INVALID_PHONE_NUMBER,phoneNumber,/);

    // Corrected by hand, it is sent again: the failed row alone is scheduled.
    const corrected = bytes.toString().replace('\r\n12,', `\r\n${numberOf(1)},`);
    const again = await importFile(stack, corrected);
    const { counts } = await until(stack, again, 'FINISHED');
    expect(counts).toMatchObject({ total: 4, scheduled: 1, skipped: 3, failed: 0 });
    expect([...ledgerNumbers(stack.sandbox)].sort()).toEqual([0, 1, 2, 3].map(numberOf));
  });

  it('are JSON lines where that is asked for, and some of them where these are', async () => {
    const stack = await startImportStack();
    const id = await importFile(stack, file);
    await until(stack, id, 'FINISHED');
    const response = await fetch(urlOf(stack, `imports/${id}/results.jsonl?outcome=failed`));
    expect(response.headers.get('content-type')).toBe('application/jsonl; charset=utf-8');
    const rows = (await response.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(rows).toEqual([
      expect.objectContaining({
        PhoneNumber: '12',
        dialgraph_line: 3,
        dialgraph_code: 'INVALID_PHONE_NUMBER',
      }),
    ]);
    const wrong = await fetch(urlOf(stack, `imports/${id}/results.csv?outcome=bad`));
    expect(await refusalOf(wrong)).toEqual({ status: 400, code: 'BAD_REQUEST' });
    const unknown = await fetch(urlOf(stack, `imports/${randomBytes(4).toString('hex')}/results.csv`));
    expect(await refusalOf(unknown)).toEqual({ status: 404, code: 'NOT_FOUND' });
  });
});

describe('importProgress', () => {
  const subscribe = async (stack: Stack, id: string, accept: string) =>
    fetch(stack.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ query: ImportProgressDocument.toString(), variables: { id } }),
    });

  it.each([
    [
      'text/event-stream',
      (text: string) =>
        [...text.matchAll(/^event: next\ndata: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? '')),
      /event: complete\ndata:\n\n$/,
    ],
    [
      'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json',
      (text: string) =>
        text
          .split('--graphql')
          .map((part) => part.split('\r\n\r\n')[1]?.trim() ?? '')
          .filter((part) => part !== '' && part !== '--')
          .flatMap((part) => (JSON.parse(part) as { payload?: object }).payload ?? []),
      /\r\n--graphql--\r\n$/,
    ],
  ])('tells the state at once, and ends with the import: %s', async (accept, read, end) => {
    const stack = await startImportStack();
    const file = csvOf(20);
    const { id, uploadUrl } = await started(stack, file);
    const response = await subscribe(stack, id, accept);
    expect(response.headers.get('content-type')).toContain(accept.split(';')[0]);
    await fetch(urlOf(stack, uploadUrl), { method: 'PUT', body: file });
    const text = await response.text();
    expect(text).toMatch(end);
    const states = read(text).map(
      ({ data }: { data: { importProgress: { state: string } } }) => data.importProgress.state,
    );
    expect(states[0]).toBe('AWAITING_FILE');
    expect(states.at(-1)).toBe('FINISHED');
  });

  it('says which streams there are to a client that takes none', async () => {
    const stack = await startImportStack();
    const { id } = await started(stack, csvOf(1));
    const response = await subscribe(stack, id, 'application/json');
    expect(await refusalOf(response)).toEqual({ status: 406, code: 'NOT_ACCEPTABLE' });
  });
});
