// The call of API v1: one path, with its fields, the key among them, in the query or in a form.
// A form's field wins over the query's, as in PHP's $_REQUEST. A body of any other type is not read at all, so that
// such a request fails as one without fields.

import type { Account } from './account.ts';
import { bulkDataOfForm } from './bulk-data.ts';
import { type Call, mediaType } from './calls.ts';
import type { ScheduleCall } from './schedule.ts';

export function scheduleCallOfV1(
  { message, query, body, requestNumber }: Call,
  account: Account,
): ScheduleCall {
  const fields = new URLSearchParams(query);
  const form = new URLSearchParams(
    message.method === 'POST' && mediaType(message) === 'application/x-www-form-urlencoded' ? body : '',
  );
  const field = (name: string) => form.get(name) ?? fields.get(name);
  const ofForm = bulkDataOfForm(form);
  return {
    dialect: 'v1',
    unreadable: false,
    campaignName: field('campaign_name') ?? '',
    trusted: field('api_key') === account.credentials.apiKey,
    bulkData: ofForm === 'missing' ? bulkDataOfForm(fields) : ofForm,
    checkDuplicate: false,
    requestNumber,
  };
}
