// What the upstream may answer about a campaign, byte for byte and over a real socket, and what a caller is told of it: a campaign that
// the dialer has, one that it does not have, and everything of which nothing can be told.

import { describe, expect, it } from 'vitest';
import { CampaignDocument, CampaignsDocument } from '../gql/graphql.ts';
import { answered, counts, leads, type Stack, startStack } from '../harness.ts';

const entry = { CampaignID: '256', CampaignName: 'Sales_Demo', UserName: 'sandbox', Position: 'READY' };
const success = (message: unknown) => ({ status: 'success', message });
const nothing = { status: 'failure', message: 'no record found' };

const there = { exists: true, id: '256', position: 'READY' };
const untold = { exists: null, id: null, position: null };

interface Case {
  what: string;
  reply: unknown;
  status?: number;
  /** Of the account's list, by which a key is proven. @default the sandbox's own: the key is good */
  list?: unknown;
  expected: object | null;
}

const cases: Case[] = [
  { what: 'as documented', reply: success([entry]), expected: there },
  { what: 'one object, no list', reply: success(entry), expected: there },
  { what: 'a status in capitals', reply: { status: 'SUCCESS', message: [entry] }, expected: there },
  { what: 'no status', reply: { message: [entry] }, expected: there },
  { what: 'an id that is a number', reply: success([{ ...entry, CampaignID: 256 }]), expected: there },
  { what: 'an entry without a name', reply: success([{ ...entry, CampaignName: null }]), expected: there },
  {
    what: 'several, its own among them',
    reply: success([{ ...entry, CampaignName: 'Other', Position: 'RUNNING' }, entry]),
    expected: there,
  },
  {
    what: 'a word for its position that nobody knows',
    reply: success([{ ...entry, Position: 'Napping' }]),
    expected: { ...there, position: 'Napping' },
  },
  {
    what: 'no position',
    reply: success([{ CampaignName: 'Sales_Demo' }]),
    expected: { exists: true, id: null, position: null },
  },
  {
    what: 'the key in place of a word',
    reply: success([{ ...entry, Position: 'sandbox-key' }]),
    expected: { ...there, position: '***' },
  },
  {
    what: 'a warning before it',
    reply: `Warning: x in y on line 3\n${JSON.stringify(success([entry]))}`,
    expected: there,
  },
  { what: 'nothing found, for a good key', reply: nothing, expected: null },
  {
    what: 'nothing found, in other letters',
    reply: { status: 'FAIL', message: 'No Record Found' },
    expected: null,
  },
  {
    what: 'the sentence for rows, for a good key',
    reply: { status: 'error', message: 'api_key or campaign_name is invalid or not found' },
    expected: null,
  },
  {
    what: 'nothing found, for a key that lists nothing',
    reply: nothing,
    list: success('null'),
    expected: untold,
  },
  {
    what: 'nothing found, for a key that cannot be proven',
    reply: nothing,
    list: '<html>502</html>',
    expected: untold,
  },
  {
    what: 'nothing found, after a warning',
    reply: `Warning: x\n${JSON.stringify(nothing)}`,
    expected: untold,
  },
  { what: 'nothing found, and a success', reply: success('no record found'), expected: untold },
  { what: '"null"', reply: success('null'), expected: untold },
  { what: 'null', reply: success(null), expected: untold },
  { what: 'an empty list', reply: success([]), expected: untold },
  { what: 'other campaigns alone', reply: success([{ ...entry, CampaignName: 'Other' }]), expected: untold },
  { what: 'a failure with an entry', reply: { status: 'error', message: [entry] }, expected: untold },
  {
    what: 'a refused key',
    reply: { status: 'false', message: 'Invalid User Details', data: null },
    expected: untold,
  },
  {
    what: 'a missing parameter',
    reply: { status: 'failure', message: 'All parameters are mandatory' },
    expected: untold,
  },
  { what: 'throttling', reply: { status: 'error', message: 'Max limit exceeded' }, expected: untold },
  { what: 'a page', reply: '<html>no record found</html>', expected: untold },
  { what: 'nothing at all', reply: '', expected: untold },
  { what: 'a list of lists', reply: [[[]]], expected: untold },
  ...[301, 401, 403, 404, 429, 500, 503].map((status) => ({
    what: `HTTP ${status}`,
    status,
    reply: { status: 'error', message: 'x' },
    expected: untold,
  })),
  { what: 'an entry with HTTP 500', status: 500, reply: success([entry]), expected: untold },
];

const bodyOf = (reply: unknown) => (typeof reply === 'string' ? reply : JSON.stringify(reply));

const ask = async ({ send }: Stack, name = 'Sales_Demo') => (await send(CampaignDocument, { name })).campaign;

describe.each(['basic', 'token'])('an answer about a campaign, with DIALER_AUTH=%s', (dialect) => {
  it.each(cases)('$what', async ({ reply, status, list, expected }) => {
    const stack = await startStack({ env: { DIALER_AUTH: dialect } });
    stack.sandbox.script({
      fault: 'custom-before',
      on: 'campaignStatus',
      times: Infinity,
      body: bodyOf(reply),
      ...(status !== undefined && { status }),
    });
    if (list !== undefined)
      stack.sandbox.script({
        fault: 'custom-before',
        on: 'scheduledData',
        times: Infinity,
        body: bodyOf(list),
      });
    const campaign = await ask(stack);
    if (expected === null) expect(campaign).toBeNull();
    else expect(campaign).toMatchObject(expected);
  });
});

describe('a status API that fails', () => {
  it('is waited for some seconds, for all campaigns together, and the rest of them is told', async () => {
    const stack = await startStack({ env: { DIALER_TIMEOUT_MS: '600000' } });
    stack.sandbox.script({ fault: 'hang-before', on: 'campaignStatus', times: Infinity });
    const campaigns = answered((await stack.send(CampaignsDocument, {})).campaigns);
    expect(campaigns).toEqual(
      Object.keys(stack.sandbox.campaigns)
        .sort()
        .map((name) => expect.objectContaining({ name, timeZone: 'Asia/Kolkata', ...untold })),
    );
  });

  it.each([
    'reset-before',
    'close-before',
    'garbage-before',
    'truncated-json-before',
    'hang-before',
  ] as const)('tells nothing of a campaign, and is no error: %s', async (fault) => {
    const stack = await startStack({ env: { DIALER_TIMEOUT_MS: '300' } });
    stack.sandbox.script({ fault, on: 'campaignStatus', times: Infinity });
    expect(await ask(stack)).toMatchObject({ name: 'Sales_Demo', ...untold });
    expect(stack.log.join()).not.toContain('"level":"error"');
  });
});

describe('the account and the campaign', () => {
  it('are told apart where "no record found" could mean either', async () => {
    const stack = await startStack({ apiKey: 'a-wrong-key', sandbox: { wrongKey: 'no-record' } });
    expect(counts(await stack.scheduled({ records: leads(3) }))).toEqual({ InvalidApiKeyError: 3 });
    expect(stack.log.join()).not.toContain('a-wrong-key');
  });

  it('are not, where the key cannot be proven', async () => {
    const stack = await startStack();
    stack.sandbox.script({ fault: 'custom-before', on: 'campaignStatus', body: JSON.stringify(nothing) });
    stack.sandbox.script({ fault: 'html-200-before', on: 'scheduledData' });
    const payload = await stack.scheduled({ campaignName: 'No_Such', records: leads(3) });
    expect(counts(payload)).toEqual({ InvalidApiKeyOrCampaignError: 3 });
  });

  it('need no list where the key was proven lately, and one where rows were refused since', async () => {
    const { scheduled, sandbox } = await startStack();
    const lists = () => sandbox.requests.filter(({ kind }) => kind === 'scheduledData').length;
    await scheduled({ records: leads(1) });
    // The refusal of these rows ends the proof.
    const payload = await scheduled({ campaignName: 'No_Such', records: leads(1) });
    expect([counts(payload), lists()]).toEqual([{ CampaignNotFoundError: 1 }, 1]);
    sandbox.script({ fault: 'account-refused' });
    expect(counts(await scheduled({ records: leads(1) }))).toEqual({ InvalidApiKeyOrCampaignError: 1 });
    await scheduled({ records: leads(1) });
    expect(lists()).toBe(1);
  });

  it('with a token that was voided elsewhere are asked for again with a new one', async () => {
    const { send, sandbox, clock } = await startStack({ env: { DIALER_AUTH: 'token' } });
    const name = 'Sales_Demo';
    expect((await send(CampaignDocument, { name })).campaign).toMatchObject(there);
    clock.now += 120_000;
    const { apiKey, userName } = sandbox.account;
    const body = JSON.stringify({ userName });
    await fetch(`${sandbox.url}/ca_apis/CAToken/generateToken`, {
      method: 'POST',
      headers: { apiKey },
      body,
    });
    expect((await send(CampaignDocument, { name })).campaign).toMatchObject(there);
    expect(sandbox.tokensGenerated).toBe(3);
  });

  it('are not asked for by v1', async () => {
    const stack = await startStack({ env: { DIALER_AUTH: 'v1', DIALER_CAMPAIGN_CHECK: 'on' } });
    expect(await ask(stack, 'No_Such')).toMatchObject({ name: 'No_Such', ...untold });
    const payload = await stack.scheduled({ campaignName: 'No_Such', records: leads(2) });
    expect(counts(payload)).toEqual({ InvalidApiKeyOrCampaignError: 2 });
    expect(stack.sandbox.requests.map(({ kind }) => kind)).toEqual(['schedule']);
  });
});
