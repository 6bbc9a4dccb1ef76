// Who may start, see and change imports, and how many there may be.

import { describe, expect, it } from 'vitest';
import { hashOf } from '../../src/auth/callers.ts';
import {
  CancelImportDocument,
  ImportDocument,
  ImportsDocument,
  StartImportDocument,
} from '../gql/graphql.ts';
import { answered, type Stack } from '../harness.ts';
import {
  csvOf,
  importFile,
  look,
  payloadOf,
  start,
  started,
  startImportStack,
  until,
  upload,
} from './importing.ts';

const keys = { whole: 'k-whole-0123456789', sales: 'k-sales-0123456789', reader: 'k-reader-012345678' };
const AUTH = JSON.stringify({
  keys: [
    { name: 'whole', hash: hashOf(keys.whole), scopes: ['schedule', 'read'] },
    { name: 'sales', hash: hashOf(keys.sales), scopes: ['schedule', 'read'], campaigns: ['Sales_Demo'] },
    { name: 'reader', hash: hashOf(keys.reader), scopes: ['read'] },
  ],
});

/** As the holder of a key sends. */
function as({ url }: Stack, key: string): Pick<Stack, 'send'> {
  return {
    async send(document, variables) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({ query: document.toString(), variables }),
      });
      const { data, errors } = (await response.json()) as { data: never; errors?: { extensions: object }[] };
      if (errors !== undefined) throw new Error(JSON.stringify(errors));
      return data;
    },
  };
}

describe('an import', () => {
  it('is seen and changed by those alone who may use its campaign', async () => {
    const stack = await startImportStack({ env: { AUTH } });
    const whole = as(stack, keys.whole);
    const sales = as(stack, keys.sales);
    const agents = await started(whole, csvOf(1), { campaignName: 'Agents_Demo' });
    const { id } = await started(sales, csvOf(1));

    expect((await sales.send(ImportDocument, { id: agents.id })).import).toBeNull();
    expect((await sales.send(CancelImportDocument, { id: agents.id })).cancelImport).toMatchObject({
      __typename: 'ImportNotFoundError',
    });
    const { imports } = await sales.send(ImportsDocument, { first: 10 });
    expect(imports?.nodes.map((node) => node.id)).toEqual([id]);
    expect((await whole.send(ImportDocument, { id })).import?.id).toBe(id);
    await expect(start(sales, csvOf(1), { campaignName: 'Agents_Demo' })).rejects.toThrow('FORBIDDEN');
    expect((await whole.send(CancelImportDocument, { id: 'nothing' })).cancelImport?.__typename).toBe(
      'ImportNotFoundError',
    );
  });

  it('is started and changed by nobody who may only read', async () => {
    const stack = await startImportStack({ env: { AUTH } });
    const reader = as(stack, keys.reader);
    await expect(start(reader, csvOf(1))).rejects.toThrow('FORBIDDEN');
    const { id } = await started(as(stack, keys.whole), csvOf(1));
    await expect(reader.send(CancelImportDocument, { id })).rejects.toThrow('FORBIDDEN');
    expect((await reader.send(ImportDocument, { id })).import?.state).toBe('AWAITING_FILE');
  });

  it('belongs to its account', async () => {
    const one = await startImportStack();
    const other = await startImportStack();
    const { id } = await started(one, csvOf(1));
    expect((await other.send(ImportDocument, { id })).import).toBeNull();
    expect((await other.send(CancelImportDocument, { id })).cancelImport?.__typename).toBe(
      'ImportNotFoundError',
    );
  });

  it('takes its records from the rate of whoever started it', async () => {
    const limited = JSON.stringify({
      keys: [{ name: 'few', hash: hashOf(keys.whole), scopes: ['schedule', 'read'], recordsPerMinute: 40 }],
    });
    const stack = await startImportStack({ env: { AUTH: limited } });
    const few = as(stack, keys.whole);
    // What has room is told later than what has none.
    stack.sandbox.script({ fault: 'latency', latencyMs: 200, times: Infinity });
    const file = csvOf(45);
    const { id } = await started(few, file);
    const place = await stack.imports.upload(id, { account: 'default', credential: 'few', campaigns: null });
    expect(place).not.toBeNull();
    await upload(stack, id, file);
    await expect.poll(async () => (await look(few, id)).waitingFor).toBe('RATE_LIMITED');
    await few.send(CancelImportDocument, { id });
    const { counts } = await until(few, id, 'CANCELED');
    // Of two slices, 40 rows and 5, the rate has room for one alone: whichever went first.
    expect([5, 40]).toContain(counts.scheduled);
    expect(counts.notSent).toBe(45 - counts.scheduled);
    expect(stack.sandbox.ledger).toHaveLength(counts.scheduled);
  });
});

describe('imports of one account', () => {
  it('are as many as may be, and no more', async () => {
    const stack = await startImportStack({ env: { IMPORTS_RUNNING: '1', IMPORTS_WAITING: '1' } });
    // The store's own limits are the shared one's: two at work, and ten that wait.
    for (let n = 0; n < 12; n++) await started(stack, csvOf(1));
    const input = { campaignName: 'Sales_Demo', fileName: 'x.csv', fileSize: 3 };
    const refused = answered((await stack.send(StartImportDocument, { input })).startImport);
    expect(refused).toMatchObject({ __typename: 'TooManyImportsError' });
  });

  it('wait for their turn', async () => {
    const stack = await startImportStack({ env: { DIALER_CONCURRENCY: '1' } });
    stack.sandbox.script({ fault: 'latency', latencyMs: 20, times: Infinity });
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) ids.push(await importFile(stack, csvOf(1000 + n)));
    expect((await look(stack, ids[2] ?? '')).waitingFor).toBe('TURN');
    payloadOf((await stack.send(CancelImportDocument, { id: ids[0] ?? '' })).cancelImport);
    for (const id of ids.slice(1))
      expect((await until(stack, id, 'FINISHED')).counts.total).toBeGreaterThan(999);
  });
});
