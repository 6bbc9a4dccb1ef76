// What may be shown of a text that other people wrote: secrets go, telephone numbers keep their last two digits.
// Used on everything that leaves towards a log, an error or a message.

/** Seven digits or more, as people and machines write them in one number, whatever stands beside them. */
const phoneLike = /(?:\+|%2B)?\p{Nd}(?:[\s().-]{0,2}\p{Nd}){6,}/giu;
/** Dates and times are not taken for a number. */
const dateLike = /((?<!\d)\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)?(?!\d))/;
/** What a database refuses, or a terminal obeys. */
const unprintable = /(?![\n\t])\p{Cc}|\p{Cs}/gu;

/** A telephone number of which a person can tell that it is theirs, and nobody else can dial. */
export function maskPhoneNumber(number: string): string {
  const digits = number.replace(/\P{Nd}/gu, '');
  return digits.length < 4 ? '***' : `***${digits.slice(-2)}`;
}

/** The text without the given secrets and with telephone numbers masked, cut to `maxLength` characters. */
export function redact(text: string, secrets: readonly string[] = [], maxLength = 300): string {
  let safe = text;
  for (const secret of secrets) if (secret !== '') safe = safe.replaceAll(secret, '***');
  safe = safe
    .split(dateLike)
    .map((part, n) => (n % 2 === 1 ? part : part.replace(phoneLike, maskPhoneNumber)))
    .join('');
  const short = safe.length <= maxLength ? safe : `${safe.slice(0, maxLength)}…`;
  return short.replace(unprintable, ' ');
}
