// Server-sent events, however the stream is cut into pieces.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eventStreamParser } from '../../client/src/event-stream.ts';
import { runs } from '../property-runs.ts';

const line = fc.string({ unit: fc.constantFrom('a', ' ', ':', 'é', '{') });
const event = fc.record({
  event: fc.constantFrom('next', 'complete'),
  lines: fc.array(line, { minLength: 1 }),
});
const end = fc.constantFrom('\n', '\r\n', '\r');

it('gives each event once, in whatever pieces it comes', () => {
  fc.assert(
    fc.property(fc.array(event), end, fc.array(fc.nat(40)), (events, newline, cuts) => {
      const text = events
        .map(({ event, lines }) =>
          [':', '', `event: ${event}`, ...lines.map((text) => `data: ${text}`), '', ''].join(newline),
        )
        .join('');
      const parse = eventStreamParser();
      let at = 0;
      const found = [...cuts, text.length].flatMap((length) => {
        at += length;
        return parse(text.slice(at - length, at));
      });
      // A carriage return at the end may be half of a line's end.
      found.push(...parse('\n'));
      expect(found).toEqual(events.map(({ event, lines }) => ({ event, data: lines.join('\n') })));
    }),
    { numRuns: runs(200) },
  );
});

it('takes no comment, and no event without data, for one', () => {
  const parse = eventStreamParser();
  expect(parse(':\n\nevent: next\n\nid: 1\ndata\n\ndata:x\n\n')).toEqual([
    { event: 'message', data: '' },
    { event: 'message', data: 'x' },
  ]);
});
