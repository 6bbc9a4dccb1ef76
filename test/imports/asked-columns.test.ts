// Columns that would change which person is called, or when, and of which nobody can tell: they are asked for.

import { describe, expect, it } from 'vitest';
import { previewOf } from '../../src/imports/mapping.ts';
import type { StartImportInput } from '../gql/graphql.ts';
import { ledgerNumbers, type Stack } from '../harness.ts';
import { read } from './files.ts';
import { everybody, importFile, numberOf, resultsOf, startImportStack, until } from './importing.ts';
import { sheetOf, workbook } from './workbook-file.ts';

const time = '2026-11-26 10:00:00';
const rowsOf = (...rows: string[][]) => rows.map((cells, n) => ({ line: n + 1, cells }));

async function asked(stack: Stack, file: string, input: Partial<StartImportInput> = {}) {
  const { decisions, preview } = await until(stack, await importFile(stack, file, input), 'READY');
  expect(stack.sandbox.requests).toEqual([]);
  return { decisions, problems: preview?.problems ?? [] };
}

async function sent(stack: Stack, file: string, input: Partial<StartImportInput> = {}) {
  return (await until(stack, await importFile(stack, file, input), 'FINISHED')).counts.scheduled;
}

describe('a column beside the number or the time', () => {
  const phone = (name: string, value: string) =>
    `${name},Phone Number,Scheduled Time\n${value},7911123456,${time}\n`;
  const when = (name: string, value: string) =>
    `Phone Number,Scheduled Time,${name}\n${numberOf(1)},2026-11-26 07:00,${value}\n`;

  it.each([
    ...[
      'Country Code',
      'COUNTRY',
      'Ländervorwahl',
      'Indicatif pays',
      'Código de país',
      'DDI',
      'देश',
      'STD Code',
    ].map((name) => [name, phone(name, '+44'), 'each number with + and its country code', [0]] as const),
    ...['Ext.', 'Durchwahl'].map((name) => [name, phone(name, '12'), 'an extension', [0]] as const),
    ...['Time Zone', 'timezone', 'Zeitzone', 'Fuseau horaire', 'Huso horario', 'समय क्षेत्र', 'UTC-Offset'].map(
      (name) => [name, when(name, 'Europe/Berlin'), 'each time with its offset', [2]] as const,
    ),
    ...['Time', 'Uhrzeit', 'Hora'].map(
      (name) => [name, when(name, '10:00').replace('07:00', '00:00'), 'into one column', [2]] as const,
    ),
    ...['AM/PM', 'am_pm', 'Meridiem'].map((name) => [name, when(name, 'PM'), 'all 24 hours', [2]] as const),
  ])('is asked for: %s', async (name, file, advice, columns) => {
    const stack = await startImportStack();
    const { decisions, problems } = await asked(stack, file);
    expect(decisions).toEqual(['MAPPING']);
    expect(problems).toMatchObject([{ kind: 'UNREAD_COLUMN', columns }]);
    expect(problems[0]?.message).toContain(advice);
    expect(problems[0]?.message).toContain(`, ${name}, `);
  });

  it('is not asked for where it says nothing, or the values say it themselves', async () => {
    const stack = await startImportStack();
    const files = [
      phone('Country', '').replace('7911123456', numberOf(1)),
      phone('Country', 'India').replace('7911123456', `+91${numberOf(2)}`),
      ...['India', 'IN', 'ind', '+91', '91', '0091', 'Indien', 'भारत'].map((value) =>
        phone('Country', value).replace('7911123456', numberOf(2)),
      ),
      when('Time', '10:00').replace('07:00', '10:00'),
      phone('Prefix', 'Mr.').replace('7911123456', numberOf(2)),
      when('Time Zone', 'asia/kolkata').replace('07:00', '10:00'),
      when('Time Zone', 'Asia/Kolkata').replace('07:00', '10:00+05:30'),
      when('AM/PM', 'AM').replace('07:00', '10:00 AM'),
    ];
    for (const file of files) expect(await sent(stack, file)).toBe(1);
  });

  it('is left as information, or left out, by the mapping', async () => {
    const stack = await startImportStack();
    const file = phone('Country', 'Nepal').replace('7911123456', numberOf(1));
    expect(await sent(stack, file, { mapping: [{ column: 'Country', header: 'City' }] })).toBe(1);
    expect(await sent(stack, file, { mapping: [{ column: '#1' }] })).toBe(1);
    const id = await importFile(stack, file);
    await until(stack, id, 'READY');
    const changes = { mapping: [{ column: 'Country' }, { column: '#2', field: 'phoneNumber' as const }] };
    await stack.imports.confirm(id, changes, everybody);
    expect((await until(stack, id, 'FINISHED')).counts.scheduled).toBe(1);
  });
});

it('a value of it behind the first rows fails its row alone', async () => {
  const stack = await startImportStack();
  const rows = Array.from({ length: 60 }, (_, n) => `India,${numberOf(n)},${time}`);
  rows[55] = `United Kingdom,7911123456,${time}`;
  rows[56] = `United Kingdom,+447911123457,${time}`;
  const file = ['Country,Phone Number,Scheduled Time', ...rows].join('\n');
  const { counts, firstErrors } = await until(stack, await importFile(stack, file), 'FINISHED');
  expect(counts).toMatchObject({ scheduled: 59, failed: 1 });
  expect(firstErrors).toMatchObject([{ line: 57, field: 'phoneNumber' }]);
  expect(firstErrors[0]?.message).toContain('United Kingdom');
});

describe('a person who must not be called', () => {
  const file = (name: string, ...values: string[]) =>
    [`Phone,Call time,${name}`, ...values.map((value, n) => `${numberOf(n)},${time},${value}`)].join('\n');
  const uncalled = async (stack: Stack, name: string, ...values: string[]) => {
    const id = await importFile(stack, file(name, ...values));
    const { counts, firstErrors } = await until(stack, id, 'FINISHED');
    expect(counts).toMatchObject({
      failed: firstErrors.length,
      scheduled: values.length - firstErrors.length,
    });
    for (const error of firstErrors)
      expect(error).toMatchObject({ code: 'SUPPRESSED_NUMBER', field: 'phoneNumber' });
    return firstErrors.map(({ line }) => values[line - 2]);
  };

  it('is not, whatever says so', async () => {
    const stack = await startImportStack();
    const objecting = ['TRUE', '1', 'yes', 'x', '2026-01-31', 'Do not call'];
    const others = ['FALSE', '0', 'no', 'Não', 'NEIN', '', 'n/a', '-'];
    for (const name of [
      'Do Not Call',
      'DoNotCall',
      'DND',
      'Opted Out',
      'Call Opt Out',
      'Unsubscribed',
      'Werbesperre',
    ])
      expect(await uncalled(stack, name, ...objecting, ...others)).toEqual(objecting);
    for (const name of ['Consent', 'Opt-in', 'May call'])
      expect(await uncalled(stack, name, 'yes', '', 'n/a', 'no', 'FALSE', 'withdrawn')).toEqual([
        ...['no', 'FALSE', 'withdrawn'],
      ]);
    expect(await uncalled(stack, 'Status', 'new', 'DNC', 'Do not call', 'DNCA')).toEqual([
      'DNC',
      'Do not call',
    ]);
  });

  it('is, where it speaks of something else, or the mapping has the column', async () => {
    const stack = await startImportStack();
    for (const name of ['HasOptedOutOfEmail', 'SMS opt-out', 'Newsletter consent'])
      expect(await uncalled(stack, name, 'TRUE', 'no')).toEqual([]);
    expect(await sent(stack, file('Do Not Call', 'TRUE'), { mapping: [{ column: 'Do Not Call' }] })).toBe(1);
  });
});

it('what is answered is no problem any more', async () => {
  const stack = await startImportStack();
  const file = `Mobile,Phone,Call time,Expiry,Deadline,Country\n1,${numberOf(1)},03/12/2026 10:00,,,Nepal\n`;
  const id = await importFile(stack, file);
  const open = (await until(stack, id, 'READY')).preview?.problems.map(({ kind }) => kind);
  expect(open).toEqual([
    ...['SAME_FIELD_TWICE', 'SAME_FIELD_TWICE', 'UNREAD_COLUMN', 'NO_PHONE_NUMBER', 'AMBIGUOUS_DATES'],
  ]);
  const mapping = [
    { column: 'Phone', field: 'phoneNumber' as const },
    { column: 'Deadline', field: 'expiryDate' as const },
    { column: 'Country' },
  ];
  await stack.imports.confirm(id, { mapping, dateFormat: 'DAY_MONTH_YEAR' }, everybody);
  const { preview, counts } = await until(stack, id, 'FINISHED');
  expect(preview?.problems).toEqual([]);
  expect(counts.scheduled).toBe(1);
});

describe('a dateFormat', () => {
  const file = (...dates: string[]) =>
    ['Phone,Call time', ...dates.map((date, n) => `${numberOf(n)},${date} 10:00`)].join('\n');

  it.each([2, 60])('that the file contradicts is asked for again: in row %d', async (rows) => {
    const stack = await startImportStack();
    const dates = [...Array<string>(rows - 1).fill('12/02/2026'), '11/27/2026'];
    const id = await importFile(stack, file(...dates), { dateFormat: 'DAY_MONTH_YEAR' });
    const { decisions, preview, counts } = await until(stack, id, 'READY');
    expect({ decisions, total: counts.total }).toEqual({ decisions: ['DATE_FORMAT'], total: null });
    expect(preview?.problems.map(({ kind }) => kind)).toContain('DATE_FORMAT_CONTRADICTED');
    await expect(resultsOf(stack, id)).rejects.toThrow('There are no results');
    expect(stack.sandbox.requests).toEqual([]);
    await stack.imports.confirm(id, { dateFormat: 'MONTH_DAY_YEAR' }, everybody);
    expect((await until(stack, id, 'FINISHED')).counts.scheduled).toBe(rows);
    expect(stack.sandbox.ledger[0]?.fields).toMatchObject({ ScheduledTime: '2026-12-02 10:00:00' });
  });

  it('that the file agrees with is taken, and a row that is written otherwise fails', async () => {
    const stack = await startImportStack();
    const dates = ['27/11/2026', '11/28/2026', '02/12/2026'];
    const id = await importFile(stack, file(...dates), { dateFormat: 'DAY_MONTH_YEAR' });
    const { counts, preview } = await until(stack, id, 'FINISHED');
    expect(counts).toMatchObject({ scheduled: 2, failed: 1 });
    expect(preview?.problems).toEqual([]);
  });
});

describe('a hidden column of a sheet', () => {
  const rows = [
    ['Mobile', 'Phone Number', 'Scheduled Time'],
    [numberOf(1), numberOf(2), time],
  ];
  const book = (hidden: string) =>
    workbook({
      ...sheetOf(rows, true),
      cols: `<col min="1" max="1" width="9"/><col min="2" max="2" ${hidden}/>`,
    });

  const importBook = (stack: Stack, mapping?: StartImportInput['mapping']) =>
    importFile(stack, book('hidden="1"'), { mapping });

  it.each(['hidden="1"', 'hidden="true" width="3"', 'width="0" customWidth="1"'])(
    'is told: %s',
    async (hidden) => {
      expect((await read(book(hidden))).facts.hiddenColumns).toEqual([1]);
    },
  );

  it('is asked for where it would be a field', async () => {
    const stack = await startImportStack();
    const { decisions, preview } = await until(stack, await importBook(stack), 'READY');
    expect(decisions).toEqual(['MAPPING']);
    expect(preview?.problems).toMatchObject([{ kind: 'HIDDEN_COLUMN', columns: [1] }]);
    const mapping = [{ column: 'Mobile', field: 'PHONE_NUMBER' as const }];
    await until(stack, await importBook(stack, mapping), 'FINISHED');
    expect(ledgerNumbers(stack.sandbox)).toEqual([numberOf(1)]);
  });
});

describe('a column that changes what a number or a time means is found', () => {
  const unread = (header: string, value: string, time = '2026-12-05 10:00') =>
    previewOf(rowsOf(['Phone', 'Call date', header], ['9876543210', time, value]), {
      headers: undefined,
      supposed: { region: 'IN', timeZone: 'Asia/Kolkata' },
    }).problems.map(({ kind }) => kind);
  const midnight = '2026-12-05 00:00';

  it.each([
    ...['Country/Region', 'Mailing Country', 'Billing Country', 'Address 1 - Country', 'Home Country/Region'],
    ...['Country (Phone)', 'Phone Region Country', 'Contact Country', 'Customer_Country', 'leadCountry'],
    ...['Land/Region', 'Country_1', 'Country 2', 'Shipping Country', 'Country of residence', 'Pays (client)'],
  ])('country: %s', (header) => {
    for (const value of ['United States', 'US', 'USA', 'Frankreich', '+1', 'Estados Unidos'])
      expect([value, unread(header, value)]).toEqual([value, ['UNREAD_COLUMN']]);
    for (const value of ['India', 'IN', '+91', ' india ', '']) expect(unread(header, value)).toEqual([]);
  });

  it.each([
    'Country code (ISO)',
    'Country Dialing Code',
    'Mobile Number Country Code',
    'Mobile ISD',
    'Home Area Code',
  ])('code: %s', (header) => {
    for (const value of ['1', '+1', '44', '0044']) expect(unread(header, value)).toEqual(['UNREAD_COLUMN']);
  });

  it.each([
    ...['Contact Timezone', 'Timezone (IANA)', 'Time zone (UTC offset)', 'Client TZ', 'TimeZoneSidKey'],
    ...['Preferred time zone', 'Zeitzone (IANA)', 'GMT', 'UTC/GMT', 'x'],
  ])('time zone: %s', (header) => {
    for (const value of ['America/New_York', '-05:00', 'UTC-5', 'Europe/Berlin'])
      expect([value, unread(header, value)]).toEqual([value, ['UNREAD_COLUMN']]);
    expect(unread(header, 'Asia/Kolkata')).toEqual([]);
    expect(unread(header, 'America/New_York', '2026-12-05T10:00-05:00')).toEqual([]);
  });

  it.each([
    ...[
      'Time (IST)',
      'Start',
      'From',
      'Slot',
      'Call Hour',
      'Preferred Call Time',
      'Best time to call',
      'HH:MM',
    ],
    ...['Anrufuhrzeit', 'Uhrzeit (MEZ)', 'Hora llamada', 'Heure de rappel', 'x'],
  ])('time of day: %s', (header) => {
    for (const value of ['15:00', '3:00 PM', '3 pm', '15 Uhr', '15h30', '10:00-12:00'])
      expect([value, unread(header, value, midnight)]).toEqual([value, ['UNREAD_COLUMN']]);
    expect(unread(header, '15:00')).toEqual([]);
  });

  it.each(['AM/PM (Call)', 'AM', 'Half', 'Session', 'Day part', 'x'])('half of the day: %s', (header) => {
    for (const value of ['PM', 'p.m.', 'am']) expect(unread(header, value)).toEqual(['UNREAD_COLUMN']);
    expect(unread(header, 'PM', '2026-12-05 15:00')).toEqual([]);
    expect(unread(header, 'PM', '2026-12-05 03:00 PM')).toEqual([]);
  });

  it.each([
    'Extn',
    'Extn.',
    'Phone Extn',
    'Work Ext',
    'Extension (Work)',
    'Business Phone Extension',
    'Durchw.',
    'DW',
  ])('extension: %s', (header) => {
    for (const value of ['23', 'x23', 'Ext. 23']) expect(unread(header, value)).toEqual(['UNREAD_COLUMN']);
  });

  it.each([
    ['Country Manager', 'Raj'],
    ['Preferred Country', 'Canada'],
    ['Destination Country', 'Thailand'],
    ['Land Area', '1200'],
    ['First Name', 'Jordan'],
    ['City', 'Berlin'],
    ['State', 'IN'],
    ['Contract extension', '12 months'],
    ['File extension', 'pdf'],
    ['Start', 'Monday'],
    ['Amount', '10.30'],
    ['Note', 'call at 10:30'],
    ['Session', 'Evening batch'],
  ])('and another is not: %s', (header, value) => {
    expect(unread(header, value, midnight)).toEqual([]);
  });
});
