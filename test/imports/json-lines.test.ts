// JSON that is not one row in each line is refused in words that say so, and nothing in it is chosen silently.

import { describe, expect, it } from 'vitest';
import { cellsOf, refusal } from './files.ts';

const lead = (n: number) => ({ phone: `98765${10_000 + n}`, name: `Lead ${n}` });
const leads = (count: number) => Array.from({ length: count }, (_, n) => lead(n));

describe('JSON lines', () => {
  it.each([
    ['a list of objects', leads(300)],
    ['a long list of objects', leads(3000)],
    ['one object in a list', leads(1)],
    ['a list within an object', { leads: leads(3) }],
    ['a long list within an object', { leads: leads(3000) }],
    ['a list of lists', leads(3).map((one) => Object.values(one))],
    ['objects by their names', { first: lead(1), second: lead(2) }],
  ])('are not all rows in one line: %s', async (_, content) => {
    for (const end of ['', '\n'])
      expect(await refusal(`${JSON.stringify(content)}${end}`)).toEqual({
        kind: 'INVALID_JSON',
        line: 1,
        message:
          'Line 1 has objects or lists and no text of its own, as if all rows were in it: write one object in each line, and no list around them.',
      });
  });

  it('may have objects and lists beside texts, and a later row of nothing else', async () => {
    const lines = ['{"phone":"1","past":[{"a":1},{"a":2}]}', '{"past":[{"a":3}]}'];
    expect(await cellsOf(lines.join('\n'))).toEqual([
      ['phone', 'past'],
      ['1', '[{"a":1},{"a":2}]'],
      ['', '[{"a":3}]'],
    ]);
    expect(await refusal(`{"phone":"1","past":[${'{"a":1},'.repeat(10_000)}0]}`)).toMatchObject({
      kind: 'ROW_TOO_LONG',
    });
  });

  it.each([
    '{"phone":"1","name":"x","phone":"2"}',
    '{"phone":"1","ph\\u006fne":"1"}',
    '{"a":{"phone":"1"},"phone":1,"phone":1}',
  ])('have each name once: %s', async (line) => {
    expect(await refusal(`{"phone":"0"}\n${line}`)).toEqual({
      kind: 'INVALID_JSON',
      line: 2,
      message: 'Line 2 has one name twice, and which value is meant is not certain: write each name once.',
    });
  });

  it('may have a name again within a value, and marks within texts', async () => {
    const line = '{"a":{"a":1,"b":[{"a":2}]},"b":"\\"a\\": {[","\\"c:":": \\\\"}';
    expect(await cellsOf(line)).toEqual([
      ['a', 'b', '"c:'],
      ['{"a":1,"b":[{"a":2}]}', '"a": {[', ': \\'],
    ]);
  });
});
