// The scheduling pass: check every record, cut what passed into chunks, send them, and give every record its own
// outcome, in input order. A record leaves this file sent once or not at all: nothing is sent again but the parts of a
// chunk that the dialer refused as a whole, which it thereby did not accept.

import type { CountryCode } from 'libphonenumber-js/max';
import type { CampaignDefinitions } from '../config.ts';
import type { Dialer } from '../dialer/client.ts';
import { headers, maxRowsPerRequest } from '../dialer/contract.ts';
import type { ChunkAnswer, Refusal, RowAnswer } from '../dialer/dialect.ts';
import { timeZone } from '../time-zone.ts';
import {
  accepted,
  type Failure,
  type Outcome,
  refused,
  type Scheduled,
  type ScheduleStatus,
  type Summary,
  statusOf,
  summarise,
  type Valid,
} from './outcome.ts';
import { type CampaignRecord, type CheckedRecord, createRecordCheck } from './record.ts';

export interface ScheduleRequest {
  campaignName: string;
  records: readonly CampaignRecord[];
  /** IANA; undefined: the campaign's, else the account's. */
  timeZone: string | undefined;
  duplicates: 'ALLOW' | 'SKIP';
  errorPolicy: 'REJECT_FAILED_RECORDS' | 'REJECT_EVERYTHING';
  validateOnly: boolean;
}

export interface ScheduleResult {
  campaignName: string;
  status: ScheduleStatus;
  summary: Summary;
  results: Outcome[];
}

export interface SchedulingOptions {
  region: CountryCode;
  /** The account's zone. */
  timeZone: string;
  horizonDays: number;
  campaigns: CampaignDefinitions;
}

export interface Scheduling {
  /** One result per record, in input order, however the dialer answers. An aborted signal stops what was not sent yet. */
  schedule(request: ScheduleRequest, signal?: AbortSignal): Promise<ScheduleResult>;
}

export function createScheduling(options: SchedulingOptions, dialer: Dialer, now: () => number): Scheduling {
  const check = createRecordCheck(options.region);

  return {
    async schedule(request, signal) {
      const { campaignName, records, errorPolicy, validateOnly } = request;
      const campaign = Object.hasOwn(options.campaigns, campaignName)
        ? (options.campaigns[campaignName] ?? {})
        : {};
      const dialerZone = timeZone(campaign.timeZone ?? options.timeZone);
      const inputZone = request.timeZone === undefined ? dialerZone : timeZone(request.timeZone);
      const circumstances = { now: now(), horizonDays: options.horizonDays, inputZone, dialerZone, campaign };

      const results = new Array<Outcome>(records.length);
      const settle = (index: number, outcome: Scheduled | Valid | Failure) => {
        results[index] = { index, reference: records[index]?.reference ?? null, ...outcome };
      };

      let passed: Candidate[] = [];
      let invalid = 0;
      for (const [index, written] of records.entries()) {
        const record = check(written, circumstances);
        if ('row' in record) passed.push({ index, record });
        else {
          invalid++;
          settle(index, record);
        }
      }
      if (request.duplicates === 'SKIP') passed = skipDuplicates(passed, settle);

      if (validateOnly || (errorPolicy === 'REJECT_EVERYTHING' && invalid > 0)) {
        const message = validateOnly
          ? 'Valid, and not sent: this request only validates.'
          : 'Valid, and not sent: other records of this request are not, and its errorPolicy is REJECT_EVERYTHING.';
        for (const { index, record } of passed)
          settle(index, { kind: 'ValidRecord', ...accepted(record, dialerTimeOf(record), message) });
      } else {
        const sending = new Sending(dialer, campaignName, request.duplicates === 'SKIP', settle, signal);
        await sending.sendAll(passed);
      }

      const summary = summarise(results);
      return { campaignName, status: statusOf(summary, validateOnly), summary, results };
    },
  };
}

interface Candidate {
  index: number;
  record: CheckedRecord;
}

type Settle = (index: number, outcome: Scheduled | Valid | Failure) => void;

/** Keeps the first record of each number; the others are told where it stands. */
function skipDuplicates(candidates: readonly Candidate[], settle: Settle): Candidate[] {
  const firsts = new Map<string, number>();
  return candidates.filter(({ index, record: { phoneNumber } }) => {
    const firstIndex = firsts.get(phoneNumber);
    if (firstIndex === undefined) {
      firsts.set(phoneNumber, index);
      return true;
    }
    const message = `Skipped: record ${firstIndex} of this request has the same phone number.`;
    settle(index, { kind: 'DuplicateRecordError', message, firstIndex });
    return false;
  });
}

/** The sending half of one pass. Once the account or the campaign is refused, nothing more is sent. */
class Sending {
  readonly #dialer: Dialer;
  readonly #campaignName: string;
  readonly #checkDuplicate: boolean;
  readonly #settle: Settle;
  readonly #signal: AbortSignal | undefined;
  #accountRefusal: Refusal | null = null;

  constructor(
    dialer: Dialer,
    campaignName: string,
    checkDuplicate: boolean,
    settle: Settle,
    signal: AbortSignal | undefined,
  ) {
    this.#dialer = dialer;
    this.#campaignName = campaignName;
    this.#checkDuplicate = checkDuplicate;
    this.#settle = settle;
    this.#signal = signal;
  }

  /** No more chunks at a time than the dialer carries, so that a refusal can still stop the rest. */
  async sendAll(candidates: readonly Candidate[]): Promise<void> {
    let next = 0;
    const lane = async () => {
      while (next < candidates.length) {
        const chunk = candidates.slice(next, next + maxRowsPerRequest);
        next += chunk.length;
        await this.#send(chunk);
      }
    };
    const lanes = Math.min(this.#dialer.concurrency, Math.ceil(candidates.length / maxRowsPerRequest));
    await Promise.all(Array.from({ length: lanes }, lane));
  }

  async #send(chunk: readonly Candidate[]): Promise<void> {
    const answer = await this.#ask(chunk);
    if (answer.kind === 'refused') {
      if (answer.refusal.reason === 'account-or-campaign') this.#accountRefusal = answer.refusal;
      else if (chunk.length > 1) {
        // One bad row costs its neighbours the request. Halving finds k bad rows among n in about 2k·log2(n/k) requests.
        const middle = Math.ceil(chunk.length / 2);
        await this.#send(chunk.slice(0, middle));
        await this.#send(chunk.slice(middle));
        return;
      }
    }
    for (const [position, candidate] of chunk.entries())
      this.#settle(candidate.index, outcomeOf(answer, position, candidate.record));
  }

  #ask(chunk: readonly Candidate[]): Promise<ChunkAnswer> | ChunkAnswer {
    if (this.#accountRefusal !== null) return { kind: 'refused', refusal: this.#accountRefusal };
    if (this.#signal?.aborted) return { kind: 'unavailable', reason: 'the caller went away' };
    return this.#dialer.schedule(
      {
        campaignName: this.#campaignName,
        checkDuplicate: this.#checkDuplicate,
        bulkData: buildBulkData(chunk.map(({ record }) => record.row)),
      },
      this.#signal,
    );
  }
}

/** One map for all rows, of the headers that any of them uses; the mandatory two come first. */
function buildBulkData(rows: readonly ReadonlyMap<string, string>[]) {
  const used = new Set<string>();
  for (const row of rows) for (const header of row.keys()) used.add(header);
  const map = [...used];
  return { map, data: rows.map((row) => map.map((header) => row.get(header) ?? '')) };
}

function outcomeOf(answer: ChunkAnswer, position: number, record: CheckedRecord): Scheduled | Failure {
  const sentTime = dialerTimeOf(record);
  switch (answer.kind) {
    case 'rows': {
      const row: RowAnswer = answer.rows[position] ?? {
        kind: 'unknown',
        reason: 'the answer has no entry for it',
      };
      if (row.kind === 'scheduled')
        return { kind: 'ScheduledRecord', ...accepted(record, row.dialerTime ?? sentTime, row.text) };
      return row.kind === 'refused' ? refused(row.refusal, sentTime) : unknown(row.reason);
    }
    case 'refused':
      return refused(answer.refusal, sentTime);
    case 'throttled':
      return {
        kind: 'DialerThrottledError',
        message: `Not accepted: the dialer asks for fewer requests ("${answer.text}"). Send this record again ${
          answer.retryAfterSeconds === null ? 'later' : `in ${answer.retryAfterSeconds} s`
        }.`,
        retryAfterSeconds: answer.retryAfterSeconds,
      };
    case 'unavailable':
      return {
        kind: 'DialerUnavailableError',
        message: `Not accepted: ${answer.reason}. Send this record again later.`,
      };
    case 'unknown':
      return unknown(answer.reason);
    default:
      return answer satisfies never;
  }
}

function unknown(reason: string): Failure {
  return {
    kind: 'OutcomeUnknownError',
    message: `Sent, and nobody can tell whether the dialer took it: ${reason}. Do not send it again before you have looked in the dialer.`,
  };
}

function dialerTimeOf(record: CheckedRecord): string {
  return record.row.get(headers.scheduledTime) ?? '';
}
