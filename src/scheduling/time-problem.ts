// What may stand behind the date of a time, and what is wrong with a time, in words that fit behind "<value> ".

export interface TimeProblem {
  reason:
    | 'UNREADABLE_TIME'
    | 'AMBIGUOUS_DATE'
    | 'MISSING_TIME_OF_DAY'
    | 'NONEXISTENT_TIME'
    | 'REPEATED_TIME'
    | 'UNKNOWN_OFFSET';
  problem: string;
}

/** Of one digit are hours that can be no end of a range: behind UTC or GMT (`UTC+2`), and behind a plus (`+5:30`). */
export const offsetForm = String.raw`Z|(?:UTC|GMT)(?: ?[+-]\d{1,2}(?::?\d{2})?)?|[+-]\d{2}(?::?\d{2})?|\+\d:\d{2}`;

/**
 * `09:00-10:00`, `22:00-02:00`: an end of a range may stand behind the minus of a time that was written by hand, in the form of the time,
 * or later than it. `time` is HH:mm.
 */
export function mayEndRange(time: string, offset: string): boolean {
  const [, hours, minutes = '00'] = /^-(\d{2}):?(\d{2})?/.exec(offset) ?? [];
  return hours !== undefined && (offset.includes(':') || `${hours}:${minutes}` > time);
}

export const rangeOrOffset: TimeProblem = {
  reason: 'UNREADABLE_TIME',
  problem:
    'may be a range of times, or have an offset: write the one time of the call, and an offset behind T and seconds (2026-12-01T09:00:00-10:00)',
};

/** A time of day, and the end of a range. */
const rangeForm =
  /\d(?:[:h]\d{2}(?::\d{2})?|\s?h|(?=\s?[ap]))(?:\s?[ap]\.?\s?m\.?)?(?:\s*[\p{Pd}~\uFF5E]|\s(?:to|till|until|or|bis|oder|à|ou|a)\s)\s*\d/iu;

export function isRange(text: string): boolean {
  return rangeForm.test(text);
}

/** What is wrong with a text behind a date. */
export function problemBehind(rest: string): TimeProblem {
  return isRange(rest) ? rangeOrOffset : { reason: 'UNREADABLE_TIME', problem: unreadRest(rest) };
}

function unreadRest(rest: string): string {
  if (!timeOfDay.test(rest)) return 'has no time of day behind its date that can be read: write it as 22:00';
  if (/[ap]\.?\s?m\.?$/i.test(rest))
    return 'has AM or PM behind a time of day that is not read: write it as 10:00 PM or 22:00';
  if (zoneForm.test(rest))
    return 'names a zone behind its time of day, and such a name may stand for several (IST, CST): write the offset in its place (+05:30), or the zone as timeZone';
  return 'has something behind its time of day that is not read: write nothing there but an offset (+05:30)';
}

const timeOfDay = /\d\s?[:.h\uFF1A]\s?\d{2}|(?<!\d\d)\d\s?(?:h|[ap]\.?\s?m)/i;
/** An abbreviation, or a name of the IANA data base. */
const zoneForm = /[\d\s([](?:(?!HRS?\b|UHR\b)[A-Z]{2,5}|[A-Z]\w+(?:\/[A-Z][\w-]+)+)[)\]]?$/;
