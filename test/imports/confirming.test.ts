// What confirmImport answers in which state: what it answers with an import is, or will be, as was asked.

import { EventEmitter, once } from 'node:events';
import { expect, it } from 'vitest';
import { ConfirmImportDocument, type ConfirmImportInput } from '../gql/graphql.ts';
import type { Stack } from '../harness.ts';
import { csvOf, importFile, look, numberOf, payloadOf, startOver, until } from './importing.ts';

/** Each check waits until it is let go. */
async function startChecking() {
  const gate = new EventEmitter();
  let isOpen = false;
  const stack = await startOver(({ clearSlices }) => ({
    async clearSlices(work) {
      if (!isOpen) await once(gate, 'open');
      return clearSlices(work);
    },
  }));
  const open = () => {
    isOpen = true;
    gate.emit('open');
  };
  const close = () => {
    isOpen = false;
  };
  return { stack, open, close };
}

async function confirm({ send }: Stack, input: ConfirmImportInput) {
  return (await send(ConfirmImportDocument, { input })).confirmImport;
}

const conflict = { __typename: 'ImportStateConflictError', state: 'CHECKING' };
const undecided = `PhoneNumber,Mobile,When\n${numberOf(1)},${numberOf(2)},2026-11-26 10:00:00\n`;

it.each(['AFTER_REVIEW', 'AUTOMATIC'] as const)(
  'refuses what is checked for the first time: %s',
  async (start) => {
    const { stack, open } = await startChecking();
    const id = await importFile(stack, csvOf(3), { start, timeZone: 'Asia/Kolkata' });
    expect(await confirm(stack, { id })).toMatchObject(conflict);
    expect(await confirm(stack, { id, timeZone: 'Asia/Kolkata' })).toMatchObject(conflict);
    open();
    if (start === 'AUTOMATIC') await until(stack, id, 'FINISHED');
    else await until(stack, id, 'READY');
    expect(stack.sandbox.ledger).toHaveLength(start === 'AUTOMATIC' ? 3 : 0);
  },
);

it('answers with the import where the confirmation that decides is sent again', async () => {
  const { stack, open, close } = await startChecking();
  open();
  const id = await importFile(stack, undecided);
  await until(stack, id, 'READY');
  close();
  const input = { id, mapping: [{ column: 'When', field: 'SCHEDULED_TIME' as const }] };
  for (const again of [input, input, { id }])
    expect(payloadOf(await confirm(stack, again)).state).toBe('CHECKING');
  open();
  await until(stack, id, 'FINISHED');
  for (const again of [input, { id }]) expect(payloadOf(await confirm(stack, again)).state).toBe('FINISHED');
  expect(stack.sandbox.ledger).toHaveLength(1);
});

it('sends nothing that is to be reviewed however often a change is sent again', async () => {
  const { stack, open, close } = await startChecking();
  open();
  const id = await importFile(stack, csvOf(3), { start: 'AFTER_REVIEW' });
  await until(stack, id, 'READY');
  close();
  const input = { id, duplicates: 'SKIP' as const };
  for (const _ of [1, 2]) expect(payloadOf(await confirm(stack, input)).state).toBe('CHECKING');
  expect(await confirm(stack, { id })).toMatchObject(conflict);
  open();
  await until(stack, id, 'READY');
  expect(payloadOf(await confirm(stack, input)).state).toBe('READY');
  expect((await look(stack, id)).state).toBe('READY');
  expect(stack.sandbox.requests).toEqual([]);
  expect(payloadOf(await confirm(stack, { id })).state).toBe('RUNNING');
  await until(stack, id, 'FINISHED');
});
