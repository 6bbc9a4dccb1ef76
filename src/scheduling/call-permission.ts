// Whether a person may be called at all, and whether at the time of the record: the numbers that are never to be called, and the calling
// hours, which refuse a record or move it.

import type { HoursCheck, HoursVerdict } from '../campaigns/calling-hours.ts';
import { maskPhoneNumber } from '../foundation/redaction.ts';
import type { TimeZone } from '../foundation/time-zone.ts';
import { formatDialerTime, instantIn, type TimesAhead } from './dialer-time.ts';
import { type Finding, quote } from './record-problem.ts';

export interface CallRules {
  /** Null: calls may be made at any time. */
  hours: HoursCheck | null;
  /** The hours' rule in a line, for people. */
  hoursRule: string;
  /** Whether a number, in E.164, is never to be called. Null: none is. */
  isSuppressed: ((e164: string) => boolean) | null;
  /** The zone of times that state no offset. */
  inputZone: TimeZone;
}

interface Called {
  e164: string;
}

export function checkSuppression(
  number: Called | null,
  { isSuppressed }: CallRules,
  findings: Finding[],
): void {
  if (isSuppressed === null || number === null || !isSuppressed(number.e164)) return;
  findings.push({
    kind: 'SuppressedNumberError',
    field: 'phoneNumber',
    reason: 'SUPPRESSED',
    message: suppressedMessage(number.e164),
  });
}

export function suppressedMessage(e164: string): string {
  return `phoneNumber ${maskPhoneNumber(e164)} is on the list of numbers that are never to be called. Nothing is sent for it.`;
}

/**
 * The time of the call: the scheduled one, or the one to which it is moved. A time that is out of range anyway stays. `written` is the
 * scheduled one as the caller wrote it.
 */
export function fitHours(
  number: Called | null,
  written: string,
  scheduled: number | null,
  expiry: number | null,
  { hours, hoursRule, inputZone }: CallRules,
  { earliest, horizon }: TimesAhead,
  findings: Finding[],
): number | null {
  if (hours === null || number === null || scheduled === null) return scheduled;
  const latest = expiry === null ? horizon : Math.min(horizon, expiry);
  if (scheduled < earliest || scheduled > latest) return scheduled;
  const verdict = hours(number.e164, scheduled, latest);
  if (verdict === null) return scheduled;
  if (verdict.kind === 'shifted') return verdict.time;
  const { nextAllowedTime } = verdict;
  findings.push({
    kind: 'OutsideCallingHoursError',
    field: 'scheduledTime',
    reason: 'OUTSIDE_CALLING_HOURS',
    message: `scheduledTime ${shownTime(written, scheduled, inputZone)} is outside of the calling hours, "${hoursRule}": ${problemOf(verdict, latest === horizon, inputZone)}.`,
    nextAllowedTime,
    rule: hoursRule,
  });
  return scheduled;
}

/** `isHorizon`: whether the horizon is the latest time, and not the record's own expiry. */
function problemOf(
  { reason, nextAllowedTime }: HoursVerdict & { kind: 'outside' },
  isHorizon: boolean,
  zone: TimeZone,
): string {
  const next = nextAllowedTime === null ? '' : instantIn(zone, nextAllowedTime);
  switch (reason) {
    case 'closed':
      return `the next time that is inside of them is ${next}`;
    case 'too-late':
      return `the next time that is inside of them, ${next}, is ${
        isHorizon ? 'further ahead than the dialer takes' : "after this record's own expiryDate"
      }`;
    case 'never-open':
      return 'for a year no time is inside of them in all time zones that the number may be in';
    case 'no-zone':
      return "they hold on the recipient's clock, and nobody knows in which time zone this number is";
    default:
      return reason satisfies never;
  }
}

/** As it was written, and what the clocks of the zone show then where that is another reading. */
function shownTime(written: string, instantMs: number, zone: TimeZone): string {
  const local = formatDialerTime(instantMs, zone);
  const isSame = written.replace('T', ' ').startsWith(local.slice(0, 'YYYY-MM-DD HH:mm'.length));
  return isSame ? quote(written) : `${quote(written)} (${local} in ${zone.name})`;
}
