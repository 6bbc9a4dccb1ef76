// The sandbox's campaign Errors_Demo: every error that the dialer can cause, on demand, over real sockets in every dialect.

import { readFile } from 'node:fs/promises';
import { describe, expect, it, type TestContext } from 'vitest';
import { demonstrations, errorsDemo } from '../../src/sandbox/errors-demo.ts';
import { demoCampaigns } from '../../src/sandbox/sandbox.ts';
import { dialectNames } from '../../src/upstream/contract.ts';
import { counts, kinds, lead, type Stack, startStack } from '../harness.ts';

const names = Object.keys(demonstrations);
const resultOf = (name: string) => demonstrations[name]?.result ?? 'ScheduledRecord';

/** A record for each name, its number its own. */
const records = (given: readonly string[], first = 0) =>
  given.map((name, n) => lead(first + n, { name, reference: name }));

/** With them a request is a list, which has as much time as it needs; a small one is given up after some seconds. */
const others = Array.from({ length: 100 }, (_, n) => `Asha Rao ${n}`);

const takenNames = ({ sandbox }: Stack) => sandbox.ledger.map(({ fields }) => fields.Name).sort();

describe.concurrent.each(dialectNames)('Errors_Demo in the dialect %s', (dialect) => {
  // Settled within the look-ups: an unknown row stays unknown all the same.
  const start = ({ onTestFinished }: TestContext) =>
    startStack({
      onFinished: onTestFinished,
      running: true,
      env: { DIALER_AUTH: dialect, DIALER_RECONCILE: 'on', DIALER_SETTLE_MS: '300' },
    });

  it('gives every record the result that its name asks for, and leaves the others alone', async (context) => {
    const stack = await start(context);
    const given = [...names.flatMap((name, n) => [name, `Neighbour ${n}`]), ...others];
    const payload = await stack.scheduled({ campaignName: errorsDemo, records: records(given) });

    expect(kinds(payload)).toEqual(given.map(resultOf));
    expect(payload.status).toBe('INDETERMINATE');
    // Each of those once; of an unknown one nobody can tell, and here it was taken.
    expect(takenNames(stack)).toEqual(
      [...given.filter((name) => resultOf(name) === 'ScheduledRecord'), 'UNKNOWN'].sort(),
    );
  });

  it('gives them in any order and number, beside a dialer that goes on working', async (context) => {
    const stack = await start(context);
    const given = [...names, ...names].sort((one, other) => (one > other ? -1 : 1));
    const [demonstrated, ordinary] = await Promise.all([
      stack.scheduled({ campaignName: errorsDemo, records: records([...given, ...others]) }),
      stack.scheduled({ records: records(names, 200) }),
    ]);
    expect(kinds(demonstrated)).toEqual([...given, ...others].map(resultOf));
    // In any other campaign they are names.
    expect(counts(ordinary)).toEqual({ ScheduledRecord: names.length });
  });
});

describe.concurrent('Errors_Demo', () => {
  it('shows the same to who asks again with the same key, and takes nothing twice', async ({
    onTestFinished,
  }) => {
    const stack = await startStack({
      onFinished: onTestFinished,
      running: true,
      env: { DIALER_RECONCILE: 'on', DIALER_SETTLE_MS: '300' },
    });
    const request = {
      campaignName: errorsDemo,
      idempotencyKey: 'once',
      records: records(['Asha Rao', ...names]),
    };
    const first = await stack.scheduled(request);
    expect(kinds(await stack.scheduled(request))).toEqual(kinds(first));
    expect(takenNames(stack)).toEqual(['Asha Rao', 'UNKNOWN']);
  });

  it('names a kind once, and takes what every other campaign takes', () => {
    const results = names.map(resultOf);
    expect(new Set(results).size).toBe(results.length);
    expect(demoCampaigns[errorsDemo]).toEqual(demoCampaigns.Sales_Demo);
  });

  it('stands in docs/errors.md and on the page of the sandbox as it is', async ({ onTestFinished }) => {
    const { sandbox } = await startStack({ onFinished: onTestFinished });
    const [errors, page] = await Promise.all([
      readFile('docs/errors.md', 'utf8'),
      fetch(`${sandbox.url}/`).then((response) => response.text()),
    ]);
    for (const [name, { does, result }] of Object.entries(demonstrations)) {
      expect(errors).toContain(`| \`${name}\` | ${does} | \`${result}\` |`);
      expect(page).toContain(`<code>${name}</code></th><td>${does.replaceAll('"', '&quot;')}</td>`);
      expect(page).toContain(`<td><code>${result}</code></td>`);
    }
  });

  it('refuses an unknown campaign, and a wrong row, before it demonstrates anything', async ({
    onTestFinished,
  }) => {
    const stack = await startStack({ campaigns: {}, onFinished: onTestFinished });
    const wrong = { customFields: [{ header: 'Nowhere', value: 'x' }] };
    const payload = await stack.scheduled({
      campaignName: errorsDemo,
      records: [lead(1, { name: 'UNKNOWN', ...wrong })],
    });
    expect(kinds(payload)).toEqual(['DialerRejectionError']);
  });
});
