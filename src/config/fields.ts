// Schemas of values that are in the environment and in files.

import { type CountryCode, isSupportedCountry } from 'libphonenumber-js/max';
import { z } from 'zod';
import { isTimeZone } from '../foundation/time-zone.ts';

export const httpUrl = z.url({ protocol: /^https?$/ });

export const timeZone = z.string().refine(isTimeZone, 'not an IANA time zone such as Asia/Kolkata');

export const unsafeCharacters = z.enum(['reject', 'encode']);
export const nameCharacters = z.enum(['any', 'vendor']);

/** What is done with characters that the dialer may misread. */
export interface CharacterRules {
  /** With `& # % +` in a value: the record is refused, or they are sent as in the vendor's samples, `%26` and so on. */
  unsafeCharacters: z.output<typeof unsafeCharacters>;
  /** What a name may have: any character, or only those that the vendor allows in its bulk API. */
  nameCharacters: z.output<typeof nameCharacters>;
}

/** Paths, separated by commas. */
export const paths = z
  .string()
  .transform((list) => list.split(',').map((path) => path.trim()))
  .refine((list) => list.every((path) => path !== ''));

/** Exact origins, separated by commas. */
export const origins = z
  .string()
  .transform((list) => list.split(',').map((origin) => origin.trim()))
  .refine((list) => list.every(isOrigin));

export const region = z
  .string()
  .refine(isSupportedCountry, 'not a two-letter ISO 3166 region in capitals such as IN')
  .transform((code) => code as CountryCode);

function isOrigin(text: string): boolean {
  return /^https?:[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
