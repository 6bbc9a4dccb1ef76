// Persisted operations as codegen writes them and clients send them: beside other operations, and as the only ones.

import { describe, expect, it } from 'vitest';
import {
  LimitsDocument,
  ScheduleDocument,
  type ScheduleMutation,
  type TypedDocumentString,
} from '../gql/graphql.ts';
import { lead, readAnswer, type Stack, startStack } from '../harness.ts';

const file = { PERSISTED_OPERATIONS_FILE: 'test/gql/persisted-documents.json' };
const only = { ...file, PERSISTED_OPERATIONS_ONLY: 'on' };

const variables = { input: { campaignName: 'Sales_Demo', records: [lead(0)] } };

interface Answer {
  status: number;
  data?: unknown;
  errors?: { message: string; extensions: { code: string } }[];
}

/** The same answer when it is new, when it is compiled after the second time, and when it is known. */
async function fourTimes({ url }: Stack, body: object): Promise<Answer> {
  const answers = [];
  for (let n = 0; n < 4; n++) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify(body),
    });
    answers.push({ status: response.status, ...(await readAnswer<object>(response)) });
  }
  const [first, ...others] = answers as [Answer, ...Answer[]];
  for (const other of others) expect(other).toEqual(first);
  return first;
}

function hashOf(document: TypedDocumentString<unknown, never>): string {
  return (document.__meta__ as { hash: string }).hash;
}

/** A front end's own: the typed document's id goes out, its text does not. */
async function sendPersisted<Data, Variables>(
  { url }: Stack,
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ documentId: document.__meta__?.hash, variables }),
  });
  return ((await response.json()) as { data: Data }).data;
}

const bareHash = hashOf(ScheduleDocument).replace('sha256:', '');
const forms = [
  ['the draft', { documentId: `sha256:${bareHash}`, variables }],
  ['one without the scheme', { documentId: bareHash, variables }],
  [
    'Apollo Client',
    {
      operationName: 'Schedule',
      variables,
      extensions: {
        clientLibrary: { name: '@apollo/client', version: '4.0.0' },
        persistedQuery: { version: 1, sha256Hash: bareHash },
      },
    },
  ],
  ['urql', { variables, extensions: { persistedQuery: { version: 1, sha256Hash: bareHash } } }],
] as const;

describe.each([
  ['beside others', file],
  ['alone', only],
])('a persisted operation, %s', (_, env) => {
  it.each(forms)('is carried out as %s sends it', async (_, body) => {
    const stack = await startStack({ env });
    expect(await fourTimes(stack, body)).toMatchObject({
      status: 200,
      data: { scheduleCampaignData: { status: 'SCHEDULED' } },
    });
    expect(stack.sandbox.ledger).toHaveLength(4);
  });

  it('is typed', async () => {
    const stack = await startStack({ env });
    const { scheduleCampaignData }: ScheduleMutation = await sendPersisted(
      stack,
      ScheduleDocument,
      variables,
    );
    expect(scheduleCampaignData?.__typename).toBe('ScheduleCampaignDataPayload');
    expect((await sendPersisted(stack, LimitsDocument, {})).limits?.region).toBe('IN');
  });

  it('may be a GET where it is a query', async () => {
    const { url } = await startStack({ env });
    const hash = hashOf(LimitsDocument);
    const extensions = JSON.stringify({ persistedQuery: { version: 1, sha256Hash: hash } });
    for (const parameters of [{ documentId: hash }, { extensions }]) {
      const response = await fetch(`${url}?${new URLSearchParams(parameters)}`);
      expect(await response.json()).toMatchObject({ data: { limits: { region: 'IN' } } });
    }
    const mutation = await fetch(`${url}?${new URLSearchParams({ documentId: bareHash })}`);
    expect([mutation.status, mutation.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it.each([
    { documentId: 'sha256:none' },
    { documentId: '__proto__' },
    { extensions: { persistedQuery: { version: 1, sha256Hash: 'none' } } },
  ])('that is unknown is told in the words for which clients look: %j', async (body) => {
    const answer = await fourTimes(await startStack({ env }), body);
    expect(answer).toMatchObject({
      status: 400,
      errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    });
  });
});

describe('an id where there are no persisted operations', () => {
  it.each(forms)('is told not to be sent any more, with 200, as %s sends it', async (_, body) => {
    const stack = await startStack();
    expect(await fourTimes(stack, body)).toMatchObject({
      status: 200,
      errors: [
        { message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } },
      ],
    });
    expect(stack.sandbox.requests).toEqual([]);
  });
});

describe('an operation that is not persisted', () => {
  const documentId = hashOf(LimitsDocument);
  const query = '{ limits { region } }';

  it('is carried out beside them, with an id or without', async () => {
    const stack = await startStack({ env: file });
    for (const body of [{ query }, { query, documentId }, { query: `${ScheduleDocument}`, variables }])
      expect(await fourTimes(stack, body)).toMatchObject({ status: 200, data: {} });
  });

  it.each([
    ['another', { query }],
    ['one with an id', { query, documentId }],
    ['a persisted one sent in full', { query: `${ScheduleDocument}`, variables }],
    ['introspection', { query: '{ __schema { types { name } } }' }],
    ['nothing', {}],
  ])('is refused where only those are taken: %s', async (_, body) => {
    const stack = await startStack({ env: only });
    // Known to the process, by whatever way.
    await fourTimes(stack, { documentId: bareHash, variables });
    stack.sandbox.reset();
    expect(await fourTimes(stack, body)).toMatchObject({
      status: 400,
      errors: [
        {
          message: expect.stringContaining('persisted operations only'),
          extensions: { code: 'PERSISTED_OPERATION_REQUIRED' },
        },
      ],
    });
    expect(stack.sandbox.requests).toEqual([]);
  });

  it('has no GraphiQL where only those are taken', async () => {
    const { url } = await startStack({ env: only });
    expect((await fetch(url, { headers: { accept: 'text/html' } })).status).toBe(406);
  });
});
