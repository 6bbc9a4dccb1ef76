// What the sandbox says of a campaign, and how a number is taken out of it after the hand-over.

import { beforeEach, describe, expect, it } from 'vitest';
import { paths, removalTexts, texts } from '../../src/upstream/contract.ts';
import { account, type Fields, hour, type Stack, start } from './sandbox-client.ts';

let stack: Stack;
beforeEach(async () => {
  stack = await start();
});

const one = '2025-02-13 13:00:00';
const two = '2025-02-13 14:00:00';

describe('removal from a campaign', () => {
  const removed = { status: 'Success', message: removalTexts.removed };
  const noData = { status: 'Error', message: texts.noData };

  it('takes every row of the number with it, and nothing else; then the number may come again', async () => {
    await stack.schedule([
      ['1', one],
      ['1', one],
      ['2', one],
      ['1', two],
    ]);
    await stack.schedule([['1', one]], 'Skills_Demo');
    expect(await stack.remove('1')).toEqual(noData);
    stack.sandbox.advance(hour);
    expect(await stack.remove('1', { name: 'whoever' })).toEqual(removed);
    expect(stack.sandbox.ledger.map((row) => row.removed ?? false)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(await stack.remove('1')).toEqual(noData);
    stack.sandbox.advance(hour);
    expect(stack.sandbox.ledger[3]).toMatchObject({ handedOver: { outcome: 'added' } });
    expect(await stack.remove(1)).toEqual(removed);
    expect(await stack.list()).toHaveLength(5);
  });

  it('finds a number with a plus, and none that was refused', async () => {
    await stack.schedule([
      ['%2B919810000000', one],
      ['9000000001', one],
    ]);
    stack.sandbox.advance(hour);
    expect(await stack.remove('9000000001')).toEqual(noData);
    expect(await stack.remove('%2B919810000000')).toEqual(removed);
  });

  it('makes a number new to checkDuplicate, as a refusal does', async () => {
    const again = (phoneNumber: string) =>
      stack.call('POST', paths.schedule, {
        ...account,
        campaignName: 'Sales_Demo',
        checkDuplicate: true,
        bulkData: { map: ['PhoneNumber', 'ScheduledTime'], data: [[phoneNumber, two]] },
      });
    await stack.schedule([
      ['1', one],
      ['9000000001', one],
    ]);
    stack.sandbox.advance(hour);
    expect(await again('1')).toMatchObject({ message: [{ msg: texts.numberExists }] });
    expect(await again('9000000001')).toMatchObject({ message: [{ msg: texts.updated }] });
    await stack.remove('1');
    expect(await again('1')).toMatchObject({ message: [{ msg: texts.updated }] });
  });

  const stranger = (message: string) => ({ status: 'false', message, data: null });
  it.each<[string, Fields, Record<string, string> | undefined, Fields]>([
    ['no key', {}, {}, stranger(removalTexts.missingKey)],
    ['a wrong key', {}, { apiKey: 'x' }, stranger(texts.invalidUser)],
    ['a wrong token', {}, { authorization: 'Bearer x' }, stranger(texts.invalidUser)],
    ['no user name', { userName: '' }, undefined, stranger(removalTexts.missingUserName)],
    ['a wrong user name', { userName: 'x' }, undefined, stranger(texts.invalidUser)],
    [
      'no campaign',
      { campaignName: '' },
      undefined,
      { status: 'Error', message: removalTexts.missingCampaign },
    ],
    [
      'another',
      { campaignName: 'Nope' },
      undefined,
      { status: 'Error', message: removalTexts.unknownCampaign },
    ],
    ['no number', { phoneNumber: '' }, undefined, { status: 'Error', message: removalTexts.missingNumber }],
  ])('refuses %s', async (_, fields, headers, reply) => {
    await stack.schedule([['1', one]]);
    stack.sandbox.advance(hour);
    expect(await stack.remove('1', fields, headers)).toEqual(reply);
    expect(stack.sandbox.ledger[0]?.removed).toBeUndefined();
  });

  it('takes a token', async () => {
    await stack.schedule([['1', one]]);
    stack.sandbox.advance(hour);
    const { token } = await stack.call('POST', paths.generateToken, account);
    expect(await stack.remove('1', {}, { authorization: `Bearer ${token}` })).toEqual(removed);
  });
});

describe('a campaign', () => {
  it('is ready, runs once it was given a row, and takes any word until the next', async () => {
    await stack.schedule([
      ['9000000001', one],
      ['1', two],
      ['2', '2025-02-13 15:00:00'],
    ]);
    const seen = [await stack.position()];
    for (let n = 0; n < 2; n += 1) {
      stack.sandbox.advance(hour);
      seen.push(await stack.position());
    }
    stack.sandbox.setPosition('Sales_Demo', 'COMPLETED');
    seen.push(await stack.position());
    const paused = { campaignName: 'Sales_Demo', position: 'ON TEA BREAK' };
    expect(await stack.call('POST', '/sandbox/position', paused)).toEqual(paused);
    seen.push(await stack.position());
    stack.sandbox.advance(hour);
    seen.push(await stack.position());
    expect(seen).toEqual(['READY', 'READY', 'RUNNING', 'COMPLETED', 'ON TEA BREAK', 'RUNNING']);
    expect(await stack.position('Skills_Demo')).toBe('READY');
  });

  it('is not told of to strangers, nor set where there is none', async () => {
    const fields = { ...account, campaignName: 'Sales_Demo' };
    const tell = (more: Fields, apiKey = 'sandbox-key') =>
      stack.call('GET', paths.campaignStatus, { ...fields, ...more }, { apiKey });
    expect(await tell({}, 'x')).toEqual({ status: 'false', message: texts.invalidUser, data: null });
    expect(await tell({ userName: 'x' })).toEqual({ status: 'failure', message: texts.noRecord });
    expect(() => stack.sandbox.setPosition('Nope', 'READY')).toThrow(RangeError);
  });
});
