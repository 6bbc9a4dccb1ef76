// Takes a number out of a campaign after its row was handed over. Whatever its name, it is gone from the campaign as a whole: for
// the row that brought it, and for its duplicates. Rows that still wait for their time are not in the campaign, and stay.

import type { CampaignDefinition } from '../config/campaigns.ts';
import { removalTexts, texts } from '../upstream/contract.ts';
import type { Account } from './account.ts';
import type { Call } from './calls.ts';
import { answered, type Decision, refused } from './decision.ts';
import type { Ledger } from './ledger.ts';
import { invalidUser, jsonBody, textOf } from './v2.ts';

export function decideRemoval(
  { message, body }: Call,
  account: Account,
  ledger: Ledger,
  campaigns: ReadonlyMap<string, CampaignDefinition>,
): Decision {
  const input = jsonBody(body) ?? {};
  const { apikey, authorization } = message.headers;
  if (apikey === undefined && authorization === undefined) return refusedUser(removalTexts.missingKey);
  if (textOf(input.userName) === '') return refusedUser(removalTexts.missingUserName);
  if (!account.admits(message.headers, input.userName)) return invalidUser;
  const campaignName = textOf(input.campaignName);
  if (campaignName === '') return refused(removalTexts.missingCampaign, 'Error');
  if (!campaigns.has(campaignName)) return refused(removalTexts.unknownCampaign, 'Error');
  const phoneNumber = textOf(input.phoneNumber).replace(/%2B/gi, '+');
  if (phoneNumber === '') return refused(removalTexts.missingNumber, 'Error');
  if (!ledger.hasAdded(campaignName, phoneNumber)) return refused(texts.noData, 'Error');
  return {
    reply: { status: 'Success', message: removalTexts.removed },
    rows: 1,
    commit(limit = 1) {
      if (limit >= 1) ledger.remove(campaignName, phoneNumber);
    },
  };
}

function refusedUser(message: string): Decision {
  return answered({ status: 'false', message, data: null });
}
