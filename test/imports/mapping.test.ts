// What the columns of a file seem to be, and what becomes of its rows.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { monthNames, monthOf } from '../../src/foundation/calendar-names.ts';
import type { FileRow } from '../../src/imports/files/read-file.ts';
import {
  type Column,
  type ColumnMapping,
  createRowReader,
  type DateFormat,
  previewOf,
  type RowReading,
} from '../../src/imports/mapping.ts';
import { runs } from '../property-runs.ts';

const rowsOf = (...rows: string[][]): FileRow[] => rows.map((cells, n) => ({ line: n + 1, cells }));
const preview = (rows: FileRow[], headers?: string[]) =>
  previewOf(rows, { headers, supposed: { region: 'IN', timeZone: 'Asia/Kolkata' } });
/** The guesses, as short as can be: `?` stands before one that rests on values. */
const guesses = (columns: readonly Column[]) =>
  columns.map(({ guess }) => {
    if (guess === null) return null;
    const name = 'field' in guess ? guess.field : `"${guess.header}"`;
    return guess.by === 'name' ? name : `?${name}`;
  });
const kinds = (rows: FileRow[]) => preview(rows).problems.map(({ kind }) => kind);

const lead = ['9876543210', '2026-12-01 10:00:00'];

describe('a column', () => {
  it.each([
    ['phoneNumber', 'PhoneNumber', 'phone_number', 'PHONE NO.', 'Mobile No.', 'Téléphone', 'n° de téléphone'],
    ['phoneNumber', 'Handynummer', 'Telefon-Nr.', 'Número de teléfono', 'CELULAR', 'Telemóvel', 'मोबाइल नंबर'],
    ['scheduledTime', 'ScheduledTime', 'Scheduled at', 'Call Time', 'Anrufzeit', "Date et heure d'appel"],
    ['scheduledTime', 'Fecha de llamada', 'Data agendada', 'Rückrufzeit', 'Rueckrufzeit', 'call ka samay'],
    ['name', 'Name', 'Full_Name', 'Kundenname', 'Nom complet', 'NOMBRE', 'Nome', 'naam', 'नाम'],
    ['priority', 'Priority', 'PRIO', 'Priorität', 'Prioritaet', 'priorité', 'Prioridad', 'prioridade'],
    ['expiryDate', 'ExpiryDate', 'Valid until', 'Gültig bis', "Date d'expiration", 'válido até'],
    ['agentId', 'AgentID', 'agent', 'Agenten-ID', "ID de l'agent", 'ID do agente'],
    ['skill', 'skill', 'Skill Group', 'Fähigkeit', 'Compétence', 'habilidade'],
    ['reference', 'reference', 'Lead ID', 'Kundennummer', 'Référence'],
  ])('is the %s by the name %s and others', (field, ...names) => {
    const other = field === 'phoneNumber' ? 'ScheduledTime' : 'PhoneNumber';
    for (const name of names)
      expect(guesses(preview(rowsOf(['Notes', name, other], ['x', 'y', 'z'])).columns)[1], name).toBe(field);
  });

  it('is a custom field by a name of the campaign’s, also before a field’s other names', () => {
    const rows = rowsOf(
      ['PhoneNumber', 'ScheduledTime', 'loan_amount', 'Mobile', 'City'],
      [...lead, '5', '6', 'x'],
    );
    const { columns } = preview(rows, ['Name', 'Loan Amount', 'Mobile']);
    expect(guesses(columns)).toEqual(['phoneNumber', 'scheduledTime', '"Loan Amount"', '"Mobile"', null]);
    expect(columns[2]).toEqual({
      index: 2,
      header: 'loan_amount',
      samples: ['5'],
      guess: { header: 'Loan Amount', by: 'name' },
      resultColumn: null,
    });
  });

  it('is the one of the field’s own name, and of two others neither', () => {
    const certain = rowsOf(['Mobile', 'Phone', 'phone number', 'Call time'], ['1', '2', ...lead]);
    expect(guesses(preview(certain).columns)).toEqual([null, null, 'phoneNumber', 'scheduledTime']);
    const rows = rowsOf(['Mobile', 'Phone', 'Call time'], ['9876543210', ...lead]);
    expect(guesses(preview(rows).columns)).toEqual([null, null, 'scheduledTime']);
    expect(preview(rows).problems).toEqual([
      {
        kind: 'SAME_FIELD_TWICE',
        columns: [0, 1],
        field: 'phoneNumber',
        message: 'Columns 1 and 2 may each be the phoneNumber: say in the mapping which is.',
      },
      { kind: 'NO_PHONE_NUMBER', columns: [], message: expect.any(String) },
    ]);
  });

  it('is told where it is named twice', () => {
    expect(kinds(rowsOf(['Phone', 'Call time', 'City', 'City'], [...lead, 'x', 'y']))).toEqual([
      'SAME_NAME_TWICE',
    ]);
    expect(kinds(rowsOf(['Phone', 'Call time', 'Phone'], [...lead, '9876543210']))).toEqual([
      'SAME_NAME_TWICE',
      'SAME_FIELD_TWICE',
      'NO_PHONE_NUMBER',
    ]);
  });

  it('is guessed by its values where its name says nothing, and that is told', () => {
    const rows = rowsOf(['Kontakt', 'Wann', 'Wer'], [...lead, 'A'], ["'9876543211", '2026-12-01 9:30', 'B']);
    expect(preview(rows).headerLine).toBe(1);
    expect(guesses(preview(rows).columns)).toEqual(['?phoneNumber', '?scheduledTime', null]);
    const named = rowsOf(['Kundencode', 'Phone', 'Call time'], ['9876543210', ...lead]);
    expect(guesses(preview(named).columns)).toEqual([null, 'phoneNumber', 'scheduledTime']);
  });
});

describe('the header', () => {
  it('may stand in row 3, or nowhere', () => {
    const titled = rowsOf(['Leads of November'], ['Exported', '2026-11-26'], ['Phone', 'Call time'], lead);
    expect(preview(titled)).toMatchObject({
      headerLine: 3,
      columns: [{ header: 'Phone' }, { header: 'Call time' }],
    });
    const notes = Array.from({ length: 39 }, (_, n) => [`Note ${n}`]);
    expect(preview(rowsOf(...notes, ['Phone', 'Call time'], lead))).toMatchObject({ headerLine: 40 });
    const none = preview(rowsOf([...lead, 'Asha'], ['9.19877E+11', '2026-12-01 10:30', 'B']));
    expect(none).toMatchObject({
      headerLine: null,
      columns: [{ header: null, samples: ['9876543210', '9.19877E+11'] }, {}, {}],
    });
    expect(guesses(none.columns)).toEqual(['?phoneNumber', '?scheduledTime', null]);
  });

  it('is no row that has a number or a date', () => {
    const rows = rowsOf(['n/a', '2026-12-01 10:00', 'Name'], [...lead, 'Asha']);
    expect(preview(rows).headerLine).toBeNull();
  });

  it('has the names of JSON objects at line 0', () => {
    const [header, ...rows] = rowsOf(['a', 'b'], lead);
    expect(preview([{ line: 0, cells: header?.cells ?? [] }, ...rows])).toMatchObject({ headerLine: 0 });
  });
});

describe('dates', () => {
  const dated = (...dates: string[]) =>
    preview(rowsOf(['Phone', 'Call time'], ...dates.map((date) => ['9876543210', date])));

  it('are ambiguous where each can be read in two ways', () => {
    const both = dated('3/12/2026 10:00', '03.12.2026 10:00', '2026-12-01 10:00');
    expect(both).toMatchObject({ ambiguousDates: true, dateFormats: ['DAY_MONTH_YEAR', 'MONTH_DAY_YEAR'] });
    expect(both.problems).toMatchObject([{ kind: 'AMBIGUOUS_DATES', columns: [1] }]);
    const day = dated('3/12/2026 10:00', '13/12/2026 10:00');
    expect(day).toMatchObject({ ambiguousDates: false, dateFormats: ['DAY_MONTH_YEAR'] });
    expect(day.problems).toMatchObject([{ kind: 'DATE_FORMAT_MISSING' }]);
    expect(dated('12/13/2026 10:00')).toMatchObject({
      ambiguousDates: false,
      dateFormats: ['MONTH_DAY_YEAR'],
    });
    expect(dated('12/13/2026 10:00', '13/12/2026 10:00')).toMatchObject({
      ambiguousDates: false,
      dateFormats: [],
    });
    expect(dated('2026-12-01 10:00')).toMatchObject({ ambiguousDates: false, dateFormats: [], problems: [] });
  });

  const read = (text: string, format: DateFormat) => {
    const row = createRowReader(
      [{ column: 0, field: 'scheduledTime' }],
      [],
      format,
    )({ line: 1, cells: [text] });
    return 'kind' in row
      ? { reason: row.reason, message: row.message }
      : (row as { scheduledTime?: string }).scheduledTime;
  };

  it.each<[DateFormat, string, string]>([
    ['DAY_MONTH_YEAR', '3/12/2026 10:00', '2026-12-03 10:00:00'],
    ['MONTH_DAY_YEAR', '3/12/2026 10:00', '2026-03-12 10:00:00'],
    ['DAY_MONTH_YEAR', '03-12-2026 10:00:00 PM', '2026-12-03 22:00:00'],
    ['DAY_MONTH_YEAR', '3.12.2026, 9:05', '2026-12-03 09:05:00'],
    ['MONTH_DAY_YEAR', '12/3/2026 12:30 a.m.', '2026-12-03 00:30:00'],
    ['MONTH_DAY_YEAR', '12/3/2026 12:30 pm', '2026-12-03 12:30:00'],
    ['DAY_MONTH_YEAR', '03/12/2026T10:00:00+05:30', '2026-12-03 10:00:00+05:30'],
    ['DAY_MONTH_YEAR', '03/12/2026', '2026-12-03'],
    ['DAY_MONTH_YEAR', '2026-12-03 10:00:00', '2026-12-03 10:00:00'],
    ['ISO', '2026-12-03T10:00:00+05:30', '2026-12-03T10:00:00+05:30'],
    ['ISO', '2026/12/3 9:30', '2026-12-03 09:30:00'],
    ['ISO', '2026-12-03 9:30 PM', '2026-12-03 21:30:00'],
    ['ISO', '3-Dec-2026 10:00', '2026-12-03 10:00:00'],
    ['ISO', "'2026-12-03 10:00", '2026-12-03 10:00'],
    ['ISO', '3/12/2026 10:00', '3/12/2026 10:00'],
    ['DAY_MONTH_YEAR', '13.12.2026 10:00 Uhr', '2026-12-13 10:00:00'],
    ['DAY_MONTH_YEAR', '5. 12. 2026 10:00', '2026-12-05 10:00:00'],
    ['DAY_MONTH_YEAR', '01/12/2026 10h30', '2026-12-01 10:30:00'],
    ['DAY_MONTH_YEAR', '01/12/2026 à 10 h 30', '2026-12-01 10:30:00'],
    ['DAY_MONTH_YEAR', '01/12/2026 10 h', '2026-12-01 10:00:00'],
    ['DAY_MONTH_YEAR', '01/12/2026 9 PM', '2026-12-01 21:00:00'],
    ['DAY_MONTH_YEAR', '01/12/2026 10:00 UTC+2', '2026-12-01 10:00:00UTC+2'],
    ['DAY_MONTH_YEAR', 'Sa., 05.12.2026 10:00', '2026-12-05 10:00:00'],
    ['ISO', '2026-12-01 10:00 hrs', '2026-12-01 10:00:00'],
    ['ISO', '2026-12-01 10:00 GMT+05:30', '2026-12-01 10:00:00GMT+05:30'],
    ['ISO', '2026-12-01 10:00 IST', '2026-12-01 10:00 IST'],
    ['DAY_MONTH_YEAR', '01/12/2026 10:00 [Asia/Kolkata]', '2026-12-01 10:00:00[Asia/Kolkata]'],
    ['ISO', '2026/12/1 10:00+5:30[Asia/Kolkata]', '2026-12-01 10:00:00+5:30[Asia/Kolkata]'],
    ['ISO', '2026-12-01 09:00-10:00', '2026-12-01 09:00-10:00'],
    ['ISO', 'Dec 5, 2026 10:00 PM', '2026-12-05 22:00:00'],
    ['ISO', 'december 5th 2026, at 10 am', '2026-12-05 10:00:00'],
    ['ISO', '2026-Dec-05 10:00', '2026-12-05 10:00:00'],
    ['ISO', '1er AOUT 2026 10h', '2026-08-01 10:00:00'],
    ['ISO', '5. Maerz 2026 10:00', '2026-03-05 10:00:00'],
    ['ISO', 'mar 5 mar 2026 10:00', 'NONEXISTENT_TIME'],
    ['ISO', 'mar 3 mar 2026 10:00', '2026-03-03 10:00:00'],
    ['ISO', 'Sat, 05 Dec 2026 10:00:00 GMT', '2026-12-05 10:00:00GMT'],
    ['ISO', 'Sat Dec 05 2026 10:00:00 GMT+0530 (India Standard Time)', '2026-12-05 10:00:00GMT+0530'],
    ['ISO', 'Sun, 05 Dec 2026 10:00', 'NONEXISTENT_TIME'],
    ['ISO', 'Saturday, December 32, 2026 10:00', 'NONEXISTENT_TIME'],
    ['ISO', '5 Decembrist 2026 10:00', 'UNREADABLE_TIME'],
    ['ISO', '5 marzipan 2026 10:00', 'UNREADABLE_TIME'],
    ['ISO', 'Dec 5 10:00', 'Dec 5 10:00'],
    ['ISO', 'Sat Dec 5 10:00:00 2026', 'Sat Dec 5 10:00:00 2026'],
    ['DAY_MONTH_YEAR', 'tomorrow', 'tomorrow'],
    ['DAY_MONTH_YEAR', '31/02/2026 10:00', '2026-02-31 10:00:00'],
  ])('in the format %s has %s as %s', (format, text, iso) => {
    const date = read(text, format);
    expect(typeof date === 'object' ? date.reason : date).toBe(iso);
  });

  it('are read as each language that is known writes them', () => {
    const languages = ['en-US', 'en-GB', 'en-IN', 'de', 'fr', 'es', 'es-MX', 'es-CO', 'pt-BR', 'pt-PT', 'hi'];
    const written = fc.record({
      at: fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
      language: fc.constantFrom(...languages),
      dateStyle: fc.constantFrom('long', 'full', 'medium'),
      timeStyle: fc.constantFrom('short', 'medium', 'long'),
      change: fc.constantFrom(
        (text: string) => text,
        (text: string) => text.toUpperCase(),
        (text: string) => text.normalize('NFD'),
        (text: string) => text.normalize('NFD').replace(/[\u0300-\u036F\u093C]/g, ''),
      ),
    });
    fc.assert(
      fc.property(written, ({ at, language, dateStyle, timeStyle, change }) => {
        const form = new Intl.DateTimeFormat(language, { dateStyle, timeStyle, timeZone: 'UTC' } as object);
        const [day, time] = at.toISOString().split(/[T.]/);
        const ends = { short: `${time?.slice(0, 5)}:00`, medium: time, long: `${time}UTC` };
        expect(read(change(form.format(at)), 'DAY_MONTH_YEAR')).toBe(`${day} ${ends[timeStyle as 'short']}`);
      }),
      { numRuns: runs(400) },
    );
  });

  it('have a month whose name is known, and never means another', () => {
    for (const name of monthNames) {
      const month = monthOf(name);
      expect(month, name).toBeDefined();
      const iso = `2026-${String(month).padStart(2, '0')}-05 10:00:00`;
      for (const text of [`5 ${name} 2026 10:00`, `${name}. 5, 2026 10:00`, `05-${name}-2026 10:00`])
        expect(read(text, 'ISO'), text).toBe(iso);
    }
    for (const language of ['en', 'de', 'fr', 'es', 'pt', 'hi'])
      for (const style of ['long', 'short'] as const)
        for (const month of Array(12).keys()) {
          const form = new Intl.DateTimeFormat(language, { month: style, timeZone: 'UTC' });
          const name = form.format(Date.UTC(2026, month)).replace(/[.॰]$/, '');
          expect(monthOf(name), name).toBe(month + 1);
        }
  });

  it('are never guessed', () => {
    expect(read('12/13/2026 10:00', 'DAY_MONTH_YEAR')).toEqual({
      reason: 'NONEXISTENT_TIME',
      message:
        'scheduledTime 12/13/2026 10:00 has no month 13, and dateFormat is DAY_MONTH_YEAR: write the row as the others, or put the year first.',
    });
    expect(read('3.12.26 10:00', 'DAY_MONTH_YEAR')).toEqual({
      reason: 'AMBIGUOUS_DATE',
      message:
        'scheduledTime 3.12.26 10:00 has a year of two digits, and which century is meant is not said: write four.',
    });
    for (const [text, problem] of [
      ['01/12/2026 13:00 PM', 'write the time as 22:00 or 10:00 PM'],
      ['2026-12-01 13:00 PM', 'no half of a day'],
      ['1 Dec 2026 0:30 AM', 'no half of a day'],
      ['01/12/2026 10:00 IST', 'names a zone'],
      ['1 Dec 2026 10:00 PM EST', 'names a zone'],
      ['01.12.2026 09:00-10:00', 'a range of times'],
      ['01.12.2026 9:00 AM -10:00', 'a range of times'],
      ['Dec 1, 2026 10:00 - 12:00', 'a range of times'],
      ['1 Dec 2026 9h-10', 'a range of times'],
      ['01/12/2026 10:00 approx', 'something behind its time'],
      ['01/12/2026 10:00 local time', 'something behind its time'],
      ['01/12/2026 morning', 'no time of day'],
      ['1 Brumaire 2026 10:00', 'names a month that is not known'],
    ] as const)
      expect(read(text, 'DAY_MONTH_YEAR'), text).toMatchObject({ message: expect.stringContaining(problem) });
    expect(read('3-Dec-26', 'ISO')).toMatchObject({ reason: 'AMBIGUOUS_DATE' });
    expect(read('46357.4166666667', 'DAY_MONTH_YEAR')).toEqual({
      reason: 'UNREADABLE_TIME',
      message: expect.stringMatching(/^scheduledTime 46357… is a number of days, as spreadsheets count time/),
    });
  });
});

describe('a row', () => {
  const mapping: ColumnMapping[] = [
    { column: 0, field: 'phoneNumber' },
    { column: 1, field: 'scheduledTime' },
    { column: 2, field: 'priority' },
    { column: 3, header: 'City' },
    { column: 4, field: 'name' },
  ];
  const reader = createRowReader(mapping, [], 'ISO');
  const read = (...cells: string[]): RowReading => reader({ line: 2, cells });

  it('is a record of the columns that are mapped', () => {
    expect(read(...lead, '5.0', 'Pune', 'Asha', 'x')).toEqual({
      phoneNumber: '9876543210',
      scheduledTime: '2026-12-01 10:00:00',
      priority: 5,
      name: 'Asha',
      customFields: [{ header: 'City', value: 'Pune' }],
    });
    expect(read('9.19877E+11')).toEqual({ phoneNumber: '9.19877E+11', customFields: [] });
    for (const [text, priority] of Object.entries({ '5': 5, ' 7 ': 7, "'12": 12, '': undefined, '120': 120 }))
      expect(read(...lead, text)).toMatchObject({ priority });
  });

  it('is told what is wrong with its priority, and of a spreadsheet’s errors', () => {
    expect(read(...lead, 'high')).toMatchObject({
      kind: 'InvalidFieldError',
      field: 'priority',
      reason: 'OUT_OF_RANGE',
      message: 'priority high is no whole number: write 1 to 99, in digits.',
    });
    for (const text of ['5.5', '5e1', '-5', '9876543210123'])
      expect(read(...lead, text)).toMatchObject({ field: 'priority' });
    expect(JSON.stringify(read(...lead, '9876543210123'))).not.toContain('98765432');
    expect(read(...lead, '', '#N/A')).toMatchObject({
      field: 'customFields[0].value',
      reason: 'REFUSED_CHARACTER',
    });
    expect(read(...lead, '', '', '#REF!')).toMatchObject({
      field: 'name',
      message: expect.stringContaining('is #REF!'),
    });
    expect(read(...lead, '', '#4, Main Road')).toMatchObject({ customFields: [{ value: '#4, Main Road' }] });
  });

  it('of a result file is sent only where it was certainly not scheduled', () => {
    const names = ['line', 'outcome', 'code', 'field', 'message', 'retryable', 'scheduled_time'];
    const header = ['Phone', 'Call time', ...names.map((name) => `dialgraph_${name}`)];
    const results = ['scheduled', 'unknown', 'skipped', 'failed', 'not-sent', '', 'Scheduled ', 'done'];
    const rows = rowsOf(header, ...results.map((result) => [...lead, '2', result, '', '', '', '', '']));
    const { columns, isResultFile, problems } = preview(rows);
    expect({ isResultFile, problems }).toEqual({ isResultFile: true, problems: [] });
    expect(guesses(columns).slice(2)).toEqual(names.map(() => null));
    expect(columns.slice(2).map(({ resultColumn }) => resultColumn)).toEqual([
      ...names.slice(0, 6),
      'scheduledTime',
    ]);
    const readRow = createRowReader(mapping.slice(0, 2), columns, 'ISO');
    expect(rows.slice(1).map((row) => ('skip' in readRow(row) ? readRow(row) : 'sent'))).toEqual([
      { skip: 'scheduled' },
      { skip: 'unknown' },
      { skip: 'skipped' },
      'sent',
      'sent',
      'sent',
      { skip: 'scheduled' },
      { skip: 'unknown' },
    ]);
  });
});
