// Digests that stand for a key, a request and its plan, in the store and in this process. The same request has the same digest
// however it is written: an absent value, null, an empty text and blanks are the same, and invisible characters do not count.

import { giveWay } from '../../foundation/event-loop.ts';
import type { Plan, ScheduleRequest } from '../plan.ts';
import type { CampaignRecord, CheckedRecord } from '../record.ts';
import { cleanText } from '../text.ts';
import type { KeyStore } from './key-store.ts';

type Digest = KeyStore['digest'];

/** Raised with every change of `digestInput`. A key that was used with another version is answered as such. */
const inputVersion = 3;

/** A key belongs to the credential that it came with. `former`: digests of earlier versions, under which it may be kept. */
export function digestKey(digest: Digest, { credential }: ScheduleRequest, key: string) {
  const text = cleanText(key);
  return { key: digest(JSON.stringify(['key', credential, text])), formerKeys: [digest(text)] };
}

/** Of everything that the answer depends on, in an order that no client and no library chooses. */
export async function digestInput(digest: Digest, request: ScheduleRequest): Promise<string> {
  const { campaignName, timeZone, duplicates, errorPolicy, records } = request;
  const rowOf = (record: CampaignRecord) => parts.map((part) => part(record));
  const head = [campaignName, timeZone ?? null, duplicates, errorPolicy];
  return `${inputVersion}:${await digestAll(digest, head, records, rowOf)}`;
}

/** One for each field, so that a new field does not compile without one: another value of it makes another request. */
const partOf: Record<keyof CampaignRecord, (record: CampaignRecord) => unknown> = {
  reference: ({ reference }) => reference ?? null,
  phoneNumber: ({ phoneNumber }) => textOf(phoneNumber),
  scheduledTime: ({ scheduledTime }) => textOf(scheduledTime),
  name: ({ name }) => textOf(name),
  priority: ({ priority }) => priority ?? null,
  expiryDate: ({ expiryDate }) => textOf(expiryDate),
  agentId: ({ agentId }) => textOf(agentId),
  skill: ({ skill }) => textOf(skill),
  customFields: ({ customFields }) =>
    (customFields ?? []).map(({ header, value }) => [textOf(header), textOf(value)]),
};
const parts = Object.values(partOf);

export function digestPlan(digest: Digest, { dialerZone, candidates }: Plan): Promise<string> {
  const rowOf = ({ index, columns, values }: CheckedRecord) => [index, columns.join(), values];
  return digestAll(digest, [dialerZone], candidates, rowOf);
}

function textOf(written: string | null | undefined): string {
  return written ? cleanText(written) : '';
}

/** A digest of digests, so that a long list gives way in between. */
async function digestAll<Item>(
  digest: Digest,
  head: readonly unknown[],
  items: readonly Item[],
  rowOf: (item: Item) => unknown,
): Promise<string> {
  const digests: string[] = [];
  for (let start = 0; start < items.length; start += itemsPerDigest) {
    if (start > 0) await giveWay();
    digests.push(digest(JSON.stringify(items.slice(start, start + itemsPerDigest).map(rowOf))));
  }
  return digest(JSON.stringify([head, items.length, digests]));
}

/** So many take about a millisecond. */
const itemsPerDigest = 500;
