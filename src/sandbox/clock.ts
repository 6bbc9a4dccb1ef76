// The account's wall clock: the upstream knows no zones, it compares `YYYY-MM-DD HH:MM:SS` texts.
// Owns the one conversion from epoch to that text and the strict check of such texts; refuses impossible
// calendar days (31 April, 29 February of a common year) which a lenient Date would roll over.
// Falls back to nothing: an unknown zone throws a RangeError when the formatter is made.

const formatters = new Map<string, Intl.DateTimeFormat>();

/** The zone's wall-clock text at an epoch. Texts of one zone sort as time does, save in a repeated hour. */
export function wallClock(epochMs: number, timeZone: string): string {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of formatterOf(timeZone).formatToParts(epochMs)) parts[type] = value;
  return `${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}:${parts.second}`;
}

/** Exactly `YYYY-MM-DD HH:MM:SS`, and a moment that the calendar has. */
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

/** Exactly `YYYY-MM-DD`, and a day that the calendar has. */
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

// Making a formatter costs about a hundred times what using it does.
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
