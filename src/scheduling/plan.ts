// The first half of the pass: what is to be sent of a request, and what is told of the rest without sending.
// The same request under the same circumstances makes the same plan, whenever and in whichever process.

import type { CountryCode } from 'libphonenumber-js/max';
import { hoursCheckOf } from '../campaigns/calling-hours.ts';
import { ruleText } from '../config/calling-hours.ts';
import type { CampaignDefinition } from '../config/campaigns.ts';
import type { CharacterRules } from '../config/fields.ts';
import { giveWay } from '../foundation/event-loop.ts';
import { timeZone } from '../foundation/time-zone.ts';
import type { Origin } from '../telemetry/events.ts';
import type { Failure, Identity, Outcome } from './outcome.ts';
import { type CampaignRecord, type CheckedRecord, createRecordCheck, type RecordCheck } from './record.ts';
import type { RecordFailure } from './record-problem.ts';

/** Sentences: what is to be done, or is done by itself. */
export interface RetryAdvice {
  /** With what was certainly not accepted. `when`: `later`, or `in 5 s`. */
  notAccepted(when: string): string;
  /** With what may have been accepted. */
  unknown: string;
  /** With what is unknown since its intention could not be recorded. */
  unrecorded: string;
}

export interface ScheduleRequest {
  campaignName: string;
  records: readonly CampaignRecord[];
  /** IANA; undefined: the campaign's, else the account's. */
  timeZone: string | undefined;
  duplicates: 'ALLOW' | 'SKIP';
  errorPolicy: 'REJECT_FAILED_RECORDS' | 'REJECT_EVERYTHING';
  idempotencyKey: string | undefined;
  validateOnly: boolean;
  /** Who asks: idempotency keys belong to it, and callers take turns. */
  credential: string;
  /** Whose rate the records are taken from. @default the credential's */
  rateHolder?: string | undefined;
  /** How many records it may schedule, and validate. @default as many as come */
  recordsPerMinute?: number | undefined;
  /** Ids of rows of the same numbers that the dialer had before. @default none is known */
  known?: ReadonlySet<string> | undefined;
  /** What records are told that were not accepted, or are unknown. @default what a caller of the API is to do */
  advice?: RetryAdvice | undefined;
  /** Whom the dialer is asked for. */
  origin?: Origin;
  /** Takes what nobody expected. */
  report?: (error: unknown) => void;
}

/** All that a plan depends on besides the request. Survives JSON. */
export interface PlanCircumstances extends CharacterRules {
  /** Epoch milliseconds. */
  now: number;
  horizonDays: number;
  region: CountryCode;
  /** The zone of times that state no offset, and the one on whose clock the dialer reads times. */
  inputZone: string;
  dialerZone: string;
  campaign: CampaignDefinition;
  /** Records of numbers that were suppressed when the plan was first made, by position. Undefined: there were none. */
  suppressed?: readonly number[] | undefined;
}

/** Whether the number of the record at a position is never to be called. */
export type SuppressionCheck = (e164: string, position: number) => boolean;

/** A request's records are checked as they are wanted: the first hundred may be on their way before the last is read. */
export class Plan {
  readonly campaignName: string;
  readonly checkDuplicate: boolean;
  readonly dialerZone: string;
  /** How many records the request has. */
  readonly total: number;
  readonly credential: string;
  readonly origin: Origin | undefined;
  readonly known: ReadonlySet<string> | undefined;
  /** Those that passed so far, in input order. */
  readonly candidates: CheckedRecord[] = [];
  /** One result for each record read that is no candidate, at its index. */
  readonly results: Outcome[];
  /** The positions of records whose numbers are never to be called, so far. */
  readonly suppressed: number[] = [];
  readonly #request: ScheduleRequest;
  readonly #check: RecordCheck;
  /** By phone number, the first candidate's index; null where duplicates are allowed. */
  readonly #firsts: Map<string, number> | null;
  #read = 0;

  constructor(
    request: ScheduleRequest,
    circumstances: PlanCircumstances,
    isSuppressed: SuppressionCheck | undefined,
  ) {
    const { now, horizonDays, region, inputZone, dialerZone, campaign } = circumstances;
    const { callingHours } = campaign;
    this.campaignName = request.campaignName;
    this.checkDuplicate = request.duplicates === 'SKIP';
    this.dialerZone = dialerZone;
    this.total = request.records.length;
    this.credential = request.credential;
    this.origin = request.origin;
    this.known = request.known;
    this.results = new Array<Outcome>(this.total);
    this.#request = request;
    this.#check = recordCheck(region)({
      now,
      horizonDays,
      unsafeCharacters: circumstances.unsafeCharacters,
      nameCharacters: circumstances.nameCharacters,
      campaign,
      inputZone: timeZone(inputZone),
      dialerZone: timeZone(dialerZone),
      hours: hoursCheckOf(callingHours, timeZone(dialerZone)),
      hoursRule: callingHours === undefined ? '' : ruleText(callingHours),
      isSuppressed:
        isSuppressed === undefined ? null : (e164: string) => this.#isSuppressed(e164, isSuppressed),
    });
    this.#firsts = this.checkDuplicate ? new Map() : null;
  }

  /** Checks records until there are so many candidates, or no record is left. May be under way more than once. */
  async readTo(count: number): Promise<void> {
    for (let n = 1; this.candidates.length < count && this.#read < this.total; n++) {
      this.#readNext();
      if (n % recordsPerTurn === 0) await giveWay();
    }
  }

  /** Sends none of the candidates. */
  withhold(message: string): void {
    for (const record of this.candidates) {
      record.message = message;
      this.results[record.index] = record;
    }
    this.candidates.length = 0;
  }

  #readNext(): void {
    const index = this.#read++;
    let record: CheckedRecord | RecordFailure;
    try {
      record = this.#check(this.#request.records[index] as CampaignRecord, index);
    } catch (error) {
      // Its neighbours may be on their way already, and are owed their answers.
      this.#request.report?.(error);
      this.#settle(index, { kind: 'DialerUnavailableError', message: notChecked });
      return;
    }
    if (!('values' in record)) {
      this.#settle(index, record);
      return;
    }
    const firstIndex = this.#firsts?.get(record.phoneNumber);
    if (firstIndex === undefined) {
      this.#firsts?.set(record.phoneNumber, index);
      this.candidates.push(record);
      return;
    }
    const message = `Skipped: record ${firstIndex} of this request has the same phone number.`;
    this.#settle(index, { kind: 'DuplicateRecordError', message, firstIndex });
  }

  /** Of the record that is read. */
  #isSuppressed(e164: string, isSuppressed: SuppressionCheck): boolean {
    const position = this.#read - 1;
    const is = isSuppressed(e164, position);
    if (is) this.suppressed.push(position);
    return is;
  }

  #settle(index: number, failure: Failure): void {
    this.results[index] = { ...identityOf(this.#request, index), ...failure };
  }
}

const notChecked = 'Not sent: this record could not be checked, for an unexpected error in this service.';

/** They take a fraction of a millisecond. */
const recordsPerTurn = 50;

/** What is to be sent, which is nothing where the request says so. */
export async function makePlan(
  request: ScheduleRequest,
  circumstances: PlanCircumstances,
  isSuppressed?: SuppressionCheck,
): Promise<Plan> {
  const plan = new Plan(request, circumstances, isSuppressed);
  if (request.validateOnly) {
    await plan.readTo(Infinity);
    plan.withhold('Valid, and not sent: this request only validates.');
  } else if (request.errorPolicy === 'REJECT_EVERYTHING') {
    await plan.readTo(Infinity);
    if (plan.results.some((result) => result.kind !== 'DuplicateRecordError'))
      plan.withhold(
        'Valid, and not sent: other records of this request are not, and its errorPolicy is REJECT_EVERYTHING.',
      );
  }
  return plan;
}

/** A record's place in the input, and what its caller calls it. */
export function identityOf({ records }: ScheduleRequest, index: number): Identity {
  return { index, reference: records[index]?.reference ?? null };
}

const checks = new Map<CountryCode, ReturnType<typeof createRecordCheck>>();

/** The rules of a region, compiled once. */
function recordCheck(region: CountryCode) {
  let check = checks.get(region);
  if (check === undefined) {
    check = createRecordCheck(region);
    checks.set(region, check);
  }
  return check;
}
