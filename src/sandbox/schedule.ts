// The rules for adding rows to a campaign, the same in v1 and v2, and their replies.
// A mistake in the map, a date, a priority or an agent id has the whole request refused. A missing number and a filtered
// duplicate are told in the row's own entry, and the other rows are accepted.
// One rule is the sandbox's own: a row whose Name is exactly POISON has its whole request refused with "Wrong Date format". So a
// test can send a bad row that no check of the client finds.

import type { CampaignDefinition } from '../config/campaigns.ts';
import type { CharacterRules } from '../config/fields.ts';
import {
  type BulkData,
  headers,
  maxPriority,
  maxRowsPerRequest,
  minPriority,
  texts,
} from '../upstream/contract.ts';
import type { BulkDataState } from './bulk-data.ts';
import { instantOf, isDate, isDateTime, wallClock } from './clock.ts';
import { type Decision, refused } from './decision.ts';
import type { Dialect, Ledger, NewRow } from './ledger.ts';
import { type Replay, replayedFields } from './replay.ts';

export const poisonName = 'POISON';

/** Sentences in the sandbox's own words, since the public documents do not print the upstream's. */
export const sandboxTexts = {
  missingPhoneNumber: 'Mandatory parameter PhoneNumber is missing',
  invalidBulkData: 'Invalid bulkData',
  tooManyRows: `${maxRowsPerRequest} records per request are allowed`,
  invalidPriority: 'Invalid Priority',
  invalidName: 'Special characters are not allowed in Name',
  missingAgentId: 'AgentID is mandatory for Agentwise campaigns',
  unknownHeader: (header: string) => `Header ${header} is not defined in the mapping of the campaign`,
  // The documents print a garbled object as `message`: the sandbox keeps its shape, and names the parameter.
  missingBulkData: { '0-0': 'Missing bulkData', '0-1': 'Mandatory parameter bulkData is missing' },
} as const;

/** A scheduling request of either dialect. */
export interface ScheduleCall {
  readonly dialect: Dialect;
  /** Why no field of the body can be read; false where they can. */
  readonly unreadable: string | false;
  readonly campaignName: string;
  /** Whether it has the account's credentials. */
  readonly trusted: boolean;
  readonly bulkData: BulkDataState;
  readonly checkDuplicate: boolean;
  readonly requestNumber: number;
}

export interface ScheduleRules {
  readonly campaigns: ReadonlyMap<string, CampaignDefinition>;
  readonly ledger: Ledger;
  readonly timeZone: string;
  readonly horizonDays: number | undefined;
  readonly replay: Replay;
  readonly nameCharacters: CharacterRules['nameCharacters'];
  now(): number;
  /** The entry of a row that is not accepted; undefined: the rules of this file decide. */
  ownEntry(campaignName: string, fields: Readonly<Record<string, string>>): OwnEntry | undefined;
}

/** The words of a row's entry; the row is not accepted. */
export interface OwnEntry {
  readonly response: 'success' | 'error';
  readonly msg: string;
}

/** Decides a scheduling request in one pass over its rows. */
export function decideSchedule(call: ScheduleCall, rules: ScheduleRules): Decision {
  if (call.unreadable !== false) return refused(call.unreadable);
  const campaign = rules.campaigns.get(call.campaignName);
  if (!call.trusted || campaign === undefined) return refused(texts.accountOrCampaign);
  const { bulkData } = call;
  if (bulkData === 'missing') return refused(sandboxTexts.missingBulkData);
  if (bulkData === 'invalid') return refused(sandboxTexts.invalidBulkData);
  const now = rules.now();
  const fault =
    faultOfMap(bulkData, campaign) ??
    faultOfRows(bulkData, campaign, windowAt(now, campaign, rules)) ??
    (rules.nameCharacters === 'vendor' ? faultOfNames(bulkData) : undefined);
  return fault === undefined ? decideRows(call, bulkData, rules, now) : refused(fault);
}

function faultOfMap({ map, data }: BulkData, campaign: CampaignDefinition): string | undefined {
  if (data.length > maxRowsPerRequest) return sandboxTexts.tooManyRows;
  if (!map.includes(headers.scheduledTime)) return texts.missingScheduledTime;
  if (new Set(map).size !== map.length) return sandboxTexts.invalidBulkData;
  const known = campaign.headers;
  if (known === undefined) return undefined;
  const unknown = map.find(
    (header) => header !== headers.phoneNumber && header !== headers.scheduledTime && !known.includes(header),
  );
  return unknown === undefined ? undefined : sandboxTexts.unknownHeader(unknown);
}

function faultOfRows(
  { map, data }: BulkData,
  campaign: CampaignDefinition,
  window: Window,
): string | undefined {
  const time = map.indexOf(headers.scheduledTime);
  const name = map.indexOf(headers.name);
  const expiry = map.indexOf(headers.expiryDate);
  const priority = map.indexOf(headers.priority);
  const agent = map.indexOf(headers.agentId);
  if (data.some((row) => row.length !== map.length)) return sandboxTexts.invalidBulkData;
  for (const row of data) {
    const at = row[time] ?? '';
    if (!isDateTime(at) || at < window.from || at > window.to) return texts.wrongDateFormat;
    const until = row[expiry] ?? '';
    if (until !== '' && !isDateTime(until) && !isDate(until)) return texts.wrongDateFormat;
    if (row[name] === poisonName) return texts.wrongDateFormat;
  }
  for (const row of data) if (!isPriority(row[priority] ?? '')) return sandboxTexts.invalidPriority;
  if (campaign.routing === 'agent-wise' && data.some((row) => (row[agent] ?? '').trim() === ''))
    return sandboxTexts.missingAgentId;
  return undefined;
}

/** Applies the vendor's rule for names, from its bulk API (V4), to the names as decoded. */
function faultOfNames({ map, data }: BulkData): string | undefined {
  const name = map.indexOf(headers.name);
  const isForeign = (row: readonly string[]) => /[^a-zA-Z0-9_ ().+$%:-]/.test(row[name] ?? '');
  return data.some(isForeign) ? sandboxTexts.invalidName : undefined;
}

interface Window {
  readonly from: string;
  readonly to: string;
}

function windowAt(
  now: number,
  campaign: CampaignDefinition,
  { timeZone, horizonDays }: ScheduleRules,
): Window {
  const zone = zoneOf(campaign, timeZone);
  return {
    from: wallClock(now, zone),
    to: horizonDays === undefined ? '9999-12-31 23:59:59' : wallClock(now + horizonDays * 86_400_000, zone),
  };
}

/** The zone of a campaign's scheduled times. */
export function zoneOf(campaign: CampaignDefinition | undefined, accountZone: string): string {
  return campaign?.timeZone ?? accountZone;
}

function isPriority(text: string): boolean {
  return (
    text === '' || (/^\d{1,2}$/.test(text) && Number(text) >= minPriority && Number(text) <= maxPriority)
  );
}

function decideRows(
  call: ScheduleCall,
  { map, data }: BulkData,
  { ledger, replay, ownEntry, campaigns, timeZone }: ScheduleRules,
  createdAt: number,
): Decision {
  const { campaignName, dialect, requestNumber } = call;
  const zone = zoneOf(campaigns.get(campaignName), timeZone);
  const entries: Entry[] = [];
  const accepted: { index: number; row: NewRow }[] = [];
  const inRequest = new Set<string>();
  data.forEach((cells, index) => {
    const fields = Object.fromEntries(map.map((header, column) => [header, cells[column] ?? '']));
    const received = fields[headers.phoneNumber] ?? '';
    const phoneNumber = received.replace(/%2B/gi, '+');
    const add = (response: 'success' | 'error', msg: string) =>
      entries.push(entryOf(response, msg, campaignName, fields, index));

    if (received.trim() === '') {
      add('error', sandboxTexts.missingPhoneNumber);
      return;
    }
    const own = ownEntry(campaignName, fields);
    if (own !== undefined) {
      add(own.response, own.msg);
      return;
    }
    if (call.checkDuplicate && (inRequest.has(phoneNumber) || ledger.holds(campaignName, phoneNumber))) {
      add('success', texts.numberExists);
      return;
    }
    inRequest.add(phoneNumber);
    const scheduledTime = fields[headers.scheduledTime] ?? '';
    const replayed = replayedFields(fields, replay);
    const row = { campaignName, dialect, phoneNumber, scheduledTime, fields, createdAt, requestNumber };
    accepted.push({ index, row: replayed === undefined ? row : { ...row, replayed } });
    add('success', texts.updated);
  });
  return {
    reply: { status: 'success', message: entries },
    rows: data.length,
    commit(limit = data.length) {
      for (const { index, row } of accepted)
        if (index < limit) ledger.accept(row, instantOf(row.scheduledTime, zone));
    },
  };
}

/** One row's entry in `message`. The upstream spells `ScheduleTime` here, and `index` is text. */
export interface Entry {
  readonly Response: string;
  readonly ScheduleTime: string;
  readonly campaign_name: string;
  readonly PhoneNumber: string;
  readonly Name: string;
  readonly AgentID: string;
  readonly skill: string;
  readonly msg: string;
  readonly index: string;
}

function entryOf(
  response: string,
  msg: string,
  campaignName: string,
  fields: Readonly<Record<string, string>>,
  index: number,
): Entry {
  return {
    Response: response,
    ScheduleTime: fields[headers.scheduledTime] ?? '',
    campaign_name: campaignName,
    PhoneNumber: fields[headers.phoneNumber] ?? '',
    Name: fields[headers.name] ?? '',
    AgentID: fields[headers.agentId] ?? '',
    skill: fields[headers.skill] ?? '',
    msg,
    index: String(index),
  };
}
