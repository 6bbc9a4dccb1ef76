// IANA time zones: which exist, what an instant reads on their clocks, and which instant a reading means.
// A reading that the clocks skip (a daylight-saving gap) is null; one they show twice means the first of the two.
// dayjs parses and formats; offsets come from Intl by way of a cache, since dayjs.tz asks Intl for every call.

const quarterHourMs = 15 * 60_000;
const dayMs = 86_400_000;

/** Whether the runtime knows the zone: `Asia/Kolkata`, `UTC`. Bare offsets such as `+05:30` are not zones here. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export interface TimeZone {
  readonly name: string;
  /** The zone's wall clock at an instant, as milliseconds of that reading taken for UTC. */
  toWallClock(instantMs: number): number;
  /** The first instant at which the zone's clocks read this, or null where they skip it. */
  fromWallClock(wallMs: number): number | null;
}

const zones = new Map<string, TimeZone>();

/** The zone of a name that `isTimeZone` accepts; throws a RangeError for any other. */
export function timeZone(name: string): TimeZone {
  let zone = zones.get(name);
  if (zone === undefined) {
    zone = createTimeZone(name);
    zones.set(name, zone);
  }
  return zone;
}

function createTimeZone(name: string): TimeZone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  // Zones change their offset on whole quarters of an hour of UTC, so one look-up serves the quarter.
  const offsets = new Map<number, number>();

  const offsetAt = (instantMs: number): number => {
    const quarter = Math.floor(instantMs / quarterHourMs);
    let offset = offsets.get(quarter);
    if (offset === undefined) {
      if (offsets.size > 20_000) offsets.clear();
      offset = readWallClock(format, quarter * quarterHourMs) - quarter * quarterHourMs;
      offsets.set(quarter, offset);
    }
    return offset;
  };

  return {
    name,
    toWallClock: (instantMs) => instantMs + offsetAt(instantMs),
    fromWallClock(wallMs) {
      // Around a change the reading belongs to the offset of the day before or of the day after; the larger
      // offset is the earlier instant.
      const before = offsetAt(wallMs - dayMs);
      const after = offsetAt(wallMs + dayMs);
      for (const offset of before >= after ? [before, after] : [after, before])
        if (offsetAt(wallMs - offset) === offset) return wallMs - offset;
      return null;
    },
  };
}

function readWallClock(format: Intl.DateTimeFormat, instantMs: number): number {
  const part: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(instantMs)) part[type] = value;
  const year = part.era === 'BC' ? 1 - Number(part.year) : Number(part.year);
  const date = new Date(0);
  date.setUTCFullYear(year, Number(part.month) - 1, Number(part.day));
  return date.setUTCHours(Number(part.hour), Number(part.minute), Number(part.second));
}
