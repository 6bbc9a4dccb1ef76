// What may be shown of a text that other people wrote: secrets go, telephone numbers keep their last two digits, and dates
// and times stay. Used on everything that leaves towards a log, an error or a message.

/** What people set between the digits of one number, seen or not. */
const between = String.raw`[\s()[\].\-/_\p{Pd}\u2212\u00B7\p{Default_Ignorable_Code_Point}]{0,3}`;
/** Seven digits or more, as people and machines write them in one number, whatever stands beside them. */
const phoneLike = new RegExp(String.raw`(?:\+|%2B)?\p{Nd}(?:${between}\p{Nd}){6,}`, 'giu');

const time = String.raw`\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?(?:[ap]m|Z|(?:GMT|UTC)?[+-]\d{2}:?\d{2}))?(?!\d)`;
const year = '(?:19|20|21)\\d{2}';
const day = '(?:0?[1-9]|[12]\\d|3[01])';
const month = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?';
/** No other digits belong to it: of a number, such groups would be a part. */
const alone = String.raw`(?<!\d|\+|(?<!:\d\d)(?<=\d)[\s().-]{1,2})`;
const last = String.raw`(?!${between}\d)`;
/** Dates and times as people and machines write them. A year of two digits is none without a time behind it. */
const dateForms = [
  String.raw`(?<!\d)(?:\d{4}-\d{2}-\d{2}[ T]${time}|[12]\d{3}-\d{2}-\d{2}(?![-./]?\d))`,
  String.raw`(?<!\d)${year}[/.]${day}[/.]${day}(?:[ T]${time}|${last})`,
  String.raw`(?<!\d)${year}\d{4}T\d{4,6}Z?(?!\d)`,
  `${alone}${day}[-/.]${day}[-/.]${year}(?:,?[ T]${time}|${last})`,
  String.raw`${alone}\d{1,2}[-/.]${day}[-/.]\d{2},?[ T]${time}`,
  String.raw`\b${month} \d{1,2},? \d{4},? ${time}`,
];
const dateLike = new RegExp(`(${dateForms.join('|')})`, 'iu');
/** What a database refuses, or a terminal obeys. */
const unprintable = /(?![\n\t])\p{Cc}|\p{Cs}/gu;

/** A telephone number of which a person can tell that it is theirs, and nobody else can dial. */
export function maskPhoneNumber(number: string): string {
  const digits = number.replace(/\P{Nd}/gu, '');
  return digits.length < 4 ? '***' : `***${digits.slice(-2)}`;
}

/** The text without the given secrets and with telephone numbers masked, cut to `maxLength` characters. */
export function redact(text: string, secrets: readonly string[] = [], maxLength = 300): string {
  // Nothing is searched that is not shown: others may write megabytes. What is cut in two at the end is shown by no part of it.
  const margin = Math.max(longestNumber, ...secrets.map(({ length }) => length));
  const isCut = text.length > 4 * maxLength + margin;
  let safe = isCut ? text.slice(0, 4 * maxLength + margin) : text;
  for (const secret of secrets) if (secret !== '') safe = safe.replaceAll(secret, '***');
  safe = safe
    .split(dateLike)
    .map((part, n) => (n % 2 === 1 ? part : part.replace(phoneLike, maskPhoneNumber)))
    .join('');
  if (isCut) safe = safe.slice(0, -margin);
  const short = !isCut && safe.length <= maxLength ? safe : `${safe.slice(0, maxLength)}…`;
  return short.replace(unprintable, ' ');
}

/** Characters: of the part of a number, or of a date, that is not told for one yet. */
const longestNumber = 64;
