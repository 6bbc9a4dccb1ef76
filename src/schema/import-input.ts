// How a file is to be read, as startImport and confirmImport take it.

import type { ImportChanges } from '../imports/imports.ts';
import { cleanText } from '../scheduling/text.ts';
import { builder, type InputFieldBuilder } from './builder.ts';
import { DateFormatEnum, FileDelimiterEnum, FileEncodingEnum, RecordFieldEnum } from './import-enums.ts';
import { timeZoneRules } from './input-rules.ts';

export function fileReadingFields(t: InputFieldBuilder) {
  return {
    mapping: t.field({
      type: [ColumnMappingInput],
      description:
        'What columns are that are not recognised, or not rightly. Those that are not named here are taken for what they seem to be.',
      validate: { maxLength: [10_000, { message: 'must not be longer than 10000' }] },
    }),
    dateFormat: t.field({
      type: DateFormatEnum,
      description: 'How dates are written. Without it: found out, or asked for.',
    }),
    timeZone: t.field({
      type: 'TimeZone',
      description: "The zone of times that state no offset. Without it: the campaign's, else the account's.",
      validate: timeZoneRules,
    }),
    sheet: t.string({
      description: "The workbook's sheet. Without it: the one that has rows, or asked for.",
      validate: { maxLength: [255, { message: 'must not be longer than 255 characters' }] },
    }),
    encoding: t.field({ type: FileEncodingEnum, description: 'Of the text. Without it: found out.' }),
    delimiter: t.field({ type: FileDelimiterEnum, description: 'Between cells. Without it: found out.' }),
  };
}

const ColumnMappingInput = builder.inputType('ColumnMappingInput', {
  description: 'What a column is: a `field`, or a `header` of the campaign. With neither it is left out.',
  fields: (t) => ({
    column: t.string({
      required: true,
      description: 'Its header in the file, upper and lower case alike; or its position from 1, as `#3`.',
      validate: { maxLength: [1000, { message: 'must not be longer than 1000 characters' }] },
    }),
    field: t.field({ type: RecordFieldEnum, description: 'The field of the record.' }),
    header: t.string({
      description: "The header of the campaign's mapping file, for a custom field.",
      validate: { maxLength: [255, { message: 'must not be longer than 255 characters' }] },
    }),
  }),
});

interface GivenReading {
  mapping?: readonly (typeof ColumnMappingInput.$inferInput)[] | null | undefined;
  dateFormat?: ImportChanges['dateFormat'] | null;
  timeZone?: string | null | undefined;
  sheet?: string | null | undefined;
  encoding?: ImportChanges['encoding'] | null;
  delimiter?: ImportChanges['delimiter'] | null;
}

/** Null and absent are the same. */
export function readingOf({ mapping, dateFormat, timeZone, sheet, encoding, delimiter }: GivenReading) {
  return {
    mapping: mapping?.map(({ column, field, header }) => ({
      column,
      field: field ?? undefined,
      header: header ? cleanText(header) : undefined,
    })),
    dateFormat: dateFormat ?? undefined,
    timeZone: timeZone ? cleanText(timeZone) : undefined,
    sheet: sheet || undefined,
    encoding: encoding ?? undefined,
    delimiter: delimiter ?? undefined,
  };
}
