// Which characters a value may have, and how it is written for the dialer, which replays it within a query string.

import type { CharacterRules } from '../config/fields.ts';
import { shownCharacter } from './text.ts';

/**
 * No text: control characters, halves of surrogate pairs, line and paragraph separators, marks of annotations, and the sign for what
 * could not be decoded.
 */
const neverSent = /[\p{Cc}\p{Cs}\u2028\u2029\uFFF9-\uFFFB\uFFFD]/u;
/** These would end or change a value when the dialer replays it. */
const unsafe = /[&#%+]/;
/** Nothing of either: printable ASCII, as nearly all values are. */
const ordinary = /^[ !"$'()*,\-./0-9:-~]*$/;
/** What may stand in their place where they are not encoded. */
const inPlace = new Map([
  ['&', '"and"'],
  ['#', '"No."'],
  ['%', '"percent"'],
  ['+', '"plus"'],
]);
/** The vendor's rule for names in its bulk API (V4). */
const notOfVendor = /[^\w ().+$%:-]/u;

/** What is wrong with a value, in words that fit behind its field; null where nothing is. */
export function valueProblem(text: string, { unsafeCharacters }: CharacterRules): string | null {
  if (ordinary.test(text)) return null;
  const never = neverSent.exec(text)?.[0];
  if (never !== undefined)
    return `has the character ${shownCharacter(never)}, which the dialer does not take: leave it out`;
  const [found] = (unsafeCharacters === 'encode' ? null : unsafe.exec(text)) ?? [];
  if (found === undefined) return null;
  return `has the character ${found}, which could end or change the value at the dialer: write ${inPlace.get(found)} in its place, or have the people who run this service set DIALER_UNSAFE_CHARACTERS=encode`;
}

/** As `valueProblem`, for a person's name. */
export function nameProblem(text: string, rules: CharacterRules): string | null {
  const foreign = rules.nameCharacters === 'vendor' ? notOfVendor.exec(text)?.[0] : undefined;
  return foreign === undefined
    ? valueProblem(text, rules)
    : `has the character ${shownCharacter(foreign)}: this service sends names in a-z A-Z 0-9 _ blank ( ) . + $ % - : alone (DIALER_NAME_CHARACTERS=vendor), so write it in those`;
}

/** The value as it is sent: as the vendor's samples write a plus, where that is the rule. */
export function encodeValue(text: string, { unsafeCharacters }: CharacterRules): string {
  return unsafeCharacters === 'encode' && unsafe.test(text)
    ? text.replace(/[&#%+]/g, encodeURIComponent)
    : text;
}

/** What a value was that `encodeValue` wrote. */
export function decodeValue(
  text: string,
  { unsafeCharacters }: Pick<CharacterRules, 'unsafeCharacters'>,
): string {
  return unsafeCharacters === 'encode' && text.includes('%')
    ? text.replace(/%(?:26|23|25|2B)/gi, decodeURIComponent)
    : text;
}
