// An import from its start to its end: what is checked, what is sent, what is told.

import { truncate, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import {
  CancelImportDocument,
  ConfirmImportDocument,
  ImportsDocument,
  PauseImportDocument,
  ResumeImportDocument,
} from '../gql/graphql.ts';
import { ledgerNumbers } from '../harness.ts';
import {
  csvOf,
  everybody,
  importFile,
  look,
  numberOf,
  payloadOf,
  resultsOf,
  start,
  started,
  startImportStack,
  startOver,
  until,
  upload,
} from './importing.ts';

describe('an import', () => {
  it('schedules every good row once, and tells of each what became of it', async () => {
    const stack = await startImportStack();
    const file = csvOf(
      250,
      (n) => `${n === 7 ? '12' : numberOf(n)},${n === 9 ? 'soon' : '2026-11-26 10:00:00'},Lead ${n}`,
    );
    const id = await importFile(stack, file);
    const end = await until(stack, id, 'FINISHED');
    expect(end.counts).toEqual({
      total: 250,
      valid: 0,
      scheduled: 248,
      failed: 2,
      skipped: 0,
      unknown: 0,
      notSent: 0,
    });
    expect(end.errorCounts).toEqual([
      { code: 'INVALID_DATE_FORMAT', count: 1 },
      { code: 'INVALID_PHONE_NUMBER', count: 1 },
    ]);
    expect(end.firstErrors).toMatchObject([
      { line: 9, column: 'PhoneNumber', code: 'INVALID_PHONE_NUMBER', field: 'phoneNumber' },
      { line: 11, column: 'ScheduledTime', code: 'INVALID_DATE_FORMAT', field: 'scheduledTime' },
    ]);
    expect(new Set(ledgerNumbers(stack.sandbox)).size).toBe(248);
    expect(stack.sandbox.ledger).toHaveLength(248);

    const rows = await resultsOf(stack, id);
    expect(rows.map(({ line }) => line)).toEqual(Array.from({ length: 250 }, (_, n) => n + 2));
    expect(rows[0]).toMatchObject({
      cells: [numberOf(0), '2026-11-26 10:00:00', 'Lead 0'],
      outcome: 'scheduled',
      code: null,
      scheduledTime: Date.parse('2026-11-26T04:30:00Z'),
    });
    expect(await resultsOf(stack, id, 'failed')).toMatchObject([{ line: 9 }, { line: 11, retryable: false }]);
    expect(stack.log.join()).not.toContain(numberOf(1));
  });

  it('waits for a person where one is to look, and sends nothing before', async () => {
    const stack = await startImportStack();
    const id = await importFile(stack, csvOf(3), { start: 'AFTER_REVIEW' });
    const ready = await until(stack, id, 'READY');
    expect(ready).toMatchObject({ counts: { total: 3, valid: 3 }, decisions: [], startedAt: null });
    expect(ready.preview?.columns.map(({ guessedField }) => guessedField)).toEqual([
      'PHONE_NUMBER',
      'SCHEDULED_TIME',
      'NAME',
    ]);
    expect(stack.sandbox.requests).toEqual([]);
    const confirmed = await stack.send(ConfirmImportDocument, { input: { id } });
    expect(payloadOf(confirmed.confirmImport).state).toBe('RUNNING');
    // Sent again, it is done already.
    expect((await stack.send(ConfirmImportDocument, { input: { id } })).confirmImport?.__typename).toBe(
      'ImportPayload',
    );
    await until(stack, id, 'FINISHED');
    expect(stack.sandbox.ledger).toHaveLength(3);
  });

  it('asks which column has the numbers, and is checked again with the answer', async () => {
    const stack = await startImportStack();
    const file = csvOf(2).replace('PhoneNumber', 'Handset').replace('ScheduledTime', 'Call at');
    const id = await importFile(stack, file, { mapping: [{ column: 'call AT', field: 'SCHEDULED_TIME' }] });
    const ready = await until(stack, id, 'READY');
    expect(ready).toMatchObject({ decisions: ['PHONE_NUMBER_COLUMN'], counts: { total: null } });

    const none = await stack.send(ConfirmImportDocument, { input: { id } });
    expect(none.confirmImport).toMatchObject({ __typename: 'InvalidInputError' });
    const wrong = { id, mapping: [{ column: 'Nowhere', field: 'PHONE_NUMBER' as const }] };
    expect((await stack.send(ConfirmImportDocument, { input: wrong })).confirmImport).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ path: ['input', 'mapping'] }],
    });
    const right = {
      id,
      mapping: [
        { column: '#1', field: 'PHONE_NUMBER' as const },
        { column: 'Call at', field: 'SCHEDULED_TIME' as const },
      ],
    };
    expect(payloadOf((await stack.send(ConfirmImportDocument, { input: right })).confirmImport).state).toBe(
      'CHECKING',
    );
    const end = await until(stack, id, 'FINISHED');
    expect(end.counts).toMatchObject({ total: 2, scheduled: 2 });
    expect(end.mapping).toContainEqual({ column: 0, field: 'PHONE_NUMBER', header: null });
  });

  it('sends nothing of a file with one error, where everything is to be rejected', async () => {
    const stack = await startImportStack();
    const file = csvOf(120, (n) => `${n === 119 ? '12' : numberOf(n)},2026-11-26 10:00:00,x`);
    const id = await importFile(stack, file, { errorPolicy: 'REJECT_EVERYTHING' });
    const failed = await until(stack, id, 'FAILED');
    expect(failed).toMatchObject({
      failure: { kind: 'ERRORS_FOUND' },
      counts: { total: 120, failed: 1, notSent: 119 },
    });
    expect(await resultsOf(stack, id, 'failed')).toMatchObject([{ line: 121 }]);

    const reviewed = await importFile(stack, file, {
      errorPolicy: 'REJECT_EVERYTHING',
      start: 'AFTER_REVIEW',
    });
    expect((await until(stack, reviewed, 'READY')).decisions).toEqual(['ERRORS']);
    expect(stack.sandbox.requests).toEqual([]);
    const changed = { id: reviewed, errorPolicy: 'REJECT_FAILED_RECORDS' as const };
    await stack.send(ConfirmImportDocument, { input: changed });
    await until(stack, reviewed, 'READY');
    await stack.send(ConfirmImportDocument, { input: { id: reviewed } });
    expect((await until(stack, reviewed, 'FINISHED')).counts).toMatchObject({ scheduled: 119, failed: 1 });
  });

  it('skips a number that stands in the file twice, however far apart', async () => {
    const stack = await startImportStack();
    const file = csvOf(
      5200,
      (n) => `${n === 5100 ? `+91 ${numberOf(3)}` : numberOf(n)},2026-11-26 10:00:00,x`,
    );
    const id = await importFile(stack, file, { duplicates: 'SKIP' });
    const end = await until(stack, id, 'FINISHED');
    expect(end.counts).toMatchObject({ total: 5200, scheduled: 5199, skipped: 1 });
    const [twice] = (await resultsOf(stack, id)).filter(({ outcome }) => outcome === 'skipped');
    expect(twice).toMatchObject({ line: 5102, code: 'DUPLICATE_RECORD' });
    expect(twice?.message).toContain('line 5 ');
    expect(new Set(ledgerNumbers(stack.sandbox)).size).toBe(5199);
  });

  it('answers a file that is none, and a file that was moved away', async () => {
    const stack = await startImportStack();
    const empty = await importFile(stack, '');
    expect((await until(stack, empty, 'FAILED')).failure?.kind).toBe('EMPTY');
    const id = await importFile(stack, csvOf(3), { start: 'AFTER_REVIEW' });
    await until(stack, id, 'READY');
    const folder = stack.imports;
    const place = await folder.upload((await started(stack, csvOf(1))).id, everybody);
    await writeFile(`${place?.path?.replace(/[0-9a-f-]{36}.received$/, id)}/rows`, 'something else');
    await stack.send(ConfirmImportDocument, { input: { id } });
    expect(await until(stack, id, 'FAILED')).toMatchObject({
      failure: { kind: 'FILE_LOST' },
      counts: { total: 3, notSent: 3 },
    });
    expect(stack.sandbox.requests).toEqual([]);
  });

  it('sends nothing of a file that another upload has emptied while it is checked', async () => {
    let path = '';
    const file = csvOf(3);
    const stack = await startOver(({ clearSlices }) => ({
      async clearSlices(work) {
        await truncate(path, file.indexOf('\n', 50) + 1);
        return clearSlices(work);
      },
    }));
    const { id } = await started(stack, file);
    path = (await stack.imports.upload(id, everybody))?.path ?? '';
    await upload(stack, id, file);
    expect((await until(stack, id, 'FAILED')).failure?.kind).toBe('FILE_LOST');
    expect(stack.sandbox.requests).toEqual([]);
  });

  it('is one import however often it is started with the same key', async () => {
    const stack = await startImportStack();
    const file = csvOf(2);
    const first = await started(stack, file, { idempotencyKey: 'k' });
    expect((await started(stack, file, { idempotencyKey: 'k' })).id).toBe(first.id);
    expect((await start(stack, file, { idempotencyKey: 'k', duplicates: 'SKIP' })).__typename).toBe(
      'IdempotencyConflictError',
    );
    await upload(stack, first.id, file);
    await until(stack, first.id, 'FINISHED');
    expect(await started(stack, file, { idempotencyKey: 'k' })).toMatchObject({
      id: first.id,
      state: 'FINISHED',
    });
  });

  it('takes a file of the announced size alone', async () => {
    const stack = await startImportStack();
    const { id } = await started(stack, csvOf(3));
    await expect(upload(stack, id, csvOf(2))).rejects.toThrow('bytes');
    expect((await look(stack, id)).state).toBe('AWAITING_FILE');
    expect(await start(stack, '', { fileSize: 300 * 1024 * 1024 })).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ path: ['input', 'fileSize'] }],
    });
  });

  it('lists imports, the newest first', async () => {
    const stack = await startImportStack();
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) ids.unshift((await started(stack, csvOf(n + 1))).id);
    const { imports: first } = await stack.send(ImportsDocument, { first: 2 });
    expect(first?.nodes.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect(first?.pageInfo.hasNextPage).toBe(true);
    const { imports: next } = await stack.send(ImportsDocument, {
      first: 2,
      after: first?.pageInfo.endCursor ?? '',
    });
    expect(next).toMatchObject({
      nodes: [{ id: ids[2] }],
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
    });
  });
});

describe('an import that is interrupted', () => {
  const slow = async () => {
    const stack = await startImportStack({ env: { DIALER_CONCURRENCY: '1' } });
    stack.sandbox.script({ fault: 'latency', latencyMs: 15, times: Infinity });
    const id = await importFile(stack, csvOf(2000));
    await expect.poll(() => stack.sandbox.ledger.length).toBeGreaterThan(0);
    return { stack, id };
  };

  it('stops within a chunk when it is paused, and goes on when it is resumed', async () => {
    const { stack, id } = await slow();
    expect(payloadOf((await stack.send(PauseImportDocument, { id })).pauseImport).state).toBe('PAUSED');
    expect((await stack.send(PauseImportDocument, { id })).pauseImport?.__typename).toBe('ImportPayload');
    // What was on its way is counted.
    await expect
      .poll(async () => (await look(stack, id)).counts.scheduled - stack.sandbox.ledger.length)
      .toBe(0);
    const paused = stack.sandbox.ledger.length;
    expect(paused).toBeGreaterThan(0);
    expect(paused).toBeLessThan(2000);
    expect((await look(stack, id)).counts).toMatchObject({ scheduled: paused, total: 2000 });
    await stack.send(ResumeImportDocument, { id });
    const end = await until(stack, id, 'FINISHED');
    expect(end.counts).toMatchObject({ scheduled: 2000, notSent: 0, unknown: 0 });
    expect(stack.sandbox.ledger).toHaveLength(2000);
    expect(new Set(ledgerNumbers(stack.sandbox)).size).toBe(2000);
  });

  it('sends nothing more when it is cancelled, and tells what was sent', async () => {
    const { stack, id } = await slow();
    expect(payloadOf((await stack.send(CancelImportDocument, { id })).cancelImport).state).toBe('CANCELING');
    const end = await until(stack, id, 'CANCELED');
    const { length } = stack.sandbox.ledger;
    expect(end.counts).toMatchObject({ total: 2000, scheduled: length, notSent: 2000 - length, valid: 0 });
    expect(length).toBeLessThan(2000);
    const sent = await resultsOf(stack, id, 'scheduled');
    expect(sent.map(({ cells }) => cells[0]).sort()).toEqual(
      ledgerNumbers(stack.sandbox)
        .map((number) => number.slice(-10))
        .sort(),
    );
    expect((await stack.send(ResumeImportDocument, { id })).resumeImport).toMatchObject({
      __typename: 'ImportStateConflictError',
      state: 'CANCELED',
    });
  });

  it('goes on when the dialer takes requests again', async () => {
    const stack = await startImportStack({ env: { DIALER_CONCURRENCY: '2' } });
    stack.sandbox.script(
      { fault: 'latency', latencyMs: 1, times: 4 },
      { fault: 'process-running', times: 25 },
    );
    const id = await importFile(stack, csvOf(1500));
    const end = await until(stack, id, 'FINISHED');
    expect(end.counts).toMatchObject({ scheduled: 1500, failed: 0, unknown: 0, notSent: 0 });
    expect(new Set(ledgerNumbers(stack.sandbox)).size).toBe(1500);
    expect(stack.sandbox.ledger).toHaveLength(1500);
  });
});
