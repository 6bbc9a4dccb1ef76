// The calls of API v2, except the listing and deletion of rows: scheduling, the token, a campaign's state.
// Every body is a JSON object, even that of a GET; any other body is refused with the text that the call has for it.

import type { CampaignDefinition } from '../config/campaigns.ts';
import { texts } from '../upstream/contract.ts';
import { type Account, newTokenText } from './account.ts';
import { bulkDataOf } from './bulk-data.ts';
import { type Call, mediaType } from './calls.ts';
import { answered, type Decision, refused } from './decision.ts';
import type { ScheduleCall } from './schedule.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A body that is a JSON object; undefined for any other, an empty one included. */
export function jsonBody(body: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}

export function scheduleCallOfV2({ message, body, requestNumber }: Call, account: Account): ScheduleCall {
  const isJson = mediaType(message) === 'application/json';
  const input = isJson ? jsonBody(body) : undefined;
  const name = input?.campaignName;
  return {
    unreadable: isJson ? input === undefined && 'Invalid bulkData' : 'Content-Type must be application/json',
    dialect: 'v2',
    campaignName: typeof name === 'string' ? name : '',
    trusted: account.admits(message.headers, input?.userName),
    bulkData: bulkDataOf(input?.bulkData),
    checkDuplicate: input?.checkDuplicate === true || input?.checkDuplicate === 'true',
    requestNumber,
  };
}

export const invalidUser = answered({ status: 'false', message: texts.invalidUser, data: null });

/** A new token, for the key in the header and the user name in the body. The commit makes the token before it void. */
export function decideToken({ message, body }: Call, account: Account): Decision {
  const input = jsonBody(body);
  if (!account.hasKey(message.headers) || input?.userName !== account.credentials.userName)
    return invalidUser;
  if (!account.mayIssue()) return answered({ status: 'false', message: texts.requestLimit, data: null });
  const token = newTokenText();
  return { reply: { token }, rows: 0, commit: () => account.issue(token) };
}

export function decideCampaignStatus(
  { message, body }: Call,
  account: Account,
  campaigns: ReadonlyMap<string, CampaignDefinition>,
): Decision {
  const { userName, campaignName } = jsonBody(body) ?? {};
  if (typeof campaignName !== 'string' || campaignName === '' || userName === undefined || userName === '')
    return refused(texts.allMandatory, 'failure');
  if (!account.admits(message.headers, userName)) return invalidUser;
  const at = [...campaigns.keys()].indexOf(campaignName);
  if (at < 0) return refused(texts.noRecord, 'failure');
  return answered({
    status: 'success',
    message: [
      // The documents' example starts at 256. A campaign keeps its id for as long as the sandbox runs.
      { CampaignID: String(256 + at), CampaignName: campaignName, UserName: userName, Position: 'READY' },
    ],
  });
}
