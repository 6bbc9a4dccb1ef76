// Digests that stand for a key, a request and its plan, in the store and in this process. The same request has the same digest
// however it is written: an absent value, null, an empty text and blanks are the same, and invisible characters do not count.

import type { RowRange } from '../../dialer/row-range.ts';
import { giveWay } from '../../foundation/event-loop.ts';
import { maxRowsPerRequest } from '../../upstream/contract.ts';
import type { Plan, ScheduleRequest } from '../plan.ts';
import type { CampaignRecord, CheckedRecord } from '../record.ts';
import { cleanNumeral, cleanText } from '../text.ts';
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
  reference: ({ reference }) => reference || null,
  phoneNumber: ({ phoneNumber }) => numeralOf(phoneNumber),
  scheduledTime: ({ scheduledTime }) => numeralOf(scheduledTime),
  name: ({ name }) => textOf(name),
  priority: ({ priority }) => priority ?? null,
  expiryDate: ({ expiryDate }) => numeralOf(expiryDate),
  agentId: ({ agentId }) => textOf(agentId),
  skill: ({ skill }) => textOf(skill),
  customFields: ({ customFields }) =>
    (customFields ?? []).map(({ header, value }) => [textOf(header), textOf(value)]),
};
const parts = Object.values(partOf);

/** Digests of a plan whose candidates may not all be ready so far. */
export interface PlanDigest {
  /** Of a chunk as a plan is first cut into; null for any other range: it is a part of such chunks. */
  of(range: RowRange): string | null;
  /** Of all candidates, when they are ready. */
  whole(): Promise<string>;
  /** What an earlier version of this service made of them. */
  former(): Promise<string>;
}

export function createPlanDigest(digest: Digest, { dialerZone, candidates }: Plan): PlanDigest {
  const rowOf = ({ index, columns, values }: CheckedRecord) => [index, columns.join(), values];
  const chunks: string[] = [];
  const ofChunk = (start: number): string => {
    const known = chunks[start / maxRowsPerRequest];
    if (known !== undefined) return known;
    const rows = candidates.slice(start, start + maxRowsPerRequest).map(rowOf);
    const made = digest(JSON.stringify(rows));
    chunks[start / maxRowsPerRequest] = made;
    return made;
  };
  return {
    of: ({ start, size }) =>
      start % maxRowsPerRequest === 0 && size === Math.min(maxRowsPerRequest, candidates.length - start)
        ? ofChunk(start)
        : null,
    async whole() {
      for (let start = 0; start < candidates.length; start += maxRowsPerRequest) {
        ofChunk(start);
        await giveWay();
      }
      return digest(JSON.stringify([dialerZone, candidates.length, chunks]));
    },
    former: () => digestAll(digest, [dialerZone], candidates, rowOf),
  };
}

function textOf(written: string | null | undefined): string {
  return written ? cleanText(written) : '';
}

/** As the checks read it: digits of any script, and blanks of any width. */
function numeralOf(written: string | null | undefined): string {
  return written ? cleanNumeral(written) : '';
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
