// Texts as callers write them: what nobody sees goes where it means nothing, and digits of any script are digits.
// A text of printable ASCII, as nearly all are, costs one test.

/** Nothing to take out, nothing to trim. */
const plain = /^(?:[!-~](?:[ -~]*[!-~])?)?$/;

/** No-break and thin spaces, and the blank of Braille. The wide space of CJK is seen, and stays. */
const blanks = /(?!\u3000)[\p{Zs}\u2800]/gu;

/** Characters that Unicode calls ignorable in display: zero-width spaces, direction marks, joiners, soft hyphens, fillers. */
const invisibles = /\p{Default_Ignorable_Code_Point}+/gu;

/** Of these, those that shape what stands before them: joiners of Indic, Arabic and emoji, variation selectors, tags of flags. */
const shaping =
  /\u034F|\u200C|\u200D|[\u180B-\u180F]|[\uFE00-\uFE0F]|[\u{E0020}-\u{E007F}]|[\u{E0100}-\u{E01EF}]/u;

/**
 * The text without the blanks around it and without what nobody sees. What shapes a letter stays behind a letter that can
 * be shaped, which no letter of ASCII can; no-break and thin spaces become blanks.
 */
export function cleanText(text: string): string {
  if (plain.test(text)) return text;
  return text.replace(blanks, ' ').replace(invisibles, keepShaping).trim();
}

/** As `cleanText`, for what has no letters to shape: nothing invisible stays, and every blank is a blank. */
export function cleanNumeral(text: string): string {
  if (plain.test(text)) return text;
  return toAsciiDigits(text.replace(invisibles, '').replace(/[\p{Zs}\u2800]/gu, ' ')).trim();
}

function keepShaping(run: string, offset: number, text: string): string {
  const before = text.charCodeAt(offset - 1);
  // The keycaps of emoji stand on digits of ASCII.
  const isShaped = before > 0x7f || text.charCodeAt(offset + run.length) === 0x20e3;
  return isShaped ? [...run].filter((character) => shaping.test(character)).join('') : '';
}

/** Decimal digits of every script as `0` to `9`. */
function toAsciiDigits(text: string): string {
  return text.replace(/(?![0-9])\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    // Unicode holds the ten digits of a script together, in order; those of mathematics are five such rows in one.
    let first = code;
    while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first--;
    return String((code - first) % 10);
  });
}

/** `U+200B`, for a message: the character itself would not be seen. */
export function codePointOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The character as a message shows it: itself where it is seen, and by its code point where it is not. */
export function shownCharacter(character: string): string {
  const isSeen = /[^\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u.test(character);
  return isSeen
    ? character <= '~'
      ? character
      : `${character} (${codePointOf(character)})`
    : codePointOf(character);
}
