// What a person or a spreadsheet wrote in the place of a telephone number: the digits of one number, or why it is none.
// Marks that people set between digits mean nothing. Whatever could make two people read two numbers is refused.

import { getCountries, getCountryCallingCode } from 'libphonenumber-js/max';
import { shownCharacter } from './text.ts';

/** What is wrong with a number, in words that fit behind "cannot be dialled: ". */
export interface NumberProblem {
  reason: NumberProblemReason;
  problem: string;
  /** With AMBIGUOUS_NUMBER: the numbers that it may stand for, in E.164. */
  readings?: readonly string[];
}

export type NumberProblemReason =
  | 'TOO_SHORT'
  | 'TOO_LONG'
  | 'TWO_NUMBERS'
  | 'EXTENSION'
  | 'LETTERS'
  | 'SCIENTIFIC_NOTATION'
  | 'DECIMAL_FRACTION'
  | 'REFUSED_CHARACTER'
  | 'UNKNOWN_COUNTRY_CODE'
  | 'TRUNK_PREFIX'
  | 'AMBIGUOUS_NUMBER'
  | 'OBSOLETE_PREFIX'
  | 'NO_SUCH_NUMBER';

export interface WrittenNumber {
  /** ASCII digits, with a + before them where the caller wrote one. */
  digits: string;
  /** A fraction that a spreadsheet added and that was dropped: `.0`, or nothing. */
  dropped: string;
  /** The digits in the groups in which they were written. */
  groups: readonly string[];
}

/** The E.164 form of digits that are a valid number, or null. */
export type ReadDigits = (digits: string) => string | null;

/** `text` comes from `cleanNumeral`. */
export function readWritten(text: string, read: ReadDigits): WrittenNumber | NumberProblem {
  const bare = withoutWrapping(withPlainMarks(text));
  const fraction = readFraction(bare, read);
  if ('reason' in fraction) return fraction;
  const { whole, dropped } = fraction;
  const problem = problemOfForm(whole);
  if (problem !== null) return problem;

  const plus = /^[\s()[\]]*\+/.test(whole) ? '+' : '';
  const groups = whole.match(/\d+/g) ?? [];
  if (plus !== '' && isCutByBracket(whole, groups, read)) return cutByBracket;
  if (isNumbered(whole, read)) return numbered;
  if (holdsMore(whole) || holdsTwo(whole, plus, groups, read)) return twoNumbers;
  const digits = withoutZero(whole, plus, groups, read);
  return typeof digits === 'string' ? { digits, dropped, groups } : digits;
}

const twoNumbers: NumberProblem = {
  reason: 'TWO_NUMBERS',
  problem: 'it holds two numbers, or parts that could be two: give each number a record of its own',
};

/** Dashes, slashes, dots, brackets and pluses of other alphabets, as those of ASCII. */
function withPlainMarks(text: string): string {
  return text
    .replace(/[\p{Pd}\u2212\u02D7\u2043\u30FC\uFF70]/gu, (dash) => (/[\u301C\u3030]/.test(dash) ? '~' : '-'))
    .replace(/[/\uFF0F\u2044\u2215]/g, '/')
    .replace(/[.\uFF0E\u2024]/g, '.')
    .replace(/[,\uFF0C\u3001\u060C]/g, ',')
    .replace(/[;\uFF1B\u061B]/g, ';')
    .replace(/[+\uFF0B\uFE62]/g, '+')
    .replace(/[(\uFF08]/g, '(')
    .replace(/[)\uFF09]/g, ')')
    .replace(/[[\uFF3B]/g, '[')
    .replace(/[\]\uFF3D]/g, ']');
}

/**
 * The scheme of a link, or what a person or an export set before a number to say that it is one: `p:`, as Facebook does, and `TEL;TYPE=CELL:`
 * of a vCard, which may have a link behind it. A fax is not to be called, and an address of SIP is no number.
 */
const labels =
  /^(?:(?:tel|tél|telefono?|teléfono|telefone|telephone|téléphone|phone|ph|p|t|mobile|mobil|móvil|mob|m|cell|cel|celular|handy|portable|whatsapp|callto|tel(?:;(?![^:]*(?:fax|pager|modem))[\w=,"-]+)+)\.?\s?[:\uFF1A](?:\/\/)?(?=\s*[+(\d]|tel:))+/i;

/** WhatsApp's links have a number with its country code, and no +. */
const whatsAppLink =
  /^(?:https?:\/\/)?(?:wa\.me\/|(?:api|web)\.whatsapp\.com\/send\/?\?phone=)\+?(\d+)(?:[/?&#].*)?$/is;

const quoted = '"\'\u2018\u2019\u201C\u201D`\u00B4\u02BC';
const before = new RegExp(`^(?:=?[${quoted}\u201E<\u00AB\u2039])+`);
/** A comma or the like too, as where a list was cut apart. */
const behind = new RegExp(`[${quoted}\\s;,.>\u00BB\u203A]+$`);

/** Without a spreadsheet's apostrophe, quotes or `="…"`, without labels, and as it was before it became a part of a link. */
function withoutWrapping(text: string): string {
  return text
    .replace(before, '')
    .replace(behind, '')
    .replace(/%2B/gi, '+')
    .replace(/%20/g, ' ')
    .replace(labels, '')
    .replace(whatsAppLink, '+$1')
    .trim();
}

/**
 * Spreadsheets that take a number for an amount write `.0` behind it. It goes where nothing but a whole number stands before
 * it. More zeros could be a last group (`06123456.00`): they go only where they make no number. Anything else of this form
 * is refused, since nobody groups a single digit behind a dot, or two where no other group is.
 */
function readFraction(text: string, read: ReadDigits): { whole: string; dropped: string } | NumberProblem {
  const [, before = '', mark = '', behind = ''] =
    /^(.*\d)\s*([.,])\s*(0+|\d|(?<=\.\s*)\d\d)$/s.exec(text) ?? [];
  if (mark === '') return { whole: text, dropped: '' };
  const fraction = mark + behind;
  const isZero = /^0+$/.test(behind);
  const isWhole = /^\+?\d+$/.test(before);
  if (fraction === '.0' && isWhole) return { whole: before, dropped: fraction };
  // A comma before a digit may as well stand between two numbers.
  if (mark === ',' && !(isWhole && isZero)) return twoNumbers;
  const isGroup = mark === '.' && behind.length > 1;
  if (isGroup && !isWhole && !/^-\d+$/.test(before)) return { whole: text, dropped: '' };
  if (isGroup && isZero && read(before) !== null && read(before + behind) === null)
    return { whole: before, dropped: fraction };
  return {
    reason: 'DECIMAL_FRACTION',
    problem: `it ends in "${fraction}", as a spreadsheet writes an amount: write the whole number alone`,
  };
}

const wordsBetween = /\d\W*\b(?:or|and|oder|und|ou|et|y|o|e|u)\b\W*[\d+]/i;
const extension =
  /\d.*(?:[x\u00D7#]|;\s*(?:ext|isub)=|\b(?:ext(?:n|ension)?|xtn|int(?:erno)?|dw|durchwahl|app(?:arat)?|poste|ramal|anexo|toestel|wew)\b|доб|内線|内线|分机|分機)[\s.:=-]*(?:n[o\u00B0\u00BAr]?[.:]?\s*)?\d{1,7}[\s.)\]]*$/i;

const dateForm =
  /^(?:(?:19|20)\d{2}([-./])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])|(?:0?[1-9]|[12]\d|3[01])([-./])(?:0?[1-9]|[12]\d|3[01])\2(?:19|20)\d{2})$/;

/** What the characters alone say. */
function problemOfForm(text: string): NumberProblem | null {
  if (dateForm.test(text))
    return { reason: 'NO_SUCH_NUMBER', problem: 'it is a date: two columns may have been mixed up' };
  if (/^\+?\d+(?:[.,]\d+)?\s*e\s*[+-]?\d{1,2}$/i.test(text))
    return {
      reason: 'SCIENTIFIC_NOTATION',
      problem:
        'a spreadsheet shortened it to scientific notation, and its last digits are lost: format the column as text',
    };
  if (extension.test(text))
    return {
      reason: 'EXTENSION',
      problem: 'it has an extension, which the dialer cannot dial: write the number alone',
    };
  if (/;\s*phone-context=/i.test(text))
    return {
      reason: 'LETTERS',
      problem: 'it is a part of a number, whose rest its phone-context would tell: write the whole number',
    };
  if (/^\+?[1-9]\d{0,2}(?:,\d{2,3}){2,}$/.test(text))
    return {
      reason: 'DECIMAL_FRACTION',
      problem: 'a spreadsheet set commas between its thousands: format the column as text',
    };
  if (/\d[^\d]*[\n\r\t\v\f\u0085\u2028\u2029;,&|~\\][^\d]*\d/.test(text) || wordsBetween.test(text))
    return twoNumbers;
  if (/\d[^\d]*\+|\+[^\d]*\+/.test(text)) return problemOfPlus(text);
  if (/\p{L}/u.test(text))
    return { reason: 'LETTERS', problem: 'it has letters: write the number in digits alone' };
  const [foreign] = /[^\d\s+\-./()[\]_\u00B7]/u.exec(text) ?? [];
  if (foreign !== undefined)
    return {
      reason: 'REFUSED_CHARACTER',
      problem: `it has the character ${shownCharacter(foreign)}, which belongs to no number`,
    };
  return null;
}

/** A plus that is not at the beginning: behind it another number, or it is out of its place. */
function problemOfPlus(text: string): NumberProblem {
  const at = text.lastIndexOf('+');
  const [before, behind] = [text.slice(0, at), text.slice(at)].map((part) => part.replace(/\D/g, '').length);
  if ((before ?? 0) > mostOfCode && (behind ?? 0) > 0) return twoNumbers;
  return {
    reason: 'REFUSED_CHARACTER',
    problem: 'it has a + where none belongs: write one alone, before the country code',
  };
}

/**
 * `+(323) 555 2671`, `+8 (495) 123 45 67`: a + before a national number, whose first digits are another country's code by chance. What
 * the brackets set apart is no country code then, or what is behind the + is a number of the region as well.
 */
function isCutByBracket(text: string, groups: readonly string[], read: ReadDigits): boolean {
  const [, before = '', inside = ''] = /^[^\d]*\+([\s\d]*)[([]([^)\]]*)/.exec(text) ?? [];
  const first = digitsOf(before) || digitsOf(inside);
  if (first === '') return false;
  const digits = groups.join('');
  const code = countryCodeOf(digits);
  if (code === undefined) return false;
  if (first.length < code.length) return true;
  if (digitsOf(before) !== '') return false;
  const [own, national] = [read(`+${digits}`), read(digits)];
  const isOwn = own !== null && national !== null && countryCodeOf(digitsOf(national)) === code;
  return first !== code || (national !== null && !isOwn);
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}

const callingCodes: ReadonlySet<string> = new Set(
  getCountries().map((region) => getCountryCallingCode(region)),
);

/** No country code begins with another. */
function countryCodeOf(digits: string): string | undefined {
  return [1, 2, 3].map((length) => digits.slice(0, length)).find((code) => callingCodes.has(code));
}

const cutByBracket: NumberProblem = {
  reason: 'AMBIGUOUS_NUMBER',
  problem:
    'it has a + before a bracket that holds no country code: write the + before the country code, or leave it out',
};

const numbered: NumberProblem = {
  reason: 'TWO_NUMBERS',
  problem: 'it begins like a line of a list, with a number of its own: write the telephone number alone',
};

/**
 * `2. 0171 …`, `3) 98765 …`, `(2) 030 …`: a number of the line, and a dot and a blank once, or a bracket. A code in brackets is
 * followed by no trunk zero, unless it is a country's.
 */
function isNumbered(text: string, read: ReadDigits): boolean {
  if (/^[1-9]\d{0,2}(?:\s*\)|\.\s+(?!.*\.\s))\s*[\d+([]/.test(text)) return true;
  const [, code = '', behind = ''] = /^[([]([1-9]\d?)[)\]]\s*(0\d{2}.*)$/s.exec(text) ?? [];
  return code !== '' && read(`+${code}${digitsOf(behind).replace(/^0/, '')}`) === null;
}

/**
 * `2345678 (9)`, `2345678 - 9`: a last few digits apart, in brackets or as the end of a range, which lies beyond the digits in whose
 * place it stands. The 0 of a switchboard (`1234 - 0`) does not.
 */
function holdsMore(text: string): boolean {
  if (/\d{2}[^\d()[\]]*[([][^\d]*\d{1,4}\D*$/.test(text)) return true;
  if (/\d{4}\s*(?:\.{2,}|_|\u00B7|\.\s|\s\.)[\s.]*\d{1,3}$/.test(text)) return true;
  if (/\d{4}(?:(?:\s+-\s*|\s*-\s+)\d{1,3}){2,}$/.test(text)) return true;
  const [, before = '', end = ''] = /(\d+)(?:\s+-\s*|\s*-\s+)(\d{1,3})$/.exec(text) ?? [];
  return end !== '' && before.length >= end.length && Number(end) > Number(before.slice(-end.length));
}

/** Digits of a country code, and of what is dialled before one. */
const mostOfCode = 6;

/** Whether slashes, or two groups that are like two numbers, make two of it. */
function holdsTwo(text: string, plus: string, groups: readonly string[], read: ReadDigits): boolean {
  const parts = text
    .split('/')
    .map(digitsOf)
    .filter((part) => part !== '');
  if (parts.length > 1 && !isGrouped(plus, parts, read)) return true;
  for (let n = 1; n < groups.length; n++) {
    const head = groups.slice(0, n);
    const tail = groups.slice(n);
    if (isBeside(head.at(-1) ?? '', tail) || isAnother(head, tail)) {
      if (read(plus + head.join('')) !== null) return true;
    }
  }
  return false;
}

/**
 * Whether slashes stand between groups of one number. One is good behind an area code (`+49 30/123456`, `040/23456789`): few digits that
 * are no number in themselves, and the rest of one behind it. More are good behind a country code (`+49/40/2345678`), and between
 * groups of two to four digits, where only all of them together are a number (`0475/12/34/56`).
 */
function isGrouped(plus: string, parts: readonly string[], read: ReadDigits): boolean {
  const [first = '', second = '', ...rest] = parts;
  const code = plus === '' && first.startsWith('00') ? first.slice(2) : first;
  if (rest.length > 0 && (plus !== '' || code !== first) && callingCodes.has(code))
    return isGrouped(plus, [first + second, ...rest], read);
  const longest = plus !== '' || first.startsWith('00') ? 8 : 5;
  if (first.replace(/^0+/, '').length > longest) return false;
  const isNumber = (count: number) => read(plus + parts.slice(0, count).join('')) !== null;
  if (parts.slice(1).some((_, n) => isNumber(n + 1))) return false;
  if (rest.length === 0 && second.length >= 4) return true;
  const shortest = rest.length === 0 ? 3 : 2;
  return (
    parts.slice(1).every((part) => part.length >= shortest && part.length <= 4) && isNumber(parts.length)
  );
}

/**
 * The digits, without a 0 in brackets behind the country code that is no part of the number, as in `+34 (0) 612 345 678`. In Italy it may
 * be a part of the number, and the digits may be a number with it and without it: then nobody can tell which is meant.
 */
function withoutZero(
  text: string,
  plus: string,
  groups: readonly string[],
  read: ReadDigits,
): string | NumberProblem {
  const digits = plus + groups.join('');
  const [code = '', , ...national] = groups;
  if (!/^\D*\+\D*\d+[\s)\]]*[([]\s*0\s*[)\]]/.test(text) || !callingCodes.has(code)) return digits;
  const bare = plus + code + national.join('');
  const [one, other] = [read(digits), read(bare)];
  if (other === null || one === other) return digits;
  if (one === null) return bare;
  return {
    reason: 'AMBIGUOUS_NUMBER',
    problem:
      'it has a 0 in brackets, with which it is one number, and without which it is another: write the digits of the one that is meant, and no brackets',
    readings: [one, other],
  };
}

/** `12345 54321`: two last groups, each as long as a number can be where all are near. Nobody writes one number so. */
function isBeside(group: string, [other = '', ...more]: readonly string[]): boolean {
  return more.length === 0 && group.length >= 5 && other.length >= 5;
}

/** `01 51234 01 51235`: a trunk zero, and about as many digits as before it. */
function isAnother(head: readonly string[], tail: readonly string[]): boolean {
  const [one, other] = [head.join('').length, tail.join('').length];
  return /^0[1-9]/.test(tail[0] ?? '') && other >= 6 && Math.abs(one - other) <= 3;
}
