// The account's wall clock. The upstream knows no zones: it compares texts of the form `YYYY-MM-DD HH:MM:SS`.
// An instant becomes such a text here alone, and the other way round. Such texts are checked strictly: days that do not exist (31 April, 29 February
// of a common year) are refused, which Date would move into the next month.
// The sandbox's own clock can be moved forwards, so that a row's time comes while somebody watches.
// An unknown zone throws a RangeError.

/** Before the end of the year 9999 in every zone: later years do not fit into the text. */
const endOfTime = Date.UTC(9999, 11, 30);

/** The sandbox's clock: that of the machine, or of a test, and as far ahead of it as it was moved. */
export class MovableClock {
  readonly #source: () => number;
  #aheadMs = 0;

  constructor(source: () => number) {
    this.#source = source;
  }

  /** Epoch milliseconds. */
  readonly now = (): number => this.#source() + this.#aheadMs;

  /** Throws a RangeError for a negative time, and for one that leads out of the year 9999. */
  advance(ms: number): void {
    if (!(ms >= 0 && this.now() + ms <= endOfTime))
      throw new RangeError(`The clock cannot be moved by ${ms} ms: it goes forwards, up to the year 9999`);
    this.#aheadMs += ms;
  }

  reset(): void {
    this.#aheadMs = 0;
  }
}

/** By zone: a formatter costs about a hundred times as much to make as to use. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** The zone's wall-clock text at an instant. Texts of one zone sort as time does, except in an hour that comes twice. */
export function wallClock(epochMs: number, timeZone: string): string {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of formatterOf(timeZone).formatToParts(epochMs)) parts[type] = value;
  return `${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}:${parts.second}`;
}

/**
 * The instant, in epoch milliseconds, of a text that `isDateTime` accepts. Of a time that comes twice it is the first; a time that
 * the clocks skip is read as PHP does, with the offset of the time before.
 */
export function instantOf(text: string, timeZone: string): number {
  const wallMs = wallMsOf(text);
  const day = Math.floor(wallMs / dayMs) * dayMs;
  const before = offsetAt(day - dayMs, timeZone);
  const after = offsetAt(Math.min(day + 2 * dayMs, endOfTime), timeZone);
  if (before === after) return wallMs - before;
  const candidates = [wallMs - Math.max(before, after), wallMs - Math.min(before, after)];
  return candidates.find((instant) => wallClock(instant, timeZone) === text) ?? wallMs - before;
}

const dayMs = 86_400_000;

/** By zone and day, since a long list has few days. */
const offsets = new Map<string, number>();

/** How far the zone's clocks are ahead of UTC, in milliseconds, at the beginning of a day of UTC. */
function offsetAt(instant: number, timeZone: string): number {
  const key = `${instant} ${timeZone}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    offset = wallMsOf(wallClock(instant, timeZone)) - instant;
    offsets.set(key, offset);
  }
  return offset;
}

/** What the clocks show, as the milliseconds of that time in UTC. */
function wallMsOf(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}Z`);
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
