// Which campaigns a caller sees and what of them, who the caller is, and the checks of records for a form.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOf } from '../../src/auth/callers.ts';
import { post, startWith } from '../credentials.ts';
import {
  type CampaignRecordInput,
  CampaignsDocument,
  LimitsDocument,
  ScheduleDocument,
  type ValidateCampaignDataInput,
  ValidateDocument,
  ViewerDocument,
} from '../gql/graphql.ts';
import { answered, lead, leads, type Stack, startStack } from '../harness.ts';
import { runs } from '../property-runs.ts';

const keyOf = (name: string, grants: object) => ({ name, hash: hashOf(`dg_${name}`), ...grants });
const auth = {
  keys: [
    keyOf('all', { scopes: ['schedule', 'read', 'cancel'] }),
    keyOf('some', {
      scopes: ['read', 'schedule'],
      campaigns: ['Skills_Demo', 'Hidden'],
      recordsPerMinute: 60,
    }),
    keyOf('writer', { scopes: ['schedule'] }),
    keyOf('reader', { scopes: ['read'] }),
  ],
};

const ask = async ({ url }: Stack, name: string, document: unknown, variables: object = {}) =>
  (await post(url, `Bearer dg_${name}`, { query: String(document), variables })).body;

describe('campaigns', () => {
  it('are those that are configured, with what is known of each', async () => {
    const { send } = await startStack({
      campaigns: {
        Agents_Demo: { headers: ['City'], routing: 'agent-wise', timeZone: 'Europe/Berlin' },
        Misspelt: {},
      },
    });
    expect((await send(CampaignsDocument, {})).campaigns).toEqual([
      {
        name: 'Agents_Demo',
        exists: true,
        id: '257',
        position: 'READY',
        headers: ['PhoneNumber', 'ScheduledTime', 'City'],
        routing: 'AGENT_WISE',
        timeZone: 'Europe/Berlin',
      },
      {
        name: 'Misspelt',
        exists: false,
        id: null,
        position: null,
        headers: null,
        routing: null,
        timeZone: 'Asia/Kolkata',
      },
    ]);
  });

  it('are none where none is configured; one that the dialer has is found all the same', async () => {
    const stack = await startStack({ campaigns: {} });
    const query = '{ campaigns { name } campaign(name: " Sales_Demo ") { name exists headers } }';
    const response = await fetch(`${stack.url}?${new URLSearchParams({ query })}`);
    expect((await response.json()).data).toEqual({
      campaigns: [],
      campaign: { name: 'Sales_Demo', exists: true, headers: null },
    });
  });

  it('are asked for once each, however many fields want them, and not at all for what is configured', async () => {
    const stack = await startStack();
    const all = '{ exists id position headers routing timeZone }';
    const query = `{
      a: campaigns ${all} b: campaigns ${all} c: campaign(name: "Sales_Demo") ${all} d: campaign(name: "Sales_Demo") ${all}
      viewer { campaigns }
    }`;
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(stack, 'nobody', query)));
    for (const { errors } of answers) expect(errors).toBeUndefined();
    expect(stack.sandbox.requests.map(({ kind, campaignName }) => [kind, campaignName]).sort()).toEqual(
      Object.keys(stack.sandbox.campaigns)
        .map((name) => ['campaignStatus', name])
        .sort(),
    );
    stack.sandbox.reset();
    stack.clock.now += 3_600_000;
    await ask(stack, 'nobody', '{ campaigns { name headers routing timeZone } }');
    expect(stack.sandbox.requests).toEqual([]);
  });

  it('that a caller may not use do not exist for it, and are not asked for', async () => {
    const stack = await startWith(auth);
    const query = `{ campaigns { name } own: campaign(name: "Skills_Demo") { name }
      others: campaign(name: "Sales_Demo") { name } none: campaign(name: "Hidden") { name }
      long: campaign(name: "${'x'.repeat(300)}") { name } empty: campaign(name: " ") { name } }`;
    expect((await ask(stack, 'some', query)).data).toEqual({
      campaigns: [{ name: 'Skills_Demo' }],
      own: { name: 'Skills_Demo' },
      others: null,
      none: null,
      long: null,
      empty: null,
    });
    const askedFor = stack.sandbox.requests.flatMap(({ kind, campaignName }) =>
      kind === 'campaignStatus' ? [campaignName] : [],
    );
    expect(askedFor.sort()).toEqual(['Hidden', 'Skills_Demo']);
    expect((await ask(stack, 'all', query)).data).toMatchObject({ others: { name: 'Sales_Demo' } });
  });

  it('need the scope "read"', async () => {
    const stack = await startWith(auth);
    const { errors, data } = await ask(
      stack,
      'writer',
      '{ campaigns { name } campaign(name: "x") { name } viewer { name } }',
    );
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    expect(data).toEqual({ campaigns: null, campaign: null, viewer: { name: 'writer' } });
    expect(stack.sandbox.requests).toEqual([]);
  });
});

describe('the viewer', () => {
  it('is whoever asks, with what it may do and may still schedule', async () => {
    const stack = await startWith(auth);
    const viewer = async (name: string) => (await ask(stack, name, ViewerDocument)).data?.viewer;
    expect(await viewer('all')).toEqual({
      name: 'all',
      account: 'default',
      scopes: ['SCHEDULE', 'READ', 'CANCEL'],
      campaigns: null,
      rate: null,
    });
    const some = { name: 'some', scopes: ['SCHEDULE', 'READ'], campaigns: ['Hidden', 'Skills_Demo'] };
    const full = { recordsPerMinute: 60, recordsLeft: 60, fullInSeconds: 0 };
    expect(await viewer('some')).toMatchObject({ ...some, rate: full });

    const input = { campaignName: 'Skills_Demo', records: leads(40) };
    const validated = await ask(stack, 'some', ValidateDocument, { input });
    expect(validated.data?.validateCampaignData).toMatchObject({ status: 'VALIDATED' });
    expect(await viewer('some')).toMatchObject({ ...some, rate: full });
    await ask(stack, 'some', ScheduleDocument, { input });
    const { rate } = (await viewer('some')) as unknown as { rate: typeof full };
    // One comes back each second.
    expect(rate.recordsLeft).toBeGreaterThanOrEqual(20);
    expect(rate.recordsLeft).toBeLessThan(60);
    expect(rate.recordsLeft + rate.fullInSeconds).toBe(60);
  });

  it('is everybody where nobody needs a credential', async () => {
    const { send } = await startStack();
    expect((await send(ViewerDocument, {})).viewer).toMatchObject({ name: 'everybody', campaigns: null });
  });
});

/** Something for each field, good or not. */
const record: fc.Arbitrary<CampaignRecordInput> = fc.record(
  {
    reference: fc.string({ maxLength: 5 }),
    phoneNumber: fc.constantFrom('9810000001', '9810000002', '+442079460958', '12345', '040 2345678/9', ''),
    scheduledTime: fc.constantFrom(
      '2026-11-26 10:00:00',
      '2026-11-26T10:00:00Z',
      'soon',
      '2001-01-01 10:00:00',
    ),
    name: fc.constantFrom('Asha', 'A & B', '\u0007'),
    priority: fc.integer({ min: 0, max: 100 }),
    expiryDate: fc.constantFrom('2026-11-27', '2026-11-25', 'x'),
    agentId: fc.constantFrom('7', ''),
    customFields: fc.array(
      fc.record({
        header: fc.constantFrom('City', 'Shoe', 'City ', 'action'),
        value: fc.string({ maxLength: 5 }),
      }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
);
const input: fc.Arbitrary<ValidateCampaignDataInput> = fc.record(
  {
    campaignName: fc.constantFrom('Sales_Demo', 'Agents_Demo', 'Unconfigured', '', ' x '),
    records: fc.array(record, { maxLength: 4 }),
    timeZone: fc.constantFrom('Europe/Berlin', 'BST', null),
    duplicates: fc.constantFrom('ALLOW', 'SKIP', null),
  },
  { requiredKeys: ['campaignName', 'records'] },
);

describe('validateCampaignData', () => {
  const validate = async ({ send }: Stack, given: ValidateCampaignDataInput) =>
    answered((await send(ValidateDocument, { input: given })).validateCampaignData);

  it('gives what validateOnly gives, and asks nobody', async () => {
    const stack = await startStack();
    await fc.assert(
      fc.asyncProperty(input, async (given) => {
        const one = await validate(stack, given);
        const other = answered(
          (await stack.send(ScheduleDocument, { input: { ...given, validateOnly: true } }))
            .scheduleCampaignData,
        );
        expect(other).toMatchObject(one);
      }),
      { numRuns: runs(60) },
    );
    expect(stack.sandbox.requests).toEqual([]);
  });

  it('knows of no campaign that the dialer has not, since it asks nobody, and counts as no mutation', async () => {
    const stack = await startStack({ env: { DIALER_CAMPAIGN_CHECK: 'on' } });
    const given = { campaignName: 'No_Such', records: [lead(0)] };
    expect(await validate(stack, given)).toMatchObject({ status: 'VALIDATED', campaignName: 'No_Such' });
    expect(stack.sandbox.requests).toEqual([]);
    await expect.poll(() => stack.log.length).toBe(1);
    expect(JSON.parse(stack.log[0] ?? '')).toMatchObject({ operation: 'Validate', status: 200 });
    expect(JSON.parse(stack.log[0] ?? '')).not.toHaveProperty('campaign');
  });

  it('may be sent by GET', async () => {
    const { url } = await startStack();
    const variables = JSON.stringify({
      input: { campaignName: 'Sales_Demo', records: [lead(0), { name: 'x' }] },
    });
    const search = new URLSearchParams({ query: ValidateDocument.toString(), variables });
    const response = await fetch(`${url}?${search}`, { headers: { accept: 'application/json' } });
    expect(response.status).toBe(200);
    expect((await response.json()).data.validateCampaignData).toMatchObject({
      status: 'VALIDATED',
      results: [
        { __typename: 'ValidRecord' },
        {
          __typename: 'MissingPhoneNumberError',
          problems: [{ field: 'phoneNumber' }, { field: 'scheduledTime' }],
        },
      ],
    });
  });

  it('takes as many records as a mutation, all fields of the request together', async () => {
    const stack = await startStack({ env: { MAX_RECORDS_PER_MUTATION: '250' } });
    expect(await validate(stack, { campaignName: 'Sales_Demo', records: leads(250) })).toMatchObject({
      summary: { valid: 250 },
    });
    expect(await validate(stack, { campaignName: 'Sales_Demo', records: leads(251) })).toMatchObject({
      __typename: 'InvalidInputError',
    });
    const query = `query ($input: ValidateCampaignDataInput!) {
      a: validateCampaignData(input: $input) { __typename } b: validateCampaignData(input: $input) { __typename }
    }`;
    const variables = { input: { campaignName: 'Sales_Demo', records: leads(150) } };
    expect((await ask(stack, 'nobody', query, variables)).data).toEqual({
      a: { __typename: 'ScheduleCampaignDataPayload' },
      b: { __typename: 'InvalidInputError' },
    });
  });

  it('takes the rights of scheduling, and no rate', async () => {
    const stack = await startWith(auth);
    const check = (name: string, campaignName: string) =>
      ask(stack, name, ValidateDocument, { input: { campaignName, records: leads(59) } });
    for (let n = 0; n < 5; n++)
      expect((await check('some', 'Skills_Demo')).data).toMatchObject({
        validateCampaignData: { status: 'VALIDATED' },
      });
    expect((await check('writer', 'Sales_Demo')).errors).toBeUndefined();
    for (const [name, campaignName, message] of [
      ['some', 'Sales_Demo', 'Your credential does not allow this campaign.'],
      ['reader', 'Sales_Demo', 'Your credential does not have the scope "schedule".'],
    ] as const)
      for (let n = 0; n < 3; n++)
        expect((await check(name, campaignName)).errors).toMatchObject([
          { message, extensions: { code: 'FORBIDDEN' } },
        ]);
    const { errors, data } = await ask(
      stack,
      'some',
      `${LimitsDocument.toString().replace('{', '{ validateCampaignData(input: { campaignName: " Sales_Demo", records: [] }) { __typename }')}`,
    );
    expect(errors).toHaveLength(1);
    expect(data).toMatchObject({ validateCampaignData: null, limits: { region: 'IN' } });
  });
});
