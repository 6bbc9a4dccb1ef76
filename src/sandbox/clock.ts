// The account's wall clock. The upstream knows no zones: it compares texts of the form `YYYY-MM-DD HH:MM:SS`.
// An instant becomes such a text here alone, and such texts are checked strictly: days that do not exist (31 April, 29 February
// of a common year) are refused, which Date would move into the next month.
// An unknown zone throws a RangeError.

/** By zone: a formatter costs about a hundred times as much to make as to use. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** The zone's wall-clock text at an instant. Texts of one zone sort as time does, except in an hour that comes twice. */
export function wallClock(epochMs: number, timeZone: string): string {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of formatterOf(timeZone).formatToParts(epochMs)) parts[type] = value;
  return `${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}:${parts.second}`;
}

/** Exactly `YYYY-MM-DD HH:MM:SS`, with a day and a time that exist. */
export function isDateTime(text: string): boolean {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d):(\d\d):(\d\d)$/.exec(text);
  return (
    match !== null &&
    isDate(match[1] ?? '') &&
    Number(match[2]) < 24 &&
    Number(match[3]) < 60 &&
    Number(match[4]) < 60
  );
}

/** Exactly `YYYY-MM-DD`, and a day that exists. */
export function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (match === null) return false;
  const day = Number(match[3]);
  return day >= 1 && day <= daysOf(Number(match[2]), Number(match[1]));
}

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function daysOf(month: number, year: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : (monthLengths[month - 1] ?? 0);
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formatters.set(timeZone, formatter);
  }
  return formatter;
}
