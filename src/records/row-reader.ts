// Reads a listed row as callers write and see records: the number in E.164, times as instants, values as they were meant.

import type { CountryCode } from 'libphonenumber-js/max';
import type { CampaignDefinitions } from '../config/campaigns.ts';
import type { CharacterRules } from '../config/fields.ts';
import { phoneDigits, samePhone } from '../dialer/dialed-number.ts';
import type { ListedRow } from '../dialer/listed-row.ts';
import { memoize } from '../foundation/memo.ts';
import { type TimeZone, timeZone } from '../foundation/time-zone.ts';
import { parseExpiry, parseTime } from '../scheduling/dialer-time.ts';
import { createPhoneNumberParser } from '../scheduling/phone-number.ts';
import type { CampaignRecord as CampaignRecordInput } from '../scheduling/record.ts';
import { cleanText } from '../scheduling/text.ts';
import { decodeValue } from '../scheduling/value-text.ts';
import { headers as known } from '../upstream/contract.ts';
import { type Handoff, handoffOf } from './handoff.ts';

/** A row as callers see it. */
export interface CampaignRecord {
  id: string;
  campaignName: string;
  /** E.164 where it can be told, else as the dialer has it. */
  phoneNumber: string;
  /** Epoch milliseconds; null where the dialer's text is no time of its clock. */
  scheduledTime: number | null;
  /** The same on the dialer's clock, as it is written there. */
  dialerTime: string;
  /** Epoch milliseconds; null where the dialer does not say. */
  createdTime: number | null;
  headers: readonly { header: string; value: string }[];
  handoff: Handoff;
  /** In the dialer's own words; null before. */
  handoffTime: number | null;
}

export interface RowReaderOptions extends Pick<CharacterRules, 'unsafeCharacters'> {
  region: CountryCode;
  /** The account's zone. */
  timeZone: string;
  campaigns: CampaignDefinitions;
}

export interface RowReader {
  /** The zone on whose clock the dialer reads a campaign's times. */
  zoneOf(campaignName: string): TimeZone;
  /** The instant of the row's time; Infinity where it has none. */
  timeOf(row: ListedRow): number;
  /** Whether the row is of a number in E.164. */
  hasNumber(row: ListedRow, e164: string): boolean;
  /** E.164; undefined where the text is no number. */
  numberOf(text: string): string | undefined;
  /** The row's number in E.164; undefined where it cannot be told. */
  numberOfRow(row: ListedRow): string | undefined;
  /** What a caller would have written to schedule it, without its time. */
  recordOf(row: ListedRow): Omit<CampaignRecordInput, 'scheduledTime'>;
  /** `time`: what `timeOf` says of it. */
  read(row: ListedRow, time: number): CampaignRecord;
}

/** Lists have many rows with the same times, and few zones. */
const rememberedTimes = 10_000;

export function createRowReader({
  region,
  campaigns,
  unsafeCharacters,
  ...account
}: RowReaderOptions): RowReader {
  const parse = createPhoneNumberParser(region);
  const accountZone = timeZone(account.timeZone);
  const zones = new Map(
    Object.entries(campaigns).map(([name, { timeZone: zone }]) => [
      name,
      zone ? timeZone(zone) : accountZone,
    ]),
  );
  const zoneOf = (campaignName: string) => zones.get(campaignName) ?? accountZone;
  const instantsOf = memoize(100, (zone: TimeZone) =>
    memoize(rememberedTimes, (text: string) => {
      const instant = parseTime(text, zone);
      return typeof instant === 'number' ? instant : null;
    }),
  );
  const instantOf = (text: string | null, zone: TimeZone) => (text === null ? null : instantsOf(zone)(text));

  const numberOf = (text: string) => {
    const number = parse(cleanText(text));
    return 'e164' in number ? number.e164 : undefined;
  };
  // The dialer dials what has no country code in its own region, whatever else people may read it as.
  const numberOfRow = ({ number: written }: ListedRow) => {
    const number = parse(cleanText(writtenNumber(written)));
    return 'e164' in number ? number.e164 : number.readings?.[0];
  };
  const headersOf = ({ columns }: ListedRow) =>
    columns.map(({ header, value }) => ({ header, value: decodeValue(value, { unsafeCharacters }) }));

  return {
    zoneOf,
    timeOf: ({ scheduledTime, campaignName }) => instantOf(scheduledTime, zoneOf(campaignName)) ?? Infinity,
    hasNumber(row, e164) {
      // Most rows are of another number, which their last digits tell.
      const digits = phoneDigits(e164) ?? '';
      const { phone } = row;
      return phone !== null && samePhone(phone, digits) && (numberOfRow(row) ?? `+${phone}`) === e164;
    },
    numberOf,
    numberOfRow,
    recordOf(row) {
      // Rows that came with others have columns of the others, without a value.
      const columns = headersOf(row).filter(({ value }) => value !== '');
      const valueIn = (name: string) => columns.find(({ header }) => header === name)?.value;
      const fields: readonly string[] = Object.values(known);
      return {
        phoneNumber: numberOfRow(row) ?? row.number,
        name: valueIn(known.name),
        priority: numberIn(valueIn(known.priority)),
        expiryDate: withOffset(valueIn(known.expiryDate), zoneOf(row.campaignName)),
        agentId: valueIn(known.agentId),
        skill: valueIn(known.skill),
        customFields: columns.filter(({ header }) => !fields.includes(header)),
      };
    },
    read: (row, time) => ({
      id: row.id,
      campaignName: row.campaignName,
      phoneNumber: numberOfRow(row) ?? row.number,
      scheduledTime: time === Infinity ? null : time,
      dialerTime: row.scheduledTime,
      createdTime: instantOf(row.createdTime, accountZone),
      headers: headersOf(row),
      handoff: handoffOf(row),
      handoffTime: instantOf(row.sentTime, accountZone),
    }),
  };
}

/** NaN is refused as any other priority that is none. */
function numberIn(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

/** The dialer's own text, for a caller whose times may be of another zone. */
function withOffset(expiry: string | undefined, zone: TimeZone): string | undefined {
  const instant = expiry === undefined ? undefined : parseExpiry(expiry, zone);
  return typeof instant === 'number' ? new Date(instant).toISOString() : expiry;
}

/** The vendor's samples write a plus as %2B, and where it was not encoded it has become a blank. */
function writtenNumber(number: string): string {
  return number.replace(/^(?:%2B| )(?=\d)/i, '+');
}
