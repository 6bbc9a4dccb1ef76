// What all calls of API v2 share, and two of them: scheduling, and the token.
// Every body is a JSON object, even that of a GET; any other body is refused with the text that the call has for it.

import { texts } from '../upstream/contract.ts';
import { type Account, newTokenText } from './account.ts';
import { bulkDataOf } from './bulk-data.ts';
import { type Call, mediaType } from './calls.ts';
import { answered, type Decision } from './decision.ts';
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

/** A field's text without blanks around it: the documents' examples write ids and numbers with and without quotes. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
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
