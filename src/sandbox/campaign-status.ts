// What the sandbox says of a campaign: its id, and its position.
// Positions: READY → RUNNING (a row was handed over, which starts the campaign) → any word that a test or a person sets, COMPLETED for
// one → RUNNING (the next row).

import type { CampaignDefinition } from '../config/campaigns.ts';
import { texts } from '../upstream/contract.ts';
import type { Account } from './account.ts';
import type { Call } from './calls.ts';
import { answered, type Decision, refused } from './decision.ts';
import { invalidUser, jsonBody } from './v2.ts';

export class CampaignPositions {
  readonly #words = new Map<string, string>();

  get(campaignName: string): string {
    return this.#words.get(campaignName) ?? 'READY';
  }

  set(campaignName: string, position: string): void {
    this.#words.set(campaignName, position);
  }

  clear(): void {
    this.#words.clear();
  }
}

/**
 * What a wrong key is told: that the user's details are invalid, as the calls that print such an answer do; or that there is no record,
 * as the documents print it for a wrong user name and for a campaign that is not there.
 */
export const wrongKeyAnswers = ['invalid-user', 'no-record'] as const;
export type WrongKeyAnswer = (typeof wrongKeyAnswers)[number];

export function decideCampaignStatus(
  { message, body }: Call,
  account: Account,
  campaigns: ReadonlyMap<string, CampaignDefinition>,
  positions: CampaignPositions,
  wrongKey: WrongKeyAnswer,
): Decision {
  const { userName, campaignName } = jsonBody(body) ?? {};
  if (typeof campaignName !== 'string' || campaignName === '' || userName === undefined || userName === '')
    return refused(texts.allMandatory, 'failure');
  if (wrongKey === 'invalid-user' && !account.hasCredential(message.headers)) return invalidUser;
  const at = [...campaigns.keys()].indexOf(campaignName);
  if (at < 0 || !account.admits(message.headers, userName)) return refused(texts.noRecord, 'failure');
  return answered({
    status: 'success',
    message: [
      {
        // The documents' example starts at 256. A campaign keeps its id for as long as the sandbox runs.
        CampaignID: String(256 + at),
        CampaignName: campaignName,
        UserName: userName,
        Position: positions.get(campaignName),
      },
    ],
  });
}
