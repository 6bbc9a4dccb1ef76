// What the upstream's words and entries may do to an answer: each record gets its own entry or none, and no text carries a
// key or a number further.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kinds, lead, leads, startStack } from '../harness.ts';

const numbers = [0, 1, 2].map((n) => lead(n).phoneNumber);
const success = (...message: unknown[]) => ({ status: 'success', message });

describe('an answer', () => {
  it('never carries a key or a whole number further', async () => {
    const { scheduled, sandbox } = await startStack();
    sandbox.script({ fault: 'error-unknown-text' }, { fault: 'error-echo-key' });
    for (const _ of ['unknown text', 'echo']) {
      const { results } = await scheduled({ records: leads(1) });
      expect(results[0]?.__typename).toBe('DialerRejectionError');
      expect(JSON.stringify(results)).not.toContain(sandbox.account.apiKey);
      expect(JSON.stringify(results)).not.toContain(numbers[0]);
    }
  });

  it('keeps numbers out of messages however they are written', async () => {
    const { scheduled, sandbox } = await startStack();
    const written = [
      'num_9876543210',
      'PhoneNumber9876543210',
      '9876543210th',
      '98765432109876543210',
      '2026-11-25 9876543210',
      '+91 (98765) 43210',
      '९८७६५४३२१०',
    ];
    for (const text of written) {
      sandbox.script({
        fault: 'status-400',
        text: `Bad lead ${text} at 2026-11-25 10:00:00 in row 12345\u0000\ud83d`,
      });
      const [result] = (await scheduled({ records: leads(1) })).results;
      const said = result && 'dialerMessage' in result ? result.dialerMessage : '';
      expect(said).toMatch(/^Bad lead .* at 2026-11-25 10:00:00 in row 12345 +$/u);
      expect(said.replace(/2026-11-25( 10:00:00)?|12345/g, '')).not.toMatch(/\p{Nd}{3}/u);
    }
  });

  it('is told with the time for which the dialer says that it took a record', async () => {
    const { scheduled, sandbox } = await startStack();
    const entries = ['2026-12-24 10:00:00', '0000-00-00 00:00:00', '2026-11-26 10:00:00'].map((time, n) => ({
      Response: 'success',
      ScheduleTime: time,
      PhoneNumber: numbers[n],
      msg: 'Data updated successfully',
      index: String(n),
    }));
    sandbox.script({ fault: 'custom-before', status: 200, body: JSON.stringify(success(...entries)) });
    const asked = {
      dialerTime: '2026-11-26 10:00:00',
      scheduledTime: '2026-11-26T04:30:00.000Z',
      shiftedFrom: null,
    };
    expect((await scheduled({ records: leads(3) })).results).toMatchObject([
      {
        dialerTime: '2026-12-24 10:00:00',
        scheduledTime: '2026-12-24T04:30:00.000Z',
        shiftedFrom: asked.scheduledTime,
      },
      asked,
      asked,
    ]);
  });

  it('gives each record its own entry, in whatever order the entries come', async () => {
    const { scheduled, sandbox } = await startStack();
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 100 }).chain((size) =>
          fc.record({
            refused: fc.array(fc.boolean(), { minLength: size, maxLength: size }),
            order: fc.shuffledSubarray([...Array(size).keys()], { minLength: size }),
            index: fc.constantFrom('string', 'number', 'none'),
          }),
        ),
        async ({ refused, order, index }) => {
          const records = leads(refused.length);
          const entries = order.map((n) => ({
            Response: refused[n] ? 'error' : 'success',
            msg: refused[n] ? 'Agent not found' : 'Data updated successfully',
            PhoneNumber: records[n]?.phoneNumber,
            index: index === 'string' ? String(n) : index === 'number' ? n : undefined,
          }));
          sandbox.script({ fault: 'custom-before', status: 200, body: JSON.stringify(success(...entries)) });
          expect(kinds(await scheduled({ records }))).toEqual(
            refused.map((no) => (no ? 'DialerRejectionError' : 'ScheduledRecord')),
          );
        },
      ),
      { numRuns: 50 },
    );
  });

  it('that garbles its entries never makes a record scheduled that no entry names', async () => {
    const { scheduled, sandbox } = await startStack();
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record(
            {
              Response: fc.constantFrom('success', 'error', ''),
              PhoneNumber: fc.constantFrom(...numbers, '9700000000', ''),
              index: fc.constantFrom('0', '1', '2', '3', '-1', 'x'),
            },
            { requiredKeys: [] },
          ),
          { maxLength: 5 },
        ),
        async (entries) => {
          sandbox.script({ fault: 'custom-before', status: 200, body: JSON.stringify(success(...entries)) });
          const { results } = await scheduled({ records: leads(3) });
          expect(results).toHaveLength(3);
          for (const [n, { __typename }] of results.entries()) {
            const named = entries.filter(
              ({ Response, PhoneNumber, index }) =>
                Response === 'success' &&
                (PhoneNumber === numbers[n] || (!PhoneNumber && index === String(n))),
            );
            if (__typename === 'ScheduledRecord') expect(named.length).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
