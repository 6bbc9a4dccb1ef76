// RecordProblem: one thing that is wrong with a record, and the reasons that a front end translates. A reason that the domain
// gains does not compile here until it is described.

import type { RecordProblem, RecordProblemReason } from '../scheduling/record-problem.ts';
import { builder } from './builder.ts';

const Reason = builder.enumType('RecordProblemReason', {
  description:
    'What is wrong, as a constant for translation. More may be added: show `message` for one that you do not know.',
  values: {
    MISSING: { description: 'The field is absent, null or empty, and must not be.' },
    TOO_SHORT: { description: 'The phone number has too few digits for a number of its country.' },
    TOO_LONG: { description: 'The phone number has too many digits for a number of its country.' },
    TWO_NUMBERS: {
      description:
        'The phone number is two (`040 2345678/9`, `… or …`, a comma, a line break), or could be read as two. Give each a record of its own.',
    },
    EXTENSION: {
      description: 'The phone number has an extension (`x12`, `ext. 4`), which the dialer cannot dial.',
    },
    LETTERS: { description: 'The phone number has letters, as in `1-800-FLOWERS`.' },
    SCIENTIFIC_NOTATION: {
      description: 'A spreadsheet shortened the phone number (`9.19877E+11`), and its last digits are lost.',
    },
    DECIMAL_FRACTION: {
      description:
        'A spreadsheet took the phone number for an amount (`… .0`, `9,876,543,210`), and which digits were meant is not certain.',
    },
    REFUSED_CHARACTER: {
      description: 'A character that has no place in the field, or that the dialer would not keep as it is.',
    },
    UNKNOWN_COUNTRY_CODE: { description: 'The phone number begins like no country code.' },
    TRUNK_PREFIX: {
      description:
        'The phone number has a 0 before its country code, or a `00` that does not lead to another country from the region.',
    },
    AMBIGUOUS_NUMBER: {
      description:
        'The phone number can be read in two ways: with the country code at its beginning and without it, or with a `(0)` behind the country code and without it (`+39 (0)331 123456`), or its `00` leads elsewhere from the region than from others, or its + stands before brackets with no country code in them. Write a + and the country code, and no brackets.',
    },
    OBSOLETE_PREFIX: {
      description: "The phone number has digits that are dialled no more, such as Mexico's 1 after +52.",
    },
    NO_SUCH_NUMBER: {
      description: 'The phone number has a possible length, and no such number exists in its country.',
    },
    UNREADABLE_TIME: {
      description:
        'The time is in no form that is read, may be a range of times, or names a zone that does not agree with `timeZone`.',
    },
    AMBIGUOUS_DATE: {
      description:
        'The date does not say which number is the day and which the month (`01/12/2026`), or has its year last (`31.12.2026`), or with two digits.',
    },
    MISSING_TIME_OF_DAY: { description: '`scheduledTime` is a date alone.' },
    REPEATED_TIME: {
      description:
        'The dialer cannot be told this time: its clocks show the same hour twice, when daylight saving ends, and the first of both would be meant.',
    },
    NONEXISTENT_TIME: {
      description:
        'The time does not exist: 31 February, hour 24, `13:00 PM`, an hour that daylight saving skips, an offset that the zone in brackets behind it does not have then, or a day of the week that is not that of the date.',
    },
    UNKNOWN_OFFSET: { description: 'The time has an offset from UTC that no place has, such as +05:17.' },
    IN_THE_PAST: { description: '`scheduledTime` has passed.' },
    TOO_FAR_AHEAD: { description: '`scheduledTime` lies further ahead than `limits.horizonDays`.' },
    AFTER_EXPIRY: { description: "`scheduledTime` lies after the record's own `expiryDate`." },
    OUTSIDE_CALLING_HOURS: { description: '`scheduledTime` is outside of the calling hours.' },
    SUPPRESSED: {
      description:
        'The phone number is on the list of numbers that are never to be called, or a column of the imported file says so.',
    },
    EXPIRED: { description: '`expiryDate` has passed, or leaves no time for a call.' },
    OUT_OF_RANGE: { description: '`priority` is not from `limits.minPriority` to `limits.maxPriority`.' },
    ROW_TOO_LONG: {
      description: 'The record is longer than `limits.maxRowBytes`; the field is that of its longest value.',
    },
    INVALID_HEADER: { description: "The header of a custom field is no header's name." },
    RESERVED_HEADER: {
      description:
        'The header of a custom field is one that the record has a field for, or a parameter of the dialer itself.',
    },
    DUPLICATE_HEADER: { description: 'The header stands in the record twice.' },
    UNKNOWN_HEADER: { description: "The campaign's mapping file does not define the header." },
    DUPLICATE_RECORD: { description: 'The phone number was given before, and `duplicates` is `SKIP`.' },
    REFUSED_BY_DIALER: { description: 'The dialer refused the record; `message` has its own words.' },
  } satisfies Record<RecordProblemReason, object>,
});

export const RecordProblemType = builder.objectRef<RecordProblem>('RecordProblem').implement({
  description: 'One thing that is wrong with a record.',
  fields: (t) => ({
    field: t.exposeString('field', {
      nullable: true,
      description:
        'Where: the field of the record, such as `phoneNumber`, `expiryDate` or `customFields[1].header`. Null where the dialer does not say.',
    }),
    reason: t.expose('reason', { type: Reason, description: 'What, as a constant for translation.' }),
    message: t.exposeString('message', {
      description: 'What, to which value, and what to do: in English, for a person.',
    }),
  }),
});
