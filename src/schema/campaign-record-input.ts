// CampaignRecordInput: one record as a caller writes it. The schema has no rules for its values, and mandatory fields may be
// absent: a record is checked in the domain, so that what is wrong with it becomes that record's result.

import { z } from 'zod';
import { builder } from './builder.ts';

export const CampaignRecordInput = builder.inputType('CampaignRecordInput', {
  description:
    "One lead: a person to be called, and when. What is wrong with a record becomes that record's result, and never fails its neighbours.",
  fields: (t) => ({
    reference: t.string({
      description: 'Your own row id, echoed in the result and never sent to the dialer. Any text.',
    }),
    phoneNumber: t.string({
      description:
        'The number to call. Mandatory: without it the record is answered with a `MissingPhoneNumberError`. With + and country code from anywhere (`+91 98765 43210`), else it is read as a number of the region `limits.region`, as it is dialled there (`098765 43210`), even where it would be a good number of another country: with region `IN`, `4155216849` is an Indian number. Where its digits are a number of the region both with the country code of the region at their beginning and without it (`4915123456789` with region `DE`), or begin with a `00` that leads elsewhere from the region, it is refused (`AMBIGUOUS_NUMBER`). Spaces, dashes, dots and brackets, digits of any script, invisible characters, the apostrophe and the `.0` of a spreadsheet, a label before it (`p:`, `tel:`), and slashes between the groups of one number (`0475/12/34/56`) mean nothing. A link is read as its number (`wa.me/919876543210`). What could be read as two numbers is refused: `040 2345678/9`.',
    }),
    scheduledTime: t.string({
      description:
        'When to call. Mandatory: without it the record is answered with a `MissingScheduledTimeError`. With an offset it is an instant (`2026-11-25T10:00:00+05:30`, `2026-11-25 10:00:00 +0530`, `2026-11-25 10:00 UTC+5:30`, `2026-11-25T04:30:00Z`), and the abbreviation of a zone (`IST`) is refused; a name in brackets (`2026-11-25T10:00:00+05:30[Asia/Kolkata]`) has to agree with the offset, or with `timeZone` where there is none. Without an offset it is a reading of the clocks in `timeZone` (`2026-11-25 10:00:00`, `2026-11-25T10:00`, as a `datetime-local` field has it). Seconds and their fraction may be left out; a fraction is cut. Where daylight saving has the clocks show a time twice, the first of the two is meant; one that they skip is refused. Read as well, since they leave no doubt: `2026/12/01 9:00`, `2026-12-01 10:00 PM`, `2026-12-01 9:00 +5:30`, `1 Dec 2026 10:00`, a tab between date and time, and the apostrophe of a spreadsheet. Dates in numbers that begin with a day or a month are refused (`01/12/2026`), and so are ranges (`10:00-12:00`), years of two digits, `13:00 PM`, and seconds since 1970. Not in the past, and at most `limits.horizonDays` ahead.',
    }),
    name: t.string({
      description:
        "The person's name, in any script unless this service is set to the vendor's rule for names. Line breaks and control characters are refused, and so are `& # % +` unless this service is set to encode them. Invisible characters that shape no letter are taken out.",
    }),
    priority: t.int({ description: '1 to 99; higher is dialled sooner.' }),
    expiryDate: t.string({
      description:
        'After this the call is not made any more. Written like `scheduledTime`, or as a date alone (`YYYY-MM-DD`) for the last second of that day in `timeZone`, also where its last hour comes twice. Not before `scheduledTime`.',
    }),
    agentId: t.string({
      description: 'The agent who is to make the call. Mandatory for agent-wise campaigns.',
    }),
    skill: t.string({ description: 'The skill by which a skill-wise campaign routes the call.' }),
    customFields: t.field({
      type: [CustomFieldInput],
      description: "Further columns of the campaign's mapping file, each header at most once.",
    }),
  }),
});

/**
 * The rule for a list of records. The zod plugin would pipe it into a schema that goes through 10,000 records and copies each in
 * one go. `pipe` therefore returns the rule itself.
 */
export const atLeastOneRecord = z.custom<never>((records) => (records as unknown[]).length > 0, {
  message: 'must hold at least one record',
});
atLeastOneRecord.pipe = () => atLeastOneRecord as never;

const CustomFieldInput = builder.inputType('CustomFieldInput', {
  description: "A further column of the campaign's mapping file.",
  fields: (t) => ({
    header: t.string({
      required: true,
      description:
        'The header as the mapping file has it, such as `City`: letters of any script, digits, blanks and common marks, at most 128 characters. Upper and lower case matter. Not one of the fields that the record has itself, nor a parameter of the dialer (`api_key`, `campaign_name`, `action`, …).',
    }),
    value: t.string({
      required: true,
      description:
        'The value. Line breaks and control characters are refused, and so are `& # % +` unless this service is set to encode them.',
    }),
  }),
});
