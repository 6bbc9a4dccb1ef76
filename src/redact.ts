// What may be shown of a text that other people wrote: secrets go, telephone numbers keep their last two digits.
// Used on everything that leaves towards a log, an error or a message.

/** Seven to sixteen digits, as people and machines write them in one number. Dates and times are not taken for one. */
const phoneLike = /(?:\+|%2B|\b)(?:\d[\s().-]?){6,18}\d\b/gi;
const dateLike = /^\d{4}-\d{2}-\d{2}(?:[\sT]\d{2}:?\d{0,2})?/;

/** A telephone number of which a person can tell that it is theirs, and nobody else can dial. */
export function maskPhoneNumber(number: string): string {
  const digits = number.replace(/\D/g, '');
  return digits.length < 4 ? '***' : `***${digits.slice(-2)}`;
}

/** The text without the given secrets and with telephone numbers masked, cut to `maxLength` characters. */
export function redact(text: string, secrets: readonly string[] = [], maxLength = 300): string {
  let safe = text;
  for (const secret of secrets) if (secret !== '') safe = safe.replaceAll(secret, '***');
  safe = safe.replace(phoneLike, (number) => (dateLike.test(number) ? number : maskPhoneNumber(number)));
  return safe.length <= maxLength ? safe : `${safe.slice(0, maxLength)}…`;
}
