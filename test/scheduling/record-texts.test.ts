// Headers and values of a record as the dialer's replay would read them.

import { describe, expect, it } from 'vitest';
import type { LedgerRow } from '../../src/sandbox/sandbox.ts';
import { kinds, lead, startStack } from '../harness.ts';

describe('a custom header', () => {
  const send = async (header: string, headers?: string[]) => {
    const { scheduled, sandbox } = await startStack({
      sandbox: { campaigns: { Open: {} } },
      campaigns: headers === undefined ? {} : { Open: { headers } },
    });
    const records = [lead(0, { customFields: [{ header, value: '1' }] })];
    const { results } = await scheduled({ campaignName: 'Open', records });
    return { result: results[0], sent: sandbox.requests.map(({ map }) => map) };
  };

  it.each([
    ...[
      'api_key',
      'API_KEY',
      ' api_key ',
      'api.key',
      'api key',
      'Api-Key',
      'apikey',
      'campaign_name',
      'campaignName',
    ],
    ...['action', 'Action', 'PhoneNumber', 'phonenumber', 'Phone Number', 'phone_number', 'ScheduledTime'],
    ...[
      'scheduled.time',
      'bulkData',
      'userName',
      'ｐｈｏｎｅＮｕｍｂｅｒ',
      'checkDuplicate',
      'Name',
      'agentid',
    ],
    ...[
      'PhoneNumber[]',
      'PhoneNumber[0]',
      'a[b]',
      'PhoneNumber=911;x',
      'PhoneNumber%5B%5D',
      'x&action',
      'x=1',
      'x#',
      'a;b',
    ],
    ...['[api_key', '<b>', '', '\u200B', 'x\u0000', 'x'.repeat(129), '.x'],
  ])('%j is refused, with a mapping and without, and nothing is sent', async (header) => {
    for (const headers of [undefined, [header]]) {
      const { result, sent } = await send(header, headers);
      expect(result).toMatchObject({ __typename: 'InvalidFieldError', field: 'customFields[0].header' });
      expect(sent).toEqual([]);
    }
  });

  it.each([
    ...[
      'City',
      'शहर',
      'शहर का नाम',
      'Stadt/Ort',
      'D.O.B.',
      'A/C No.',
      'Loan (₹)',
      'EMI-due',
      'Übergröße',
      '2nd phone',
    ],
    ...['constructor', '__proto__', 'toString', 'Expiry Date', 'action_taken', 'PhoneNumber2'],
  ])('%j is sent', async (header) => {
    const { result, sent } = await send(header);
    expect(result).toMatchObject({ __typename: 'ScheduledRecord' });
    expect(sent).toEqual([['PhoneNumber', 'ScheduledTime', header]]);
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    '%s with too long a value has a result of its own, and its neighbours theirs',
    async (header) => {
      const { scheduled } = await startStack({ sandbox: { campaigns: { Open: {} } }, campaigns: {} });
      const records = [lead(0, { customFields: [{ header, value: 'x'.repeat(9000) }] }), lead(1)];
      const { results } = await scheduled({ campaignName: 'Open', records });
      expect(results).toMatchObject([
        {
          __typename: 'InvalidFieldError',
          field: 'customFields[0].value',
          problems: [{ reason: 'ROW_TOO_LONG' }],
        },
        { __typename: 'ScheduledRecord' },
      ]);
    },
  );

  it('that PHP takes for another of the record is a second one', async () => {
    const { scheduled } = await startStack({ sandbox: { campaigns: { Open: {} } }, campaigns: {} });
    const customFields = ['Home.City', 'Home City'].map((header) => ({ header, value: '1' }));
    const { results } = await scheduled({ campaignName: 'Open', records: [lead(0, { customFields })] });
    expect(results).toMatchObject([
      { problems: [{ field: 'customFields[1].header', reason: 'DUPLICATE_HEADER' }] },
    ]);
  });
});

describe('characters that a replay would misread', () => {
  const texts = ['Bob & Sally', 'asha+crm@example.com', '100% #1', '%41sha', 'A&action=STOP'];
  const records = texts.map((name, n) => lead(n, { name, customFields: [{ header: 'City', value: name }] }));
  const saidOf = ({ fields, replayed }: LedgerRow) => ({ ...fields, ...replayed });

  it('are refused by default, with what to do', async () => {
    const { scheduled, sandbox } = await startStack();
    const { results } = await scheduled({ records });
    for (const result of results)
      expect(result).toMatchObject({
        __typename: 'InvalidFieldError',
        field: 'name',
        message: expect.stringMatching(/write ".*" in its place, or .* DIALER_UNSAFE_CHARACTERS=encode/),
      });
    expect(sandbox.requests).toEqual([]);
  });

  it('are encoded where that is set: the replay says what the caller wrote, and so does the result', async () => {
    const { scheduled, sandbox } = await startStack({
      env: { DIALER_UNSAFE_CHARACTERS: 'encode' },
      sandbox: { replay: 'raw' },
    });
    const { results } = await scheduled({ records });
    expect(results.map((result) => 'name' in result && result.name)).toEqual(texts);
    expect(sandbox.ledger.map(({ fields }) => fields.Name)).toEqual([
      ...['Bob %26 Sally', 'asha%2Bcrm@example.com', '100%25 %231', '%2541sha', 'A%26action=STOP'],
    ]);
    expect(sandbox.ledger.map((row) => saidOf(row).Name)).toEqual(texts);
    expect(sandbox.ledger.map((row) => saidOf(row).City)).toEqual(texts);
  });

  it('stay as they were sent where the dialer encodes them itself', async () => {
    const { scheduled, sandbox } = await startStack({
      env: { DIALER_UNSAFE_CHARACTERS: 'encode' },
      sandbox: { replay: 'encoded' },
    });
    await scheduled({ records });
    expect(saidOf(sandbox.ledger[0] as LedgerRow).Name).toBe('Bob %26 Sally');
  });

  it("of a name are the vendor's alone where that is set, and the sandbox can hold to it", async () => {
    const names = ['Asha Rao', "O'Neill", 'आशा', 'Asha (VIP) - $5.00: ok_1'];
    const records = names.map((name, n) => lead(n, { name }));
    const strict = { sandbox: { nameCharacters: 'vendor' as const } };
    const any = await startStack(strict);
    expect(kinds(await any.scheduled({ records }))).toEqual([
      ...['ScheduledRecord', 'DialerRejectionError', 'DialerRejectionError', 'ScheduledRecord'],
    ]);
    const { scheduled } = await startStack({ ...strict, env: { DIALER_NAME_CHARACTERS: 'vendor' } });
    const { results } = await scheduled({ records });
    expect(results).toMatchObject([
      { __typename: 'ScheduledRecord' },
      { __typename: 'InvalidFieldError', message: expect.stringContaining("has the character '") },
      { __typename: 'InvalidFieldError', message: expect.stringContaining('आ (U+0906)') },
      { __typename: 'ScheduledRecord' },
    ]);
  });
});
