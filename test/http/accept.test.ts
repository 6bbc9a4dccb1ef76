// What a client accepts is settled before anything is carried out: whatever stands in the header, an answer has a body, and what
// was carried out is told in a form that its reader asked for.

import { request } from 'node:http';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { answerTypeOf } from '../../src/http/accept.ts';
import { ScheduleDocument } from '../gql/graphql.ts';
import { lead, leads, type Stack, startStack } from '../harness.ts';

interface Answer {
  status: number | undefined;
  type: string;
  text: string;
}

/** With as many headers of the name as are given. */
function send(
  { url }: Stack,
  accept: string[] | undefined,
  query: string,
  variables: object,
): Promise<Answer> {
  const headers = { 'content-type': 'application/json', ...(accept && { accept }) };
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece) => {
        text += piece;
      });
      response.once('end', () =>
        resolve({ status: response.statusCode, type: response.headers['content-type'] ?? '', text }),
      );
    });
    asked.once('error', reject);
    asked.end(JSON.stringify({ query, variables }));
  });
}

const variables = { input: { campaignName: 'Sales_Demo', records: [lead(0)] } };
let documents = 0;
/** Executed, compiled, and known, in a process that has not seen it. */
const newDocument = () => `${ScheduleDocument} # ${documents++}`;

const refused = {
  errors: [{ message: expect.stringMatching(/^Answers are /), extensions: { code: 'NOT_ACCEPTABLE' } }],
};

describe('a client that accepts what no answer is', () => {
  it.each([
    ['text/plain'],
    ['image/png'],
    ['application/graphql+json'],
    ['text/*'],
    ['text/html'],
    ['application/json;q=0'],
    ['application/json;q=0, application/graphql-response+json;q=0'],
    ['*/*;q=0'],
    ['application/json; charset=utf-16'],
    ['nonsense'],
    [';q=1'],
    ['text/plain', 'image/png'],
  ])('is told so, and nothing is carried out: %s', async (...accept) => {
    const stack = await startStack();
    const query = newDocument();
    // Known and compiled for others.
    for (let n = 0; n < 3; n++) await send(stack, undefined, query, variables);
    for (const document of [query, query, query, newDocument()]) {
      const { status, type, text } = await send(stack, accept, document, variables);
      expect([status, type]).toEqual([406, 'application/json; charset=utf-8']);
      expect(JSON.parse(text)).toMatchObject(refused);
    }
    expect(stack.sandbox.ledger).toHaveLength(3);
    // A browser's page is no answer to an operation.
    if (accept[0] === 'text/html') return;
    const get = await fetch(`${stack.url}?query={__typename}`, { headers: { accept: accept.join(', ') } });
    expect([get.status, await get.json()]).toMatchObject([406, refused]);
  });
});

describe('a client that accepts JSON', () => {
  const json = 'application/json';
  const graphqlJson = 'application/graphql-response+json';

  it.each([
    [undefined, json],
    ['', json],
    [' , ', json],
    ['*', json],
    ['*/*', json],
    ['application/*', json],
    ['text/html, image/gif, *; q=.2, */*; q=.2', json],
    ['text/plain, */*', json],
    ['Application/JSON;Charset="UTF-8"', json],
    [`${graphqlJson}, ${json};q=0.9`, graphqlJson],
    [`${graphqlJson};q=0.5, ${json}`, json],
    [`${json};q=0, */*`, graphqlJson],
    [`text/event-stream, ${graphqlJson}`, graphqlJson],
    [`multipart/mixed, ${graphqlJson}, ${json}`, graphqlJson],
  ])('has it, each time alike: %s', async (accept, expected) => {
    const stack = await startStack();
    const query = newDocument();
    for (let n = 0; n < 3; n++) {
      const answer = await send(stack, accept === undefined ? undefined : [accept], query, variables);
      expect([answer.status, answer.type]).toEqual([200, `${expected}; charset=utf-8`]);
      expect(JSON.parse(answer.text)).toMatchObject({
        data: { scheduleCampaignData: { status: 'SCHEDULED' } },
      });
    }
  });

  it.each(['text/event-stream', 'multipart/mixed'])('or its form of %s, however long', async (accept) => {
    const stack = await startStack();
    const long = { input: { campaignName: 'Sales_Demo', records: leads(600) } };
    for (const given of [variables, long]) {
      const answer = await send(stack, [accept], newDocument(), given);
      expect([answer.status, answer.type.split(';', 1)]).toEqual([200, [accept]]);
      const line = answer.text.split(/\r?\n/).find((text) => text.includes('{"')) as string;
      const { data } = JSON.parse(line.slice(line.indexOf('{')));
      expect(data.scheduleCampaignData.results).toHaveLength(given.input.records.length);
    }
  });
});

describe('any Accept header', async () => {
  const stack = await startStack({ onFinished: afterAll });
  const query = newDocument();
  const range = fc
    .tuple(
      fc.oneof(
        fc.constantFrom('application', 'text', 'multipart', '*', 'image', ''),
        fc.string({ unit: fc.constantFrom('a', ';', ',', '=', '"', '/', '*', ' '), maxLength: 5 }),
      ),
      fc.constantFrom(
        'json',
        'graphql-response+json',
        'graphql+json',
        'event-stream',
        'mixed',
        'plain',
        '*',
        '',
      ),
      fc.constantFrom('/', '/', '/', '', '//'),
      fc.constantFrom(
        '',
        '',
        ';q=0',
        ';q=0.3',
        '; q=1',
        ';q=x',
        ';charset=utf-8',
        ';charset=latin1',
        ';a=";,"',
      ),
    )
    .map(([type, subtype, slash, parameters]) => `${type}${slash}${subtype}${parameters}`);
  const headers = fc.array(
    fc.array(range, { maxLength: 4 }).map((ranges) => ranges.join(', ')),
    {
      maxLength: 3,
    },
  );

  it('has an answer with a body, and nothing is carried out that is not told', async () => {
    await fc.assert(
      fc.asyncProperty(headers, fc.boolean(), async (accept, isKnown) => {
        const before = stack.sandbox.ledger.length;
        const answer = await send(stack, accept, isKnown ? query : newDocument(), variables);
        const carriedOut = stack.sandbox.ledger.length - before;
        expect(answer.text).not.toBe('');
        if (answer.status === 200) {
          expect(answer.text).toContain('"status":"SCHEDULED"');
          expect(answer.type).toContain(answerTypeOf(accept.join(', ')));
        } else expect([answer.status, JSON.parse(answer.text)]).toMatchObject([406, refused]);
        expect(carriedOut).toBe(answer.status === 200 ? 1 : 0);
      }),
      { numRuns: 150 },
    );
  });
});
