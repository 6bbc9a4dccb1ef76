// Two who choose columns of one import at the same time: neither choice is lost.

import { EventEmitter, once } from 'node:events';
import { expect, it } from 'vitest';
import { ConfirmImportDocument, type ConfirmImportInput } from '../gql/graphql.ts';
import { ledgerNumbers } from '../harness.ts';
import { importFile, numberOf, startOver, until } from './importing.ts';

it('keeps what was chosen between its first look and its change', async () => {
  const gate = new EventEmitter();
  let isHeld = false;
  const stack = await startOver(({ get }) => ({
    async get(...args) {
      const found = await get(...args);
      if (isHeld) {
        isHeld = false;
        gate.emit('reached');
        await once(gate, 'open');
      }
      return found;
    },
  }));
  const confirm = async (input: ConfirmImportInput) =>
    (await stack.send(ConfirmImportDocument, { input })).confirmImport;
  const file = `Phone Number,Mobile,When\n${numberOf(1)},${numberOf(2)},2026-11-26 10:00:00\n`;
  const id = await importFile(stack, file, { start: 'AFTER_REVIEW' });
  await until(stack, id, 'READY');
  isHeld = true;
  const reached = once(gate, 'reached');
  const late = confirm({ id, mapping: [{ column: 'When', field: 'SCHEDULED_TIME' }] });
  await reached;
  await confirm({ id, mapping: [{ column: 'Mobile', field: 'PHONE_NUMBER' }] });
  await until(stack, id, 'READY');
  gate.emit('open');
  await late;
  await until(stack, id, 'READY');
  await confirm({ id });
  await until(stack, id, 'FINISHED');
  expect(ledgerNumbers(stack.sandbox)).toEqual([numberOf(2)]);
});
