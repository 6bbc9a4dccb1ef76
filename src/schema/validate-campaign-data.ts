// Query.validateCampaignData: the checks of scheduleCampaignData for a form that is being filled in. It asks nobody, counts nothing
// and keeps nothing. The campaign is mandatory, since it decides: its headers, its routing and its zone are what a record is checked
// against, and whether the caller may use it at all.

import { Overloaded } from '../scheduling/request-error.ts';
import { cleanText } from '../scheduling/text.ts';
import { builder } from './builder.ts';
import { campaignDataFields } from './campaign-data-input.ts';
import { InvalidInput } from './invalid-input.ts';
import { holdMemory, refuseControlCharacters, refuseTooManyRecords } from './request-rules.ts';
import { needsRight } from './rights.ts';
import { ScheduleCampaignDataPayload } from './schedule-campaign-data.ts';

builder.queryField('validateCampaignData', (t) =>
  t.field({
    type: ScheduleCampaignDataPayload,
    description:
      'Checks records as `scheduleCampaignData` with `validateOnly` does, and gives the same results and `problems`: for a form, as a person types. Nothing is sent, nothing is taken from your rate, and the dialer is not asked, so that a campaign which it does not have is not found out here. As a query it may also be sent by GET.',
    nullable: true,
    ...needsRight(({ input }: { input: { campaignName: string } }) => ({
      scope: 'schedule',
      campaign: cleanText(input.campaignName),
    })),
    args: {
      input: t.arg({ type: ValidateCampaignDataInput, required: true, description: 'What to check.' }),
    },
    errors: {
      types: [InvalidInput, Overloaded],
      union: {
        name: 'ValidateCampaignDataResult',
        description: 'The payload, with the status `VALIDATED`; or the reason why nothing was checked.',
      },
    },
    resolve: (_root, { input }, context) => {
      const campaignName = cleanText(input.campaignName);
      const { records } = input;
      refuseControlCharacters(campaignName);
      refuseTooManyRecords(records.length, context);
      holdMemory(records.length, context);
      return context.account.scheduling.validate({
        campaignName,
        records,
        timeZone: input.timeZone ? cleanText(input.timeZone) : undefined,
        duplicates: input.duplicates ?? 'ALLOW',
      });
    },
  }),
);

const ValidateCampaignDataInput = builder.inputType('ValidateCampaignDataInput', {
  description: 'Records to check, and the campaign by whose rules.',
  fields: campaignDataFields,
});
