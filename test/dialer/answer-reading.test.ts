// Whatever JSON an upstream answers with is read without an error, and nothing is believed that it does not say: a row is
// scheduled or refused only where words of the answer can mean that row.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDialer } from '../../src/dialer/account-check.ts';
import type { ChunkAnswer } from '../../src/dialer/chunk.ts';
import type { Guard } from '../../src/dialer/dialects/dialect.ts';
import { readAnswer } from '../../src/dialer/dialects/schedule-reply.ts';
import { createListReading } from '../../src/dialer/dialects/scheduled-rows.ts';
import { createTokenSource } from '../../src/dialer/dialects/token-source.ts';
import type { ListAnswer } from '../../src/dialer/listed-row.ts';
import { createLocalState } from '../../src/dialer/transport/shared-state.ts';
import { texts } from '../../src/upstream/contract.ts';
import { kinds, leads, startStack } from '../harness.ts';
import { runs } from '../property-runs.ts';
import { chunk, numbers, replyOf } from './three-rows.ts';

/** A list as it comes, some bytes at a time. */
async function readList(body: string, pieceLength = 7): Promise<ListAnswer> {
  const bytes = Buffer.from(body);
  const reading = createListReading(['a-secret'], () => 0);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceLength) yield bytes.subarray(at, at + pieceLength);
  }
  await reading.consume(pieces());
  return reading.answer(replyOf(''));
}

const read = (body: string, status?: number) => readAnswer(replyOf(body, status), chunk, ['a-secret'], 0);

describe('the clock of a list', () => {
  it('is compared when the list begins, however long it takes to come', async () => {
    let now = Date.parse('2026-11-26T04:30:00Z');
    const reading = createListReading([], () => now);
    const headers = { date: new Date(now + 3000).toUTCString() };
    async function* pieces() {
      now += 20_000;
      yield Buffer.from('{"status":"success","message":[]}');
    }
    await reading.consume(pieces());
    expect(reading.answer({ ...replyOf(''), headers })).toMatchObject({ kind: 'list', skewMs: 3000 });
  });
});

describe('what stands before the JSON', () => {
  const entries = (...said: string[]) =>
    JSON.stringify({
      status: 'success',
      message: said.map((Response, index) => ({
        Response,
        index: String(index),
        PhoneNumber: numbers[index],
      })),
    });
  const notice = 'Notice: Undefined variable: success in /a.php on line 12\n';
  const refusal = '{"status":"error","message":"Feed stopped"}';
  const taken = ['success', 'success', 'success'];

  it.each<[what: string, body: string, status: number, kind: ChunkAnswer['kind']]>([
    ['success, and a refusal', `Data updated successfully\n${refusal}`, 200, 'unknown'],
    ['success, and a refusal under HTTP 400', `Data updated successfully\n${refusal}`, 400, 'unknown'],
    ['success, and throttling', `success\n{"status":"error","message":"Max limit exceeded"}`, 200, 'unknown'],
    ['success, and a row that is refused', notice + entries('success', 'error', 'success'), 200, 'unknown'],
    ['success, and every row taken', notice + entries(...taken), 200, 'rows'],
    [
      'nothing, and a row that is refused',
      `Notice: odd\n${entries('error', ...taken.slice(1))}`,
      200,
      'rows',
    ],
    ['nothing, and a refusal', `Notice: odd\n${refusal}`, 200, 'refused'],
    ['success in a page without an answer', '<b class="alert-success"></b>{} {"a":1}</b>', 403, 'refused'],
  ])('says: %s', (_, body, status, kind) => {
    expect(read(body, status).kind).toBe(kind);
  });
});

/** Keys that readers look for, and those that plain objects have anyway. */
const keys = fc.constantFrom(
  ...[
    'status',
    'message',
    'Response',
    'msg',
    'PhoneNumber',
    'index',
    'ScheduleTime',
    'token',
    'data',
    'success',
  ],
  ...['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty', 'toJSON', '0', '1', '2', ''],
);
const words = fc.constantFrom(
  ...['success', 'SUCCESS', 'error', 'FAIL', 'false', 'true', 'ok', 'null', '', ' ', '\u0000', '\ud800', 'x'],
  ...[...numbers, '+91', '0', '1', '2', '2026-11-26 10:00:00', 'a-secret'],
  ...Object.values(texts),
);
const scalars = fc.oneof(
  words.map((word) => JSON.stringify(word)),
  fc.constantFrom(
    'null',
    'true',
    'false',
    '0',
    '-0',
    '1',
    '2',
    '1e400',
    '-1e400',
    '1e21',
    '0.1',
    '9800000000',
  ),
  fc.string().map((text) => JSON.stringify(text)),
);
/** Texts of JSON, which alone can have a key `__proto__`, and one twice. */
const json = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalars,
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join()}]`),
    fc
      .array(fc.tuple(keys, tie('value')), { maxLength: 5 })
      .map((members) => `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join()}}`),
  ),
})).value;

const praise = (body: string) => /"(success|true|ok)"|true|data updated successfully/i.test(body);
const blame = (body: string) =>
  /"(error|fail|failure|failed|false)"|false|invalid|wrong date|already|mandatory/i.test(body);
/** Of a key that stands twice, the last counts. */
const saysYes = (body: string) => /data updated successfully/i.test(JSON.stringify(JSON.parse(body)));

function expectHonest(answer: ChunkAnswer, body: string): void {
  if (answer.kind === 'rows') {
    expect(answer.rows).toHaveLength(3);
    for (const { kind } of answer.rows) {
      if (kind === 'scheduled') expect(praise(body)).toBe(true);
      if (kind === 'refused') expect(blame(body)).toBe(true);
    }
  } else if (answer.kind !== 'unknown') {
    expect(saysYes(body)).toBe(false);
    if (answer.kind === 'refused') expect(blame(body)).toBe(true);
  }
  expect(JSON.stringify(answer)).not.toContain('a-secret');
  expect(JSON.stringify(answer).length).toBeLessThan(5000);
}

describe('any JSON', () => {
  it('is read without an error, and believed no further than it goes', () => {
    fc.assert(
      fc.property(json, (body) => expectHonest(read(body), body)),
      { numRuns: runs(2000) },
    );
  });

  it('in an envelope is, too', () => {
    const envelope = fc
      .tuple(
        fc.oneof(
          words.map((word) => JSON.stringify(word)),
          json,
        ),
        json,
      )
      .map(([status, message]) => `{"status":${status},"message":${message}}`);
    fc.assert(
      fc.property(envelope, (body) => expectHonest(read(body), body)),
      { numRuns: runs(2000) },
    );
  });

  it('under HTTP 4xx takes nothing for refused that it says was taken', () => {
    fc.assert(
      fc.property(json, fc.constantFrom(400, 401, 404, 422), (body, status) => {
        const answer = read(body, status);
        if (answer.kind === 'refused' || answer.kind === 'unavailable') expect(saysYes(body)).toBe(false);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('is a list of scheduled rows, or none', async () => {
    await fc.assert(
      fc.asyncProperty(json, async (body) => {
        const answer = await readList(body);
        if (answer.kind === 'list') for (const { id } of answer.rows) expect(id).toMatch(/^\w+$/);
        else expect(['refused', 'throttled', 'unavailable', 'unknown']).toContain(answer.kind);
      }),
      { numRuns: runs(500) },
    );
  });

  it('is a token that a header can carry, or none', async () => {
    await fc.assert(
      fc.asyncProperty(json, fc.constantFrom(200, 401, 429, 500), async (body, status) => {
        const guard: Guard = { request: async (_, read) => read(replyOf(body, status)) };
        const account = { url: 'http://127.0.0.1', apiKey: 'a-secret', userName: 'x' };
        const answer = await createTokenSource(account, guard, createLocalState(), () => 0).get(1);
        if (answer.kind === 'token') expect(answer.token).toMatch(/^[\x21-\x7e]+$/);
        else expect(['refused', 'throttled', 'unavailable']).toContain(answer.kind);
      }),
      { numRuns: runs(500) },
    );
  });
});

describe('a real answer of which something was changed', () => {
  interface Entry {
    Response: unknown;
    PhoneNumber: unknown;
    index: unknown;
    msg: unknown;
    ScheduleTime: unknown;
  }
  const odd = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      {},
      [],
      { toString: 'x' },
      { toString: null, valueOf: null },
      [[[]]],
      0,
      -0,
      1e308,
      true,
      false,
      'success',
      'error',
      '',
    ),
    fc.constantFrom<unknown>(...numbers, '9700000000', '0', '1', '2', '7', texts.updated, texts.maxLimit),
  );
  const field = fc.constantFrom('Response', 'PhoneNumber', 'index', 'msg', 'ScheduleTime', 'status');
  const changes = fc.array(
    fc.record({ entry: fc.nat(2), field, value: fc.option(odd, { nil: undefined }) }),
    { maxLength: 4 },
  );
  const made = fc.record({
    status: fc.oneof(fc.constantFrom<unknown>('success', 'error', undefined), odd),
    refused: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    changes,
    order: fc.shuffledSubarray([0, 1, 2], { minLength: 1 }),
    twice: fc.boolean(),
    further: fc.option(fc.tuple(keys, odd)),
  });
  const build = ({
    status,
    refused,
    changes,
    order,
    twice,
    further,
  }: typeof made extends fc.Arbitrary<infer T> ? T : never) => {
    const entries = refused.map(
      (no, n): Entry => ({
        Response: no ? 'error' : 'success',
        PhoneNumber: numbers[n],
        index: String(n),
        msg: no ? 'Agent not found' : texts.updated,
        ScheduleTime: '2026-11-26 10:00:00',
      }),
    );
    for (const { entry, field, value } of changes) Object.assign(entries[entry] ?? {}, { [field]: value });
    const message = order.map((n) => entries[n] as Entry);
    if (twice) message.push(message[0] as Entry);
    const reply = { status, message };
    if (further !== null && further[0] !== 'message' && further[0] !== '__proto__')
      Object.assign(reply, { [further[0]]: further[1] });
    return { message, body: JSON.stringify(reply) };
  };
  const isYes = ({ Response, msg, ...entry }: Entry) =>
    'status' in entry && entry.status === 'success'
      ? true
      : Response === 'success' ||
        Response === true ||
        msg === texts.updated ||
        ('status' in entry && entry.status === true);
  const isNo = ({ Response, ...entry }: Entry) =>
    [Response, 'status' in entry && entry.status].some((word) => word === 'error' || word === false);
  /** Whether an entry can mean a row: it says so, or leaves it open. */
  const canMean = ({ PhoneNumber, index }: Entry, n: number) =>
    PhoneNumber === numbers[n] ||
    !(typeof PhoneNumber === 'string' && numbers.includes(PhoneNumber)) ||
    index === String(n) ||
    index === n;

  it('never has a row scheduled or refused of which no entry can say so', () => {
    fc.assert(
      fc.property(made, (change) => {
        const { message, body } = build(change);
        const answer = read(body);
        if (answer.kind === 'rows')
          for (const [n, { kind }] of answer.rows.entries()) {
            const own = message.filter((entry) => canMean(entry, n));
            if (kind === 'scheduled') expect(own.some(isYes)).toBe(true);
            if (kind === 'refused') {
              expect(own.some(isNo)).toBe(true);
              expect(own.every((entry) => isNo(entry) && !isYes(entry)) || own.length > 1).toBe(true);
            }
          }
        else if (answer.kind !== 'unknown') expect(message.some(isYes)).toBe(false);
      }),
      { numRuns: runs(2000) },
    );
  });

  it('tells each record nothing else over a real socket', async () => {
    const { scheduled, sandbox, log } = await startStack();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          json,
          made.map((change) => build(change).body),
        ),
        async (body) => {
          sandbox.script({ fault: 'custom-before', status: 200, body });
          const answer = read(body);
          const told = kinds(await scheduled({ records: leads(3) }));
          // Whatever the whole was refused for is asked again of its parts, which the sandbox takes.
          if (answer.kind === 'rows')
            expect(told.map((kind) => kind === 'ScheduledRecord')).toEqual(
              answer.rows.map(({ kind }) => kind === 'scheduled'),
            );
          if (answer.kind === 'unknown') expect(told).toEqual(Array(3).fill('OutcomeUnknownError'));
          sandbox.reset();
        },
      ),
      { numRuns: runs(60) },
    );
    expect(log.join()).not.toContain('"level":"error"');
  });
});

describe('an answer without end', () => {
  const nested = (open: string, inside: string, close: string, depth: number) =>
    open.repeat(depth) + inside + close.repeat(depth);
  const many = (count: number, item: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => item(n)).join();
  const contents: [string, string][] = [
    ['lists 5,000 deep', nested('[', '"x"', ']', 5000)],
    ['lists 200,000 deep', nested('[', '"x"', ']', 200_000)],
    ['objects 5,000 deep', nested('{"x":', '"x"', '}', 5000)],
    ['objects and lists 100,000 deep', nested('[{"success":', '0', '}]', 100_000)],
    ['100,000 keys', `{${many(100_000, (n) => `"${n}x":0`)}}`],
    ['100,000 numbered keys', `{${many(100_000, (n) => `"${n}":{}`)}}`],
    ['300,000 entries', `[${many(300_000, () => '{}')}]`],
    ['300,000 lists', `[${many(300_000, () => '[]')}]`],
    ['a text of 4 MB', JSON.stringify('98 '.repeat(1_100_000))],
    ['a key of 4 MB', `{${JSON.stringify('9 '.repeat(2_000_000))}:1}`],
  ];

  it.each(contents)('%s: nothing is known of what it says', (_, content) => {
    const nothing = (body: string, code?: number) => {
      const answer = read(body, code);
      const told = answer.kind === 'rows' ? answer.rows.map(({ kind }) => kind) : [answer.kind];
      expect(new Set(told)).toEqual(new Set(['unknown']));
    };
    nothing(`{"status":"error","message":${content}}`);
    nothing(`{"status":${content},"message":"${texts.wrongDateFormat}"}`);
    nothing(`{"status":"error","message":"${texts.wrongDateFormat}","more":${content}}`, 400);
    nothing(content, 401);
  });

  it.each(contents)('%s in one entry costs no other its answer', (_, content) => {
    const entries = numbers.map((PhoneNumber, n) => {
      const known = JSON.stringify({ PhoneNumber, index: n }).slice(0, -1);
      return n === 1 ? `${known},"Response":${content}}` : `${known},"Response":"success","msg":"ok"}`;
    });
    const answer = read(`{"status":"success","message":[${entries.join()}]}`);
    expect(answer.kind === 'rows' && answer.rows.map(({ kind }) => kind)).toEqual([
      'scheduled',
      'unknown',
      'scheduled',
    ]);
  });
});

it('a check of the dialer ends with what it found, whatever the answer', async () => {
  const { sandbox } = await startStack();
  await fc.assert(
    fc.asyncProperty(json, fc.constantFrom('basic', 'token'), async (body, auth) => {
      sandbox.script({ fault: 'custom-before', on: 'any', status: 200, body, times: 2 });
      const account = { ...sandbox.account, url: sandbox.url, auth, timeoutMs: 5000 } as const;
      const verdicts: string[] = [];
      for await (const { verdict } of checkDialer(account, { newToken: true })) verdicts.push(verdict);
      expect(verdicts).toHaveLength(3);
      sandbox.reset();
    }),
    { numRuns: runs(40) },
  );
});
