// IANA time zones: which exist, what their clocks show at an instant, and which instant is meant by what the clocks show.
// A time that the clocks skip (daylight saving) has no instant: null. Of a time that they show twice the first instant is meant.
// Offsets come from Intl through a cache, since dayjs.tz asks Intl at every call.

const quarterHourMs = 15 * 60_000;
const dayMs = 86_400_000;

/**
 * Names of the IANA data base without a slash. No more are added: the data base keeps these for old systems, and names new
 * zones by area and place. Source: the files `northamerica`, `europe`, `etcetera` and `backward` of tzdata 2025b, without
 * `Factory`, which is not the zone of a place.
 */
const shortNames = new Map(
  `CET CST6CDT Cuba EET EST EST5EDT Egypt Eire GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich HST Hongkong Iceland Iran Israel
  Jamaica Japan Kwajalein Libya MET MST MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROC ROK Singapore Turkey UCT
  UTC Universal W-SU WET Zulu`
    .split(/\s+/)
    .map((name) => [name.toLowerCase(), name]),
);

/** Words of names that are not written with one capital at their beginning. */
const oddWords = new Map(
  `ACT au BajaNorte BajaSur ComodRivadavia DeNoronha DumontDUrville EasterIsland es GMT IN LHI McMurdo NSW of UCT US UTC`
    .split(' ')
    .map((word) => [word.toLowerCase(), word]),
);

/** Names with a slash that ICU, which Node uses, knows although the data base never had them, or has dropped them. */
const foreignNames = /^(?:systemv\/.*|us\/pacific-new|canada\/east-saskatchewan)$/;

/**
 * Whether the name is one of the IANA data base: `Asia/Kolkata`, `US/Eastern`, `UTC`, in upper or lower case. Abbreviations that
 * several zones share are not (Node takes `BST` for Dhaka's and `IST` for India's), and neither are offsets.
 */
export function isTimeZone(name: string): boolean {
  const key = name.toLowerCase();
  if (zones.has(key)) return true;
  if (!/^[a-z]/.test(key) || foreignNames.test(key)) return false;
  if (!key.includes('/') && !shortNames.has(key)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The name as the data base writes it, of one in lower case: no caller's spelling is told to others. */
function writtenName(key: string): string {
  const capital = (word: string) => oddWords.get(word) ?? word.charAt(0).toUpperCase() + word.slice(1);
  return shortNames.get(key) ?? key.replace(/[a-z]+/g, capital);
}

export interface TimeZone {
  /** As the data base writes it, however it was asked for. */
  readonly name: string;
  /** What the zone's clocks show at an instant, as the milliseconds of that time in UTC. */
  toWallClock(instantMs: number): number;
  /** The first instant at which the zone's clocks show this time, or null if they skip it. */
  fromWallClock(wallMs: number): number | null;
  /**
   * The last second of the day that begins at this time: the later one if the clocks show its last hour twice, the one before
   * the change if they skip that hour, or null if they skip the whole day.
   */
  endOfDay(wallMs: number): number | null;
}

/** By name in lower case, so that all spellings of a name share one zone and its cache. */
const zones = new Map<string, TimeZone>();

/** The zone of a name that `isTimeZone` accepts; throws a RangeError for any other. */
export function timeZone(name: string): TimeZone {
  const key = name.toLowerCase();
  let zone = zones.get(key);
  if (zone === undefined) {
    if (!isTimeZone(name)) throw new RangeError(`${name} is not a time zone of the IANA data base`);
    zone = createTimeZone(writtenName(key));
    zones.set(key, zone);
  }
  return zone;
}

/**
 * `YYYY-MM-DD HH:mm:ss`, as the dialer writes what its clocks show, as the milliseconds of that time in UTC. Null for every other form,
 * and for a day or a time that does not exist: a MySQL database writes `0000-00-00 00:00:00` for no time.
 */
export function parseWallClock(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text)) return null;
  const [date, time] = [text.slice(0, 10), text.slice(11)];
  const wallMs = Date.parse(`${date}T${time}Z`);
  // 31 February and 24:00:00 roll over.
  return !Number.isNaN(wallMs) && new Date(wallMs).toISOString().startsWith(date) ? wallMs : null;
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
  // Zones change their offset at whole quarters of an hour in UTC, so one look-up is enough for each quarter.
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
      // Near a change the time has the offset of the day before or of the day after; the larger offset gives the earlier instant.
      const before = offsetAt(wallMs - dayMs);
      const after = offsetAt(wallMs + dayMs);
      if (before === after) return offsetAt(wallMs - before) === before ? wallMs - before : null;
      for (const offset of before >= after ? [before, after] : [after, before])
        if (offsetAt(wallMs - offset) === offset) return wallMs - offset;
      return null;
    },
    endOfDay(wallMs) {
      const last = wallMs + dayMs - 1000;
      const before = offsetAt(last - dayMs);
      const after = offsetAt(last + dayMs);
      // The smaller offset gives the later instant.
      for (const offset of before <= after ? [before, after] : [after, before])
        if (offsetAt(last - offset) === offset) return last - offset;
      // The hour is skipped: the change is at the beginning of the first quarter of an hour with the new offset.
      let leap = Math.floor((last - after) / quarterHourMs) * quarterHourMs;
      while (offsetAt(leap) !== after) leap += quarterHourMs;
      const end = leap - 1000;
      return end + offsetAt(end) >= wallMs ? end : null;
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
