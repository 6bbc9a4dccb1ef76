// A number as the upstream may write it back: with or without its country code, in any grouping, or masked.

/** Characters. The longest numbers have 15 digits, and grouping or encoding adds some. */
const maxNumberLength = 64;

/** Digits of a number without leading zeros, or null where a letter or a mask stands in it, or no digit at all. */
export function phoneDigits(text: string): string | null {
  if (text.length > maxNumberLength) return null;
  if (/^[1-9]\d*$/.test(text)) return text;
  const plain = text.replace(/%2B/gi, '+');
  if (/[^\d\s+().-]/.test(plain)) return null;
  const digits = plain.replace(/\D/g, '').replace(/^0+/, '');
  return digits === '' ? null : digits;
}

/** The upstream may add or drop the country code; seven digits in common are the least that names a subscriber. */
export function samePhone(one: string, other: string): boolean {
  if (one === other) return true;
  const [long, short] = one.length > other.length ? [one, other] : [other, one];
  return short.length >= 7 && long.endsWith(short);
}
