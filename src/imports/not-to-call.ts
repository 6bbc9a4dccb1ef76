// Columns by which a person says that he must not be called, or allows it: `Do Not Call`, `DND`, `Consent`.

import { type Finding, quote } from '../scheduling/record-problem.ts';
import { cleanNumeral } from '../scheduling/text.ts';
import { wordsOf } from './mapping-names.ts';
import { nameOf, type UnreadColumn } from './mapping-unread.ts';

/** They say it as a column's name, and as a value in a column of any name. */
const objections = [
  ...['do ?not ?(?:call|contact|disturb)', 'don ?t ?call', 'never ?call', 'n?dnc(?: list)?', 'n?dnd'],
  ...['opted ?out', 'nicht ?(?:anrufen|kontaktieren)', 'werbesperre', 'kontaktsperre', 'anrufsperre'],
  ...['ne ?(?:pas|plus) ?(?:appeler|contacter|deranger|demarcher)', 'bloctel'],
  ...['no ?(?:llamar|contactar|molestar)', 'lista ?robinson', 'robinson ?liste'],
  ...['non ?(?:chiamare|contattare|disturbare)', 'registro ?(?:pubblico ?)?delle ?opposizioni'],
  ...['nao ?(?:ligar|ligue|contatar|chamar|perturbar|perturbe)', 'niet ?bellen', 'bel ?me ?niet'],
].join('|');
/** As values they may be said of something else. */
const objectingNames = [
  ...['no call', 'opt(?:s|ed)? ?outs?', 'unsubscribed?', 'black ?list(?:ed)?', 'block ?list(?:ed)?'],
  ...['robinson\\w*', 'opposition', 'bel ?me ?niet ?register'],
].join('|');
const objectingName = new RegExp(`\\b(?:${objections}|${objectingNames})\\b`);
const objectingValue = new RegExp(`^(?:${objections})$`);
/** One of these is in each of them, and in few other values. */
const stems =
  /call|contact|disturb|dn[cd]|out|anruf|kontakt|sperre|pas|plus|bloctel|contat|llamar|molestar|robinson|chiamare|opposi|lig|chamar|perturb|niet/i;
const longestValue = 32;

const consents =
  /\b(?:consent(?:s|ed)?|opt(?:s|ed)? ?in|(?:may|can|ok to|okay to|allowed to|permission to) call|call(?:s|ing)? (?:allowed|permission|permitted)|einwilligung|werbeeinwilligung|consentement|consentimiento|consentimento)\b/;
/** What they say of other ways to reach a person says nothing of a call. */
const otherWays = /\b(?:e ?mails?|mailings?|newsletters?|fax|sms|texts?|whats ?app|letters?|post|cookies?)\b/;
const calls =
  /\b(?:calls?|phone|telephone|telefon|dnc|dnd|anruf\w*|nichtanrufen|\w*appeler|bloctel|\w*llamar|\w*chiamare|\w*lig(?:ar|ue)|\w*bellen|bel ?me ?niet)\b/;

const no =
  /^(?:n|no|non|nein|keine?|nao|nee|false|falsch|faux|falso|onwaar|0|off|none|nil|null|n ?a|not? ?(?:set|registered|opted ?out)|non ?dn[cd]|in|opt(?:ed)? ?in|subscribed|inactive|allowed|ok|clear|नहीं)$/;
const dashes = /^-+$/;
const crossed = /^[☐✗]$/;
const refused = /^(?:opt(?:ed)? ?out|denied|declined|refused|revoked|withdrawn|unsubscribed)$/;
/** Among what stands for no objection, that which is a consent. */
const allows = /^(?:in|opt(?:ed)? ?in|subscribed|allowed|ok|clear|n ?a|nil|null|none)$/;

/** Undefined: no column can say so. `columns`: those that are not read. */
export function createObjectionCheck(
  columns: readonly UnreadColumn[],
): ((cells: readonly string[]) => Finding | undefined) | undefined {
  if (columns.length === 0) return undefined;
  const unread = columns.map((column) => ({
    index: column.index,
    name: nameOf(column),
    isSo: sayingOf(column.header ?? ''),
  }));
  return (cells) => {
    for (const { index, name, isSo } of unread) {
      const value = cells[index];
      if (value === undefined || value === '' || !isSo(value)) continue;
      const message = `${name} says ${quote(value)} of this row: nobody is called who must not be. Take the row out, or say in the mapping that the column is a custom header, or nothing.`;
      return { kind: 'SuppressedNumberError', field: 'phoneNumber', reason: 'SUPPRESSED', message };
    }
    return undefined;
  };
}

function sayingOf(header: string): (value: string) => boolean {
  // Capitals may part the words of a name, and may mean nothing.
  const name = `${wordsOf(header)} / ${valueWords(header)}`;
  const isOfCalls = calls.test(name) || !otherWays.test(name);
  if (isOfCalls && objectingName.test(name))
    return (value) => {
      const mark = cleanNumeral(value);
      return mark !== '' && !no.test(valueWords(value)) && !dashes.test(mark) && !crossed.test(mark);
    };
  if (isOfCalls && consents.test(name))
    return (value) => {
      const said = valueWords(value);
      return refused.test(said) || (no.test(said) && !allows.test(said)) || crossed.test(cleanNumeral(value));
    };
  return (value) =>
    value.length <= longestValue && stems.test(value) && objectingValue.test(valueWords(value));
}

function valueWords(value: string): string {
  return wordsOf(cleanNumeral(value).toLowerCase());
}
