// How much one request may ask for, and one caller: whatever is too much is refused in words, before any of it is carried out,
// and whatever a caller writes at length costs no more than its length.

import fc from 'fast-check';
import { buildSchema, getOperationAST, parse } from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { describe, expect, it } from 'vitest';
import { hashOf } from '../../src/auth/callers.ts';
import { redact } from '../../src/foundation/redaction.ts';
import { createVariablesCheck } from '../../src/http/variables.ts';
import { lead, leads, post, type Stack, startStack } from '../harness.ts';
import { runs } from '../property-runs.ts';

function errorsLogged({ log }: Stack): string[] {
  return log.filter((line) => line.includes('"level":"error"'));
}

describe('the records of one document', () => {
  const fields = `__typename
    ... on ScheduleCampaignDataPayload { summary { total valid } results { __typename } }
    ... on InvalidInputError { message issues { path message } }
    ... on RateLimitedError { message }`;
  const times = (count: number, write: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => write(n)).join(' ');
  const aliased = (count: number) =>
    `mutation ($input: ScheduleCampaignDataInput!) { ${times(count, (n) => `a${n}: scheduleCampaignData(input: $input) { ${fields} }`)} }`;

  it.each([true, false])('are counted together, with validateOnly %s', async (validateOnly) => {
    const stack = await startStack({ env: { MAX_RECORDS_PER_MUTATION: '250' } });
    const variables = { input: { campaignName: 'Sales_Demo', records: leads(100), validateOnly } };
    for (let n = 0; n < 4; n++) {
      stack.sandbox.reset();
      const { status, data = {} } = await post(stack, { query: aliased(20), variables });
      expect(status).toBe(200);
      const kinds = Object.values(data).map(({ __typename }) => __typename);
      expect(kinds).toEqual([
        ...Array(2).fill('ScheduleCampaignDataPayload'),
        ...Array(18).fill('InvalidInputError'),
      ]);
      expect(data.a2?.issues).toEqual([
        {
          path: ['input', 'records'],
          message:
            'must hold at most 250 records, together with the 200 of the fields before, and holds 100: split them into several mutations',
        },
      ]);
      expect(stack.sandbox.ledger).toHaveLength(validateOnly ? 0 : 200);
    }
  });

  it('are counted wherever they are written', async () => {
    const stack = await startStack({ env: { MAX_RECORDS_PER_MUTATION: '3' } });
    const record = '{ phoneNumber: "9810000000", scheduledTime: "2026-11-26 10:00:00" }';
    const inline = `{ campaignName: "Sales_Demo", records: [${record} ${record}], validateOnly: true }`;
    const { data = {} } = await post(stack, {
      query: `mutation ($records: [CampaignRecordInput!]!) {
        one: scheduleCampaignData(input: ${inline}) { ${fields} }
        ... on Mutation { two: scheduleCampaignData(input: { campaignName: "Sales_Demo", records: $records, validateOnly: true }) { ${fields} } }
        ...Three
      }
      fragment Three on Mutation { three: scheduleCampaignData(input: ${inline}) { ${fields} } }`,
      variables: { records: leads(1) },
    });
    expect(Object.values(data).map(({ __typename }) => __typename)).toEqual([
      'ScheduleCampaignDataPayload',
      'ScheduleCampaignDataPayload',
      'InvalidInputError',
    ]);
  });

  it('are held against a rate where they are only validated, which is another than that of scheduling', async () => {
    const key = { name: 'slow', hash: hashOf('dg_slow'), scopes: ['schedule'], recordsPerMinute: 10 };
    const stack = await startStack({ env: { AUTH: JSON.stringify({ keys: [key] }) } });
    const send = async (count: number, validateOnly: boolean) => {
      const variables = { input: { campaignName: 'Sales_Demo', records: leads(count), validateOnly } };
      const answer = await post(stack, { query: aliased(1), variables }, { authorization: 'Bearer dg_slow' });
      return answer.data?.a0;
    };
    expect((await send(100, true))?.message).toContain(
      'at most 10 records, which is what your credential may schedule or validate a minute',
    );
    expect((await send(10, true))?.__typename).toBe('ScheduleCampaignDataPayload');
    expect((await send(10, true))?.__typename).toBe('RateLimitedError');
    expect((await send(10, false))?.__typename).toBe('ScheduleCampaignDataPayload');
    expect((await send(1, false))?.__typename).toBe('RateLimitedError');
  });
});

describe('a document whose answer would be out of proportion', () => {
  const aliases = (count: number, field: string) =>
    Array.from({ length: count }, (_, n) => `a${n}: ${field}`).join(' ');
  const results = (selection: string) =>
    `mutation ($input: ScheduleCampaignDataInput!) { scheduleCampaignData(input: $input) { ... on ScheduleCampaignDataPayload { ${selection} } } }`;

  it.each([
    [
      'aliases of a record’s field',
      results(`results { ... on RecordError { ${aliases(33, 'message')} } }`),
      'TOO_COMPLEX',
    ],
    ['aliases of the list', results(aliases(33, 'results { __typename }')), 'TOO_COMPLEX'],
    [
      'aliases in fragments',
      `${results('results { ...A ...B }')} fragment A on RecordError { ${aliases(20, 'message')} } fragment B on RecordResult { ... on RecordError { ${aliases(20, 'code').replaceAll('a', 'b')} } }`,
      'TOO_COMPLEX',
    ],
    ['a long alias', results(`results { ${'a'.repeat(65)}: __typename }`), 'TOO_LONG'],
    [
      'the schema many times over',
      `{ __schema { ${aliases(90, 'types { kind name description fields { name description } }')} } }`,
      'TOO_COMPLEX',
    ],
    ['1 MB in a text', `{ __type(name: "${'x'.repeat(1_000_000)}") { name } }`, 'TOO_LONG'],
    ['1 MB in a comment', `{ __typename } #${'x'.repeat(1_000_000)}`, 'TOO_LONG'],
    ['1 MB in a block', `{ __type(name: """${'\n '.repeat(500_000)}""") { name } }`, 'TOO_LONG'],
    ['100,000 comments', `{ __typename\n${'#\n'.repeat(100_000)} }`, 'TOO_LONG'],
    ['50,001 tokens', `{ ${'a '.repeat(49_999)} }`, 'TOO_LONG'],
  ])('is a 400 of one error: %s', async (_, query, code) => {
    const stack = await startStack();
    const variables = { input: { campaignName: 'Sales_Demo', records: leads(1) } };
    for (let n = 0; n < 2; n++) {
      const { status, errors, text } = await post(stack, { query, variables });
      expect([status, errors?.map(({ extensions }) => extensions.code)]).toEqual([400, [`DOCUMENT_${code}`]]);
      expect(text.length).toBeLessThan(300);
    }
    expect(stack.sandbox.requests).toEqual([]);
    expect(errorsLogged(stack)).toEqual([]);
  });

  it('is none where it has 32 values of each record, and all types with all they have', async () => {
    const stack = await startStack();
    const variables = { input: { campaignName: 'Sales_Demo', records: leads(1), validateOnly: true } };
    const query = results(
      `results { ... on RecordError { ${aliases(32, 'message')} } ... on ValidRecord { ${aliases(32, 'index').replaceAll('a', 'b')} } }`,
    );
    expect((await post(stack, { query, variables })).status).toBe(200);
  });
});

describe('a megabyte and more', () => {
  const long = 'x'.repeat(1_000_000);
  const phones = '98765 43210 '.repeat(80_000);
  const query =
    'mutation ($input: ScheduleCampaignDataInput!) { scheduleCampaignData(input: $input) { __typename } }';
  const input = { campaignName: 'Sales_Demo', records: [lead(0)] };
  const wide = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`key-${n}`, n]));
  const bigName = { ...lead(0), name: 'x'.repeat(100_000) };

  it.each<[string, object]>([
    ['for a query', { query: long }],
    ['for an operation’s name', { query: '{ __typename }', operationName: long }],
    ['for a parameter', { query: '{ __typename }', [long]: 1 }],
    ['for an id', { documentId: long }],
    ['for variables', { query, variables: long }],
    ['for an extension', { query, extensions: long }],
    ['for a text where an object is expected', { query, variables: { input: long } }],
    ['for a member’s name', { query, variables: { input: { ...input, [long]: 1 } } }],
    ['for a list’s name', { query, variables: { input: { ...input, duplicates: long } } }],
    [
      'for a number',
      { query, variables: { input: { ...input, records: [{ ...lead(0), priority: phones }] } } },
    ],
    [
      'in a list for a text',
      { query, variables: { input: { ...input, campaignName: Array(10).fill('x'.repeat(100_000)) } } },
    ],
    ['of members', { query, variables: { input: { ...input, records: [{ ...lead(0), ...wide(50_000) }] } } }],
    // More than a function of JavaScript takes for arguments.
    ['of members beside what is missing', { query, variables: { input: wide(150_000) } }],
    [
      'before many records that are null',
      {
        query,
        variables: { input: { ...input, records: [...Array(8).fill(bigName), ...Array(9000).fill(null)] } },
      },
    ],
    [
      'of records of which each is wrong',
      {
        query,
        variables: {
          input: { ...input, records: Array(10_000).fill({ ...lead(0), name: 7, city: 'x'.repeat(900) }) },
        },
      },
    ],
  ])('%s are a 4xx with a code, a short answer, and no line of an error', async (_, body) => {
    const stack = await startStack();
    // Twice for whoever executes, once for what is known by then.
    for (let n = 0; n < 4; n++) await post(stack, { query, variables: { input: { ...input, records: [] } } });
    const { status, errors = [], text } = await post(stack, body);
    // Clients look for this word, with 200, to send no more ids.
    const isOfClients = errors[0]?.extensions.code === 'PERSISTED_QUERY_NOT_SUPPORTED';
    expect(status).toBe(isOfClients ? 200 : 400);
    expect(text.length).toBeLessThan(25_000);
    expect(errors.length).toBeGreaterThan(0);
    for (const { message, extensions } of errors) {
      expect(message).not.toBe('');
      expect(extensions.code).toMatch(/^[A-Z_]+$/);
    }
    expect(text).not.toMatch(/98765|9810000000/);
    expect(errorsLogged(stack)).toEqual([]);
    expect(stack.sandbox.requests).toEqual([]);
  });

  it.each([
    ['a list', `[${'"xxxxxxxxxxxxxxxx",'.repeat(50_000)}1]`],
    ['a text', JSON.stringify(long)],
    ['a text that does not end', `{"query":"${long}`],
    [
      'a deep list',
      `{"query":"{ __typename }","variables":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
    ],
  ])('are a 400 with a code as %s', async (_, body) => {
    const stack = await startStack();
    const { status, errors } = await post(stack, body);
    expect([status, errors?.length]).toEqual([400, 1]);
    expect(errors?.[0]?.extensions.code).toMatch(/^[A-Z_]+$/);
    expect(errorsLogged(stack)).toEqual([]);
  });
});

describe('variables', () => {
  const schema = buildSchema(`
    scalar TimeZone
    enum Policy { ALLOW SKIP }
    input Field { header: String! value: String! more: [Field!] }
    input Lead { id: ID! phone: String! name: String priority: Int share: Float = 0.5 isOld: Boolean! = true fields: [Field!] }
    input Input { leads: [Lead!]! zone: TimeZone policy: Policy = ALLOW grid: [[Int]] }
    type Query { a(input: Input!, leads: [Lead], count: Int! = 1): Int }`);
  const document = parse(
    'query ($input: Input!, $leads: [Lead], $count: Int! = 1) { a(input: $input, leads: $leads, count: $count) }',
  );
  const definitions = getOperationAST(document)?.variableDefinitions ?? [];

  const anything = fc.jsonValue({ maxDepth: 3 });
  const often = (good: fc.Arbitrary<unknown>) => fc.oneof({ weight: 12, arbitrary: good }, anything);
  const text = often(fc.string());
  const field = fc.record(
    { header: text, value: text, more: fc.constant([]) },
    { requiredKeys: ['header', 'value'] },
  );
  const anyLead = fc.record(
    {
      id: often(fc.oneof(fc.string(), fc.integer())),
      phone: text,
      name: often(fc.option(fc.string())),
      priority: often(fc.oneof(fc.integer(), fc.constantFrom(2 ** 31, -(2 ** 31), 1.5, 1e20))),
      share: often(fc.double({ noNaN: true, noDefaultInfinity: true })),
      isOld: often(fc.boolean()),
      fields: often(fc.oneof(fc.array(field, { maxLength: 2 }), field)),
      __proto__: fc.constant(undefined),
      other: anything,
    },
    { requiredKeys: ['id', 'phone'], noNullPrototype: true },
  );
  const leadsOf = fc.oneof(fc.array(anyLead, { maxLength: 3 }), anyLead);
  const input = fc.record(
    {
      leads: often(leadsOf),
      zone: often(fc.string()),
      policy: often(fc.constantFrom('ALLOW', 'SKIP', 'toString', '__proto__')),
      grid: often(fc.array(fc.array(fc.option(fc.integer())))),
    },
    { requiredKeys: ['leads'] },
  );
  const all = fc.record(
    { input: often(input), leads: often(leadsOf), count: often(fc.integer()) },
    { requiredKeys: [] },
  );

  it('are found wrong where graphql-js finds them wrong, and nowhere else', () => {
    const check = createVariablesCheck({ schema, document });
    let wrong = 0;
    fc.assert(
      fc.property(all, (given) => {
        const variableValues = JSON.parse(JSON.stringify(given));
        const { errors } = getVariableValues(schema, definitions, variableValues) as { errors?: unknown[] };
        const issues = check(variableValues);
        if (issues.length > 0) wrong++;
        expect(issues.length > 0).toBe(errors !== undefined);
      }),
      { numRuns: runs(200) },
    );
    expect(wrong).toBeGreaterThan(20);
  });

  it('are told by their places', async () => {
    const stack = await startStack();
    const records = [{ ...lead(0), phoneNumber: 9876543210 }, lead(1), { ...lead(2), '98765 43210': 1 }];
    const query =
      'mutation ($input: ScheduleCampaignDataInput!) { scheduleCampaignData(input: $input) { __typename } }';
    const { errors = [] } = await post(stack, {
      query,
      variables: { input: { records, duplicates: 'MAYBE' } },
    });
    expect(errors.map(({ extensions }) => extensions)).toEqual(
      [
        ['input'],
        ['input', 'records', 0, 'phoneNumber'],
        ['input', 'records', 2],
        ['input', 'duplicates'],
      ].map((path) => ({ code: 'BAD_USER_INPUT', path })),
    );
    expect(errors[1]?.message).toBe(
      'Variable "$input" got an invalid value at "input.records[0].phoneNumber": Expected type "String", found a number.',
    );
    expect(JSON.stringify(errors)).not.toMatch(/98765/);
  });
});

describe('variables that are wrong in many places', () => {
  it('are counted, and the first fifty told', async () => {
    const stack = await startStack();
    const query =
      'mutation ($input: ScheduleCampaignDataInput!) { scheduleCampaignData(input: $input) { __typename } }';
    const records = Array(10_000).fill({ ...lead(0), name: 7, city: 'Pune' });
    const { errors = [] } = await post(stack, {
      query,
      variables: { input: { campaignName: 'a', records } },
    });
    expect(errors).toHaveLength(51);
    expect(errors[49]?.extensions.path).toEqual(['input', 'records', 24]);
    expect(errors[50]).toMatchObject({
      message: '20000 places in the variables are wrong, of which the first 50 are told.',
      extensions: { code: 'BAD_USER_INPUT', total: 20_000 },
    });
  });
});

describe('what is searched for numbers', () => {
  const secret = 'dg_secret-of-the-account';

  it('is what it was where it is short, and shows no part of a secret or a number where it is cut', () => {
    const bits = fc.constantFrom(
      secret,
      '98765 43210',
      '+91-98765-43210',
      'word ',
      ' ',
      '2026-11-25 10:00:00',
      '7',
    );
    fc.assert(
      fc.property(
        fc.array(bits, { maxLength: 200 }),
        fc.integer({ min: 1, max: 300 }),
        (parts, maxLength) => {
          const shown = redact(parts.join(''), [secret], maxLength);
          expect(shown.length).toBeLessThanOrEqual(maxLength + 1);
          expect(shown).not.toMatch(/dg_|secret|98765/);
        },
      ),
    );
  });

  it('takes no longer where the text does', () => {
    const seconds = (text: string) => {
      const best = Array.from({ length: 3 }, () => {
        const before = process.cpuUsage();
        for (let n = 0; n < 5; n++) redact(text, [secret], 4000);
        const { user, system } = process.cpuUsage(before);
        return user + system;
      });
      return Math.min(...best);
    };
    for (const bit of [
      '9',
      '9 ',
      '98765 ',
      '+',
      '%2B9',
      '2026-11-',
      ' cannot represent ',
      'Variable "$',
      secret,
    ]) {
      const short = bit.repeat(Math.ceil(100_000 / bit.length));
      expect(seconds(short.repeat(10)), bit).toBeLessThan(5 * seconds(short) + 5000);
    }
  });
});
