// One bad row costs only itself: how a refused chunk is narrowed down, and in how many requests.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counts, kinds, lead, leads, ledgerNumbers, type Stack, startStack } from '../harness.ts';
import { runs } from '../property-runs.ts';

/** A campaign of which the app has not been told that it is agent-wise: only the dialer refuses, in words of its own. */
const secretlyAgentWise = {
  campaigns: { Agents: { routing: 'agent-wise' as const } },
};

async function startAgents(): Promise<Stack> {
  const stack = await startStack({ sandbox: secretlyAgentWise, campaigns: {} });
  return { ...stack, scheduled: (input) => stack.scheduled({ campaignName: 'Agents', ...input }) };
}

describe('a chunk with bad rows', () => {
  it.each([1, 2, 3, 5, 10, 30, 100])(
    'of which there are %i costs about 2k·log2(100/k)+2k requests',
    async (k) => {
      const { scheduled, sandbox } = await startStack();
      const records = leads(100);
      // Spread as widely as they can be: the worst case.
      for (let n = 0; n < k; n++) records[Math.floor((n * 100) / k)] = lead(1000 + n, { name: 'POISON' });
      expect(counts(await scheduled({ records }))).toEqual({
        ...(k < 100 && { ScheduledRecord: 100 - k }),
        InvalidDateFormatError: k,
      });
      expect(new Set(ledgerNumbers(sandbox)).size).toBe(100 - k);
      expect(sandbox.ledger).toHaveLength(100 - k);
      // 100 is no power of two, so that halves are at times one longer.
      expect(sandbox.requests.length).toBeLessThanOrEqual(2 * k * Math.log2(100 / k) + 2 * k + 2);
    },
  );

  it('schedules all others, wherever the bad ones are', async () => {
    const { scheduled, sandbox } = await startStack();
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 230 }),
        fc.uniqueArray(fc.nat(229), { maxLength: 12 }),
        async (size, bad) => {
          sandbox.reset();
          const records = leads(size).map((record, n) =>
            bad.includes(n) ? { ...record, name: 'POISON' } : record,
          );
          const payload = await scheduled({ records });
          expect(kinds(payload)).toEqual(
            records.map(({ name }) => (name === 'POISON' ? 'InvalidDateFormatError' : 'ScheduledRecord')),
          );
          expect(new Set(ledgerNumbers(sandbox)).size).toBe(sandbox.ledger.length);
        },
      ),
      { numRuns: runs(10) },
    );
  });

  it('is not narrowed down where the account or campaign is refused', async () => {
    const { scheduled, sandbox } = await startStack();
    await scheduled({ campaignName: 'Nowhere', records: leads(100) });
    expect(sandbox.requests.filter(({ kind }) => kind === 'schedule')).toHaveLength(1);
  });

  it('is not sent in parts once its answer may have accepted some of it', async () => {
    const { scheduled, sandbox } = await startStack();
    sandbox.script({ fault: 'partial-then-reset' });
    expect(counts(await scheduled({ records: leads(100) }))).toEqual({ OutcomeUnknownError: 100 });
    expect(sandbox.requests).toHaveLength(1);
  });
});

describe('a refusal in words that are not known', () => {
  it('that concerns single rows costs those alone', async () => {
    const { scheduled, sandbox } = await startAgents();
    const records = leads(300).map((record, n) => (n % 60 === 7 ? record : { ...record, agentId: 'a1' }));
    expect(counts(await scheduled({ records }))).toEqual({ ScheduledRecord: 295, DialerRejectionError: 5 });
    expect(sandbox.ledger).toHaveLength(295);
  });

  it('that concerns every row is found out in few requests', async () => {
    const { scheduled, sandbox } = await startAgents();
    const payload = await scheduled({ records: leads(5000) });
    expect(counts(payload)).toEqual({ DialerRejectionError: 5000 });
    expect(payload.results[4999]).toMatchObject({ dialerMessage: expect.stringContaining('AgentID') });
    // Each chunk is refused by the dialer's own word, and one is narrowed down.
    expect(sandbox.requests.length).toBeLessThan(50 + 130);
    expect(sandbox.requests.filter(({ rows }) => rows === 100)).toHaveLength(50);
  });

  it("that looks like the request's and is the first rows' costs the good rows of other chunks nothing", async () => {
    const { scheduled, sandbox } = await startAgents();
    // The first ten chunks are bad throughout; in the last, one row is.
    const records = leads(1100).map((record, n) =>
      n < 1000 || n === 1050 ? record : { ...record, agentId: 'a1' },
    );
    expect(counts(await scheduled({ records }))).toEqual({ ScheduledRecord: 99, DialerRejectionError: 1001 });
    expect(sandbox.ledger).toHaveLength(99);
  });
});
