// Dates as people and spreadsheets write them, turned into ISO form where there is one reading alone. What is not certain is left as it
// stands, so that the scheduling pass refuses it, or is told here.
// Certain in every format: the year first, or the month by its name. Certain only where the file's format is given: numbers with the
// day or the month first. Never: a year of two digits, and a bare number of days as spreadsheets count them.

/** How numbers of a date are ordered where the year does not come first. ISO: not at all; such dates are refused. */
export type DateFormat = 'ISO' | 'DAY_MONTH_YEAR' | 'MONTH_DAY_YEAR';

export interface DateProblem {
  readonly reason: 'AMBIGUOUS_DATE' | 'NONEXISTENT_TIME' | 'UNREADABLE_TIME';
  /** In words that fit behind "<value> ". */
  readonly problem: string;
}

/** Nothing is to be done: as nearly all times are. */
const plainIso = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?!.*[ap]\.?m)/i;

const timePart = String.raw`(?:(?:,? |T)\s*(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d{1,9})?)?(?:\s*([ap])\.?m\.?)?(\s*(?:Z|UTC|[+-]\d{2}:?\d{2}))?)?`;
const yearFirst = new RegExp(String.raw`^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})${timePart}$`, 'i');
const numbersFirst = new RegExp(String.raw`^(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})${timePart}$`, 'i');
const monthNamed = new RegExp(
  String.raw`^(\d{1,2})(?:[-/. ]|\. )(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?[-/. ,]{1,2}(\d{4}|\d{2})${timePart}$`,
  'i',
);
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** Days from 1954 to 2173, with a time of day or without. */
const serial = /^[2-9]\d{4}(?:[.,]\d{1,15})?$/;

/** Of the dates with numbers first, how many can be read in the given format alone, and how many in the other alone. */
export interface DateEvidence {
  agreeing: number;
  contradicting: number;
}

/** `text` comes from `cleanNumeral`. */
export function readDate(text: string, format: DateFormat, evidence?: DateEvidence): string | DateProblem {
  if (plainIso.test(text)) return text;
  if (serial.test(text))
    return {
      reason: 'UNREADABLE_TIME',
      problem:
        'is a number of days, as spreadsheets count time: format the column as YYYY-MM-DD HH:MM:SS before saving it, or upload the workbook itself',
    };
  const first = yearFirst.exec(text);
  if (first !== null) {
    const [, year = '', , month = '', day = '', ...time] = first;
    return written(text, year, month, day, time);
  }
  const named = monthNamed.exec(text);
  if (named !== null) {
    const [, day = '', name = '', year = '', ...time] = named;
    return written(text, year, String(months.indexOf(name.toLowerCase()) + 1), day, time);
  }
  const numbers = format === 'ISO' ? null : numbersFirst.exec(text);
  if (numbers === null)
    return format !== 'ISO' && beginsWithNumbers.test(text)
      ? {
          reason: 'UNREADABLE_TIME',
          problem: `has no time of day behind its date that can be read: ${asTime}`,
        }
      : text;
  const [, one = '', , other = '', year = '', ...time] = numbers;
  const [day, month] = format === 'DAY_MONTH_YEAR' ? [one, other] : [other, one];
  if (evidence !== undefined) {
    if (Number(day) > 12 && Number(month) <= 12) evidence.agreeing++;
    if (Number(month) > 12 && Number(day) <= 12) evidence.contradicting++;
  }
  if (Number(month) < 1 || Number(month) > 12)
    return {
      reason: 'NONEXISTENT_TIME',
      problem: `has no month ${Number(month)}, and dateFormat is ${format}: write the row as the others, or put the year first`,
    };
  const date = written(text, year, month, day, time);
  // The pass would say that it is read with the year first alone.
  return date === text
    ? { reason: 'NONEXISTENT_TIME', problem: `has an hour that no half of a day has: ${asTime}` }
    : date;
}

const beginsWithNumbers = /^\d{1,2}([-/. ])\d{1,2}\1\d{4}(?!\d)/;
const asTime = 'write the time as 22:00 or 10:00 PM, and nothing behind it but an offset';

type Time = readonly (string | undefined)[];

function written(text: string, year: string, month: string, day: string, time: Time): string | DateProblem {
  if (year.length === 2)
    return {
      reason: 'AMBIGUOUS_DATE',
      problem: 'has a year of two digits, and which century is meant is not said: write four',
    };
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const [hours, minutes = '', seconds = '00', half, offset = ''] = time;
  if (hours === undefined) return date;
  const hour = half === undefined ? Number(hours) : hourOf(Number(hours), half.toLowerCase());
  // What no clock shows is left for the pass to refuse.
  if (hour === undefined) return text;
  return `${date} ${String(hour).padStart(2, '0')}:${minutes}:${seconds}${offset.trim()}`;
}

/** 12 AM is midnight, 12 PM is noon. Undefined for an hour that is in no half of a day. */
function hourOf(hours: number, half: string): number | undefined {
  if (hours < 1 || hours > 12) return undefined;
  return (hours % 12) + (half === 'p' ? 12 : 0);
}

/** The formats in which a date of numbers can be read whose year is not first; undefined for every other text. */
export function possibleFormats(text: string): DateFormat[] | undefined {
  const [, one, , other] = numbersFirst.exec(text) ?? [];
  if (one === undefined || other === undefined) return undefined;
  const isMonth = (number: string) => Number(number) >= 1 && Number(number) <= 12;
  const isDay = (number: string) => Number(number) >= 1 && Number(number) <= 31;
  return [
    ...(isDay(one) && isMonth(other) ? (['DAY_MONTH_YEAR'] as const) : []),
    ...(isMonth(one) && isDay(other) ? (['MONTH_DAY_YEAR'] as const) : []),
  ];
}

/** Whether a text is a date with a time of day, in whatever form. */
export function isTimeLike(text: string): boolean {
  return [yearFirst, numbersFirst, monthNamed].some((form) => {
    const parts = form.exec(text);
    return parts !== null && parts.at(-5) !== undefined;
  });
}

export function isDateLike(text: string): boolean {
  return [yearFirst, numbersFirst, monthNamed].some((form) => form.test(text));
}
