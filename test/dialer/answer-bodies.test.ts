// What stands in an answer's body, whichever way it was encoded and whatever a script printed before it: read where one
// answer can be told, and nothing where not.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAnswer } from '../../src/dialer/dialects/answer-json.ts';
import { createHttpClient, type HttpClient, type HttpReply } from '../../src/dialer/transport/http-client.ts';
import { type FaultName, faults } from '../../src/sandbox/sandbox.ts';
import { kinds, leads, startStack } from '../harness.ts';
import { runs } from '../property-runs.ts';

const maxAnswerBytes = 100_000;
const answer = JSON.stringify({ status: 'success', message: [{ Name: 'Zoë “A”', msg: 'x'.repeat(200) }] });

describe('an encoded body', () => {
  let server: Server;
  let http: HttpClient;
  let next: { headers: Record<string, string | string[]>; body: Buffer; cutAt?: number };
  beforeAll(async () => {
    server = createServer((_, res) => {
      const { headers, body, cutAt } = next;
      for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
      res.setHeader('content-length', body.length);
      if (cutAt === undefined) res.end(body);
      else res.write(body.subarray(0, cutAt), () => res.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    http = createHttpClient({ url, connections: 1, timeoutMs: 10_000 }, Date.now);
  });
  afterAll(async () => {
    await http.close();
    server.close();
  });

  type Response = HttpReply & { kind: 'response' };
  async function receive(
    encoding: string | string[],
    body: Buffer | string,
    cutAt?: number,
  ): Promise<Response> {
    next = { headers: { 'content-encoding': encoding }, body: Buffer.from(body), ...(cutAt && { cutAt }) };
    const reply = await http.exchange({
      method: 'GET',
      path: '/',
      headers: {},
      purpose: 'list',
      maxAnswerBytes,
    });
    if (reply.kind !== 'response') throw new Error(reply.reason);
    return reply;
  }

  const half = Math.floor(answer.length / 2);
  it.each<[what: string, encoding: string | string[], body: Buffer | string]>([
    ['gzip', 'gzip', gzipSync(answer)],
    ['gzip in capitals, between blanks', ' GZip\t', gzipSync(answer)],
    ['gzip by its old name', 'x-gzip', gzipSync(answer)],
    [
      'gzip in two members',
      'gzip',
      Buffer.concat([answer.slice(0, half), answer.slice(half)].map((part) => gzipSync(part))),
    ],
    ['gzip with a file name', 'gzip', withFileName(gzipSync(answer))],
    ['deflate as zlib has it', 'deflate', deflateSync(answer)],
    ['deflate with a small window', 'deflate', deflateSync(answer, { windowBits: 9 })],
    ['deflate as a bare stream', 'deflate', deflateRawSync(answer)],
    ['deflate as a bare stream, stored', 'deflate', deflateRawSync(answer, { level: 0 })],
    ['br', 'br', brotliCompressSync(answer)],
    ['a list of encodings', 'gzip, br', brotliCompressSync(gzipSync(answer))],
    ['two headers', ['deflate', 'gzip'], gzipSync(deflateSync(answer))],
    ['identity among them', 'identity,, gzip ,identity', gzipSync(answer)],
    ['identity', 'Identity', answer],
    ['an empty header', '', answer],
    ['one encoding that is named twice', 'gzip, gzip', gzipSync(answer)],
    ['text that is said to be gzip', 'gzip', answer],
    ['text that is said to be deflate', 'deflate', answer],
    ['text that is said to be br', 'br', answer],
    ['a character set in the place of an encoding', 'UTF-8', answer],
    ['nothing that is said to be gzip', 'gzip', ''],
    ['gzip of nothing', 'gzip', gzipSync('')],
  ])('is read: %s', async (_, encoding, body) => {
    const reply = await receive(encoding, body);
    expect(reply).toMatchObject({ complete: true });
    expect(reply.unreadable).toBeUndefined();
    expect(reply.body).toBe(/nothing/.test(_) ? '' : answer);
  });

  it.each<[what: string, encoding: string, body: Buffer, reason: RegExp]>([
    ['an encoding that is not known', 'zstd', Buffer.from('28b52ffd2000', 'hex'), /not known \(zstd\)/],
    ['an encoding that nobody knows', '98 7654-3210', gzipSync(answer), /not known$/],
    ['the name of what every object has', 'constructor', gzipSync(answer), /not known/],
    ['five encodings', 'gzip,gzip,gzip,gzip,gzip', gzipSync(answer), /too many/],
    [
      'something behind gzip',
      'gzip',
      Buffer.concat([gzipSync(answer), Buffer.from('<br />')]),
      /damaged \(gzip\)/,
    ],
    [
      'something behind deflate',
      'deflate',
      Buffer.concat([deflateSync(answer), Buffer.from('{}')]),
      /damaged/,
    ],
    [
      'something behind a bare stream',
      'deflate',
      Buffer.concat([deflateRawSync(answer), Buffer.from('{}')]),
      /damaged/,
    ],
    ['something behind br', 'br', Buffer.concat([brotliCompressSync(answer), Buffer.from('{}')]), /damaged/],
    [
      'half of the first of two encodings',
      'gzip, br',
      brotliCompressSync(gzipSync(answer).subarray(0, -1)),
      /damaged/,
    ],
  ])('is not guessed at: %s', async (_, encoding, body, reason) => {
    const reply = await receive(encoding, body);
    expect(reply).toMatchObject({ body: '', complete: true, unreadable: expect.stringMatching(reason) });
  });

  const compressors = {
    gzip: (text: string) => gzipSync(text),
    'gzip, stored': (text: string) => gzipSync(text, { level: 0 }),
    deflate: (text: string) => deflateSync(text),
    'deflate, stored': (text: string) => deflateSync(text, { level: 0 }),
    'deflate, bare': (text: string) => deflateRawSync(text),
    'deflate, bare and stored': (text: string) => deflateRawSync(text, { level: 0 }),
    br: (text: string) => brotliCompressSync(text),
  };
  const ways = Object.entries(compressors).map(
    ([name, compress]) => [name, name.split(',')[0] as string, compress] as const,
  );

  it.each(ways)('in %s is read whole, or not at all', async (_, encoding, compress) => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.nat(), async (text, at) => {
        const whole = compress(JSON.stringify({ text }));
        expect((await receive(encoding, whole)).body).toBe(JSON.stringify({ text }));
        // Cut by the server, under a length that fits; and by the network.
        const length = 1 + (at % (whole.length - 1));
        const cut = await receive(encoding, whole.subarray(0, length));
        expect(parseAnswer(cut.body).json).toBeUndefined();
        expect(await receive(encoding, whole, length)).toMatchObject({ body: '', complete: false });
      }),
      { numRuns: runs(15) },
    );
  });

  it('in gzip of which a bit was changed is what it was, or not read', async () => {
    const whole = gzipSync(answer);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length * 8 - 1), async (bit) => {
        const damaged = Buffer.from(whole);
        damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(['', answer]).toContain((await receive('gzip', damaged)).body);
      }),
      { numRuns: runs(100) },
    );
  });

  it.each(ways)('in %s ends where no more is read of a plain one', async (_, encoding, compress) => {
    const longest = JSON.stringify('x'.repeat(maxAnswerBytes - 2));
    const fits = compress(longest);
    // What is received counts as well.
    if (fits.length <= maxAnswerBytes) expect((await receive(encoding, fits)).body).toBe(longest);
    expect(await receive(encoding, compress(`${longest} `))).toMatchObject({ body: '', complete: false });
  });

  it('that is a bomb within a bomb is given up', async () => {
    const bomb = Buffer.concat(Array(300).fill(gzipSync(' '.repeat(1024 * 1024))));
    for (const body of [bomb, gzipSync(bomb), gzipSync(gzipSync(bomb))])
      expect(await receive('gzip,gzip,gzip', body)).toMatchObject({ body: '', complete: false });
  });
});

function withFileName(gzip: Buffer): Buffer {
  const head = Buffer.from(gzip.subarray(0, 10));
  head[3] = 8;
  return Buffer.concat([head, Buffer.from('answer.json\0'), gzip.subarray(10)]);
}

describe('noise before the JSON', () => {
  const good = { status: 'success', message: [{ Response: 'success', index: '0', msg: '[x] {y} <b>"' }] };
  const document = JSON.stringify(good);
  const read = (body: string) => parseAnswer(body).json;

  it.each([
    '<br />\n<b>Warning</b>:  odd [x] {y} in <b>/var/www/a.php</b> on line <b>12</b><br />\n',
    '<br />\n<b>Warning</b>:  Undefined array key &quot;skill&quot; in <b>/a.php</b> on line <b>1</b><br />',
    '\nNotice: Undefined index: PhoneNumber in /var/www/a.php on line 12\n',
    'PHP Deprecated:  Function $row["name"] and $rows[0]["name"] [8] in {closure}() #0 {main}\r\n',
    '<b>My WARNING</b> [512] incorrect vector [1, 2], array of values expected<br />\n',
    '[28-Nov-2026 10:00:00 Asia/Kolkata] slow query\n',
    '\uFEFF\r\n\t \uFEFF\n',
    '\n\uFEFF<!-- {} -->'.replace('{}', '{ x }'),
    'Notice: Undefined variable: success in /var/www/successful/a.php on line 12\n',
    'for(;;);',
    ")]}',\n",
  ])('is passed over: %j', async (noise) => {
    expect(read(noise + document)).toEqual(good);
    expect(read(`${noise}${JSON.stringify(good, null, 2)}\r\n\r\n`)).toEqual(good);
    expect(read(noise + JSON.stringify(good.message))).toEqual(good.message);
  });

  it.each<[what: string, body: string]>([
    ['a warning behind it', `${document}<br />\n<b>Warning</b>: odd in <b>a.php</b> on line <b>1</b><br />`],
    ['warnings around it', `Notice: a\n${document}\nNotice: b`],
    ['a warning within it', document.replace('"message"', '\nNotice: odd\n"message"')],
    ['two answers', `${document}${document}`],
    ['two answers in lines of their own', `{"status":"error","message":"no"}\n${document}\n`],
    ['an answer within an answer that was cut', `{"a": ${document}`],
    ['an answer within a list that was cut', `[${document}`],
    ['an answer behind an empty one', `{}${document}`],
    ['an answer behind an empty list', `[ ]\n${document}`],
    ['an answer behind a list of words', `["Data updated"] ${document}`],
    ['a page', `<pre>${document}</pre>`],
    ['a script', `callback(${document})`],
    ['an answer within a list that was cut behind a number', `[1,${document}`],
    ['an answer within a list that was cut behind a null', `Notice: odd\n[ null , ${document}`],
    ['an answer behind a list that was cut in a word', `[1,"]${document}`],
    ['an answer behind a list that was cut in a number', `[-1.5e${document}`],
    ['an answer within an object without quotes', `{a:${document}`],
    ['an answer within a bracket of words', `[x ${document}`],
    ['an opening bracket before it', `{${document}`],
    ['a fatal error before it', `<b>Fatal error</b>: out of memory<br />\n${document}`],
    ['an exception before it', `PHP Warning:  Uncaught Error: x\n#0 {main}\n${document}`],
    ['a script that cannot be read before it', `PHP Parse error:  x\n${document}`],
    ['no object and no list', 'Notice: odd\n"success"'],
    ['numbers alone', 'Notice: odd\n[1,2]'],
    ['nothing but noise', 'Notice: odd\n'],
    ['more noise than is passed over', `${'Notice: odd\n'.repeat(30_000)}${document}`],
  ])('is not passed over where it leaves a doubt: %s', async (_, body) => {
    expect(read(body)).toBeUndefined();
  });

  const words = fc.constantFrom(
    '<br />\n',
    '<b>',
    'Warning',
    '[x]',
    '{y}',
    '$a["b"]',
    '[8]',
    '"',
    "'",
    '{',
    ']',
    '}',
    ':',
    ',',
    '\\',
    '\n',
    ' ',
    'é',
    '1',
  );
  const noises = fc.array(words, { maxLength: 20 }).map((parts) => parts.join(''));
  const documents = fc
    .oneof(
      fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { minKeys: 1 }),
      fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1 }),
    )
    .map((value) => JSON.stringify(value));

  it('changes nothing of what the JSON says, or leaves it unread', async () => {
    let passed = 0;
    await fc.assert(
      fc.asyncProperty(noises, documents, async (noise, json) => {
        const found = read(noise + json);
        if (found !== undefined) expect(found).toEqual(JSON.parse(json));
        passed += Number(found !== undefined);
        // The brackets of this noise close each other.
        const harmless = noise.replace(/[[\]{}"]/g, '');
        expect(read(`${harmless}[x] {y}${json}`)).toEqual(JSON.parse(json));
      }),
      { numRuns: runs(200) },
    );
    expect(passed).toBeGreaterThan(5);
  });

  it('never has one read behind a part of any list or object', async () => {
    const values = fc.oneof(
      fc.array(fc.jsonValue(), { minLength: 1 }),
      fc.array(fc.oneof(fc.integer(), fc.double({ noNaN: true }), fc.constant(null), fc.string()), {
        minLength: 1,
      }),
      fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }),
    );
    await fc.assert(
      fc.asyncProperty(values, documents, fc.nat(), async (value, json, at) => {
        const text = JSON.stringify(value);
        const cut = text.slice(0, 1 + (at % (text.length - 1)));
        expect(read(`${cut}${json}`)).toBeUndefined();
        expect(read(`Notice: odd\n${cut}\n${json}`)).toBeUndefined();
      }),
      { numRuns: runs(200) },
    );
  });

  it('never has one of two answers read, nor one behind a part of another', async () => {
    await fc.assert(
      fc.asyncProperty(noises, documents, documents, fc.nat(), async (noise, one, other, at) => {
        for (const first of [one, one.slice(0, 1 + (at % one.length))])
          expect(read(`${noise.replaceAll(/[[\]{}"]/g, '')}\n${first}${other}`)).toBeUndefined();
      }),
      { numRuns: runs(200) },
    );
  });

  it('of 1 MB is looked through once', async () => {
    for (const part of [
      '{',
      '[',
      '{"',
      '["',
      '[{"a":',
      '[1,',
      '[1',
      '[1 ',
      '[1,2] ',
      '1,',
      '{ \n',
      '<br />\n{',
      '[x] {y} ',
      ']',
      '\\"',
      '\uFEFF ',
    ])
      for (const end of ['', document]) {
        const body = part.repeat(1_000_000 / part.length) + end;
        const isBlank = part.trim() === '';
        expect(read(body)).toEqual(isBlank && end !== '' ? good : undefined);
      }
  });
});

describe('over a real socket', () => {
  const named = (pattern: RegExp) =>
    (Object.keys(faults) as FaultName[]).filter((name) => pattern.test(name));
  const env = (dialect: string) => ({
    DIALER_AUTH: dialect,
    DIALER_RECONCILE: 'on',
    DIALER_SETTLE_MS: '100',
  });

  it.concurrent.each(['v1', 'basic', 'token'])(
    '%s hears every encoding, and what a warning stands before',
    async (dialect) => {
      const { sandbox, scheduled } = await startStack({
        env: env(dialect),
        running: true,
        onFinished: afterAll,
      });
      for (const fault of named(/^(gzip|deflate|br|warning|notice).*(-json|-error|-named|-only)$/)) {
        sandbox.script({ fault, times: Infinity });
        const told = fault.endsWith('-error') ? 'DialerRejectionError' : 'ScheduledRecord';
        expect(kinds(await scheduled({ records: leads(3) })), fault).toEqual([told, told, told]);
        sandbox.reset();
      }
    },
  );

  it('a compressed token, a compressed list, and a list behind a warning are read', async () => {
    const { sandbox, scheduled } = await startStack({ env: env('token'), running: true });
    sandbox.script({ fault: 'br-json', on: 'token' });
    for (const [n, fault] of (['gzip-json', 'deflate-raw-json', 'warning-json'] as const).entries()) {
      sandbox.script({ fault: 'reset-after' }, { fault, on: 'scheduledData' });
      const records = leads(n + 1).slice(n);
      expect(kinds(await scheduled({ records })), fault).toEqual(['ScheduledRecord']);
    }
    expect(sandbox.tokensGenerated).toBe(1);
    expect(sandbox.ledger).toHaveLength(3);
  });

  it('a list behind a warning, which may lack rows, proves none absent', async () => {
    const { sandbox, scheduled } = await startStack({ env: env('basic'), running: true });
    sandbox.script(
      { fault: 'reset-before' },
      { fault: 'warning-json', on: 'scheduledData', times: Infinity },
    );
    expect(kinds(await scheduled({ records: leads(1) }))).toEqual(['OutcomeUnknownError']);
    sandbox.reset();
    sandbox.script({ fault: 'reset-before' }, { fault: 'gzip-json', on: 'scheduledData', times: Infinity });
    expect(kinds(await scheduled({ records: leads(1) }))).toEqual(['DialerUnavailableError']);
  });
});
