// What every field that takes records for a campaign takes: the campaign, the records, and how they are read; with zod's rules for
// the request as a whole.

import { builder, type InputFieldBuilder } from './builder.ts';
import { atLeastOneRecord, CampaignRecordInput } from './campaign-record-input.ts';
import { campaignNameRules, timeZoneRules } from './input-rules.ts';

export function campaignDataFields(t: InputFieldBuilder) {
  return {
    campaignName: t.string({
      required: true,
      description:
        "The campaign's name as the dialer has it, at most 255 characters. With the sandbox: `Sales_Demo`.",
      validate: campaignNameRules,
    }),
    records: t.field({
      type: [CampaignRecordInput],
      required: true,
      description: 'The records: at least 1, at most `limits.maxRecordsPerMutation`.',
      validate: { schema: atLeastOneRecord },
    }),
    timeZone: t.field({
      type: 'TimeZone',
      description:
        "The zone of times that state no offset, and of the end of an `expiryDate`'s day. Without it: the campaign's, else the account's (`limits.timeZone`).",
      validate: timeZoneRules,
    }),
    duplicates: t.field({
      type: DuplicatePolicy,
      defaultValue: 'ALLOW',
      description: 'Whether a phone number may be scheduled more than once. Without it: `ALLOW`.',
    }),
  };
}

export const DuplicatePolicy = builder.enumType('DuplicatePolicy', {
  description: "What to do with a phone number that stands in the campaign's data more than once.",
  values: {
    ALLOW: { description: 'Schedule every record, whatever its number.' },
    SKIP: {
      description:
        'Schedule the first valid record of each phone number in the request and skip the others, whatever their times. The dialer is asked to skip numbers that it has already, where its API can (v2).',
    },
  } as const,
});
