// The first half of the pass: what is to be sent of a request, and what is told of the rest without sending.
// The same request under the same circumstances makes the same plan, whenever and in whichever process.

import type { CountryCode } from 'libphonenumber-js/max';
import type { CampaignDefinition } from '../config.ts';
import { headers } from '../dialer/contract.ts';
import { timeZone } from '../time-zone.ts';
import { accepted, type Failure, type Outcome, type Scheduled, type Valid } from './outcome.ts';
import { type CampaignRecord, type CheckedRecord, createRecordCheck } from './record.ts';

export interface ScheduleRequest {
  campaignName: string;
  records: readonly CampaignRecord[];
  /** IANA; undefined: the campaign's, else the account's. */
  timeZone: string | undefined;
  duplicates: 'ALLOW' | 'SKIP';
  errorPolicy: 'REJECT_FAILED_RECORDS' | 'REJECT_EVERYTHING';
  idempotencyKey: string | undefined;
  validateOnly: boolean;
}

/** All that a plan depends on besides the request. Survives JSON. */
export interface PlanCircumstances {
  /** Epoch milliseconds. */
  now: number;
  horizonDays: number;
  region: CountryCode;
  /** The zone of times that state no offset, and the one on whose clock the dialer reads times. */
  inputZone: string;
  dialerZone: string;
  campaign: CampaignDefinition;
}

/** A record that is to be sent. */
export interface Candidate {
  index: number;
  record: CheckedRecord;
}

export interface Plan {
  campaignName: string;
  checkDuplicate: boolean;
  dialerZone: string;
  candidates: readonly Candidate[];
  /** One result for each record that is not a candidate, at its index. */
  results: Outcome[];
}

export function makePlan(request: ScheduleRequest, circumstances: PlanCircumstances): Plan {
  const { campaignName, records, errorPolicy, validateOnly } = request;
  const check = recordCheck(circumstances.region);
  const given = {
    ...circumstances,
    inputZone: timeZone(circumstances.inputZone),
    dialerZone: timeZone(circumstances.dialerZone),
  };
  const results = new Array<Outcome>(records.length);
  const settle: Settle = (index, outcome) => {
    results[index] = identified(request, index, outcome);
  };

  let passed: Candidate[] = [];
  for (const [index, written] of records.entries()) {
    const record = check(written, given);
    if ('row' in record) passed.push({ index, record });
    else settle(index, record);
  }
  const invalid = records.length - passed.length;
  if (request.duplicates === 'SKIP') passed = skipDuplicates(passed, settle);

  if (validateOnly || (errorPolicy === 'REJECT_EVERYTHING' && invalid > 0)) {
    const message = validateOnly
      ? 'Valid, and not sent: this request only validates.'
      : 'Valid, and not sent: other records of this request are not, and its errorPolicy is REJECT_EVERYTHING.';
    for (const { index, record } of passed)
      settle(index, { kind: 'ValidRecord', ...accepted(record, dialerTimeOf(record), message) });
    passed = [];
  }
  const checkDuplicate = request.duplicates === 'SKIP';
  return { campaignName, checkDuplicate, dialerZone: circumstances.dialerZone, candidates: passed, results };
}

/** An outcome with its place in the input. */
export function identified(
  { records }: ScheduleRequest,
  index: number,
  outcome: Scheduled | Valid | Failure,
): Outcome {
  return { index, reference: records[index]?.reference ?? null, ...outcome };
}

/** The time of a record as it is sent. */
export function dialerTimeOf(record: CheckedRecord): string {
  return record.row.get(headers.scheduledTime) ?? '';
}

type Settle = (index: number, outcome: Valid | Failure) => void;

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

type RecordCheck = ReturnType<typeof createRecordCheck>;
const checks = new Map<CountryCode, RecordCheck>();

/** The rules of a region, compiled once. */
function recordCheck(region: CountryCode): RecordCheck {
  let check = checks.get(region);
  if (check === undefined) {
    check = createRecordCheck(region);
    checks.set(region, check);
  }
  return check;
}
