// The usual answer is recognised without being read whole. That must never make another verdict: every body is read here twice,
// once as it is, and once with a blank behind it, which makes it unusual.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chunk } from '../../src/dialer/chunk.ts';
import { readAnswer } from '../../src/dialer/dialects/schedule-reply.ts';
import { usualAnswer } from '../../src/dialer/dialects/usual-answer.ts';
import { texts } from '../../src/upstream/contract.ts';
import { runs } from '../property-runs.ts';
import { replyOf } from './three-rows.ts';

const value = fc.oneof(
  fc.constantFrom(
    'Asha',
    'Ravi Rao',
    '',
    '0',
    'success',
    texts.updated,
    'a"b',
    'a\\b',
    'é',
    '}',
    '"},{"',
    'x\ty',
  ),
  fc.string({ maxLength: 8 }),
);
const number = fc.oneof(
  fc.integer({ min: 9_800_000_000, max: 9_800_000_009 }).map(String),
  fc.integer({ min: 100_000_000, max: 100_000_005 }).map((digits) => `%2B49${digits}`),
);
const time = fc.constantFrom('2026-11-26 10:00:00', '2026-11-26 10:00:01', '2026-12-01 23:59:59');
const columns = ['PhoneNumber', 'ScheduledTime', 'Name', 'msg', 'City'];
const rows = fc.array(fc.tuple(number, time, value, value, value), { minLength: 2, maxLength: 4 });

/** How an upstream may write its entries: which members, in which order, and what it does to a number. */
const style = fc.record({
  members: fc.shuffledSubarray(['ScheduleTime', 'Name', 'City', 'AgentID', 'campaign_name', 'status'], {
    minLength: 0,
  }),
  response: fc.constantFrom('success', 'SUCCESS', 'error', ''),
  text: fc.constantFrom(texts.updated, texts.numberExists, texts.maxLimit, 'ok'),
  envelope: fc.constantFrom('success', 'error', 'Success', ''),
  index: fc.constantFrom('text', 'number', 'from 1', 'none'),
  isDecoded: fc.boolean(),
  isEscaped: fc.boolean(),
  oddOne: fc.option(fc.nat(3)),
});

type Style = typeof style extends fc.Arbitrary<infer Value> ? Value : never;

function bodyOf(data: readonly (readonly string[])[], style: Style): string {
  const entries = data.map(([phone = '', time = '', name = '', , city = ''], n) => {
    const all: Record<string, string> = {
      ScheduleTime: time,
      Name: name,
      City: city,
      AgentID: '',
      campaign_name: 'Sales_Demo',
      status: 'success',
    };
    const { index } = style;
    return {
      Response: style.oddOne === n ? 'error' : style.response,
      ...Object.fromEntries(style.members.map((member) => [member, all[member]])),
      PhoneNumber: style.isDecoded ? phone.replace('%2B', '+') : phone,
      msg: style.text,
      ...(index === 'text' && { index: String(n) }),
      ...(index === 'number' && { index: n }),
      ...(index === 'from 1' && { index: String(n + 1) }),
    };
  });
  const text = (part: unknown) =>
    typeof part === 'number' ? String(part) : style.isEscaped ? JSON.stringify(part) : `"${part}"`;
  const texts = entries.map(
    (entry) => `{${Object.entries(entry).map(([key, part]) => `"${key}":${text(part)}`)}}`,
  );
  return `{"status":${text(style.envelope)},"message":[${texts}]}`;
}

/** A letter more, a letter less, another letter, or a piece of the body a second time. */
const damage = fc.oneof(
  fc.constant(undefined),
  fc.record({
    at: fc.nat(1000),
    length: fc.constantFrom(0, 1, 2, 20),
    put: fc.constantFrom('', '"', '}', ']}', ',', '0', '1', 'a', '\\', ' ', '"index":"0",', '"message":['),
  }),
);

function read(body: string, data: readonly (readonly string[])[]) {
  const chunk: Chunk = {
    campaignName: 'Sales_Demo',
    checkDuplicate: false,
    timeZone: 'Asia/Kolkata',
    bulkData: { map: columns, data },
  };
  return readAnswer(replyOf(body), chunk, ['sandbox-key'], 0);
}

describe('a body that is like the usual answer', () => {
  it('has the verdict that it has when it is read whole', () => {
    fc.assert(
      fc.property(rows, style, damage, (data, style, damage) => {
        const whole = bodyOf(data, style);
        const body =
          damage === undefined
            ? whole
            : whole.slice(0, damage.at) + damage.put + whole.slice(damage.at + damage.length);
        expect(read(body, data)).toEqual(read(`${body} `, data));
      }),
      { numRuns: runs(3000) },
    );
  });

  it.each<[string, Partial<Style>]>([
    ['of v1', { members: ['ScheduleTime', 'campaign_name', 'Name', 'AgentID'] }],
    ['with numbers as the vendor writes them', { isDecoded: false }],
    ['with indexes that are numbers', { index: 'number' }],
    ['with no times', { members: [] }],
  ])('is recognised: %s', (_, given) => {
    const data = [0, 1, 2].map((n) => [
      `%2B4910000000${n}`,
      `2026-11-26 10:00:0${n}`,
      `Asha ${n}`,
      'x',
      'Pune',
    ]);
    const body = bodyOf(data, {
      members: ['ScheduleTime'],
      response: 'success',
      text: texts.updated,
      envelope: 'success',
      index: 'text',
      isDecoded: true,
      isEscaped: true,
      oddOne: null,
      ...given,
    });
    expect(usualAnswer(body, { map: columns, data })).toMatch(
      /^\{"status":"success","message":\[\{[^{}]*\}\]\}$/,
    );
    expect(read(body, data)).toEqual({
      kind: 'rows',
      rows: data.map(() => ({ kind: 'scheduled', dialerTime: null, text: texts.updated })),
    });
  });
});
