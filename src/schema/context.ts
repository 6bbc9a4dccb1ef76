// What a resolver knows of its request: the caller, the caller's account, and how much memory the request may still hold.

import type { Caller } from '../auth/callers.ts';
import type { CampaignStatuses } from '../campaigns/status.ts';
import type { CallingHours } from '../config/calling-hours.ts';
import type { CampaignDefinitions } from '../config/campaigns.ts';
import type { CampaignStatus } from '../dialer/chunk.ts';
import type { StopSignal } from '../foundation/cancellation.ts';
import type { Owner } from '../imports/import.ts';
import type { Imports } from '../imports/imports.ts';
import type { Records } from '../records/records.ts';
import type { Snapshot } from '../records/snapshots.ts';
import type { Scheduling } from '../scheduling/scheduling.ts';
import type { IncomingRequest } from '../telemetry/events.ts';

export interface Context {
  caller: Caller;
  account: Account;
  /** What telemetry is told of the HTTP request. */
  request: IncomingRequest;
  allowance: Allowance;
  loaders: Loaders;
  /** Aborted when the caller closes the connection before it has the answer. */
  signal: StopSignal;
}

/** What can be done for an account: one member for each room that does something. */
export interface Account {
  readonly scheduling: Scheduling;
  readonly records: Records;
  readonly imports: Imports;
  readonly limits: Limits;
  /** What the dialer says of its campaigns, and what is configured of them. */
  readonly statuses: CampaignStatuses;
  readonly campaigns: CampaignDefinitions;
  /** Of campaigns that have none of their own. */
  readonly callingHours: CallingHours | undefined;
}

/** What is asked for once a request, however many of its fields want it. */
export interface Loaders {
  campaignStatus(campaignName: string): Promise<CampaignStatus>;
  /** Rejects as Records.list does. */
  scheduledRecords(): Promise<Snapshot>;
}

/** What an account may send, and its defaults. */
export interface Limits {
  maxRecordsPerMutation: number;
  idempotencyKeyHours: number;
  horizonDays: number;
  timeZone: string;
  region: string;
  imports: ImportLimits;
}

/** What a file may be, and how many of them there may be at a time. */
export interface ImportLimits {
  maxFileBytes: number;
  maxDecodedBytes: number;
  maxRows: number;
  maxRowBytes: number;
  maxColumns: number;
  /** Of one account. */
  running: number;
  waiting: number;
  keptMs: number;
}

/** The records that one request may hold in memory, all of its fields together. */
export interface Allowance {
  /** How many records the request's fields hold so far. */
  records: number;
  /**
   * Reserves memory for so many records in all. `later`: too little is free at the moment. `never`: one caller may not have
   * so much.
   */
  hold(records: number): 'held' | 'later' | 'never';
}

/** As whom a caller owns imports. */
export function ownerOf({ account, id, recordsPerMinute, campaigns }: Caller): Owner {
  return { account, credential: id, recordsPerMinute, campaigns };
}
