// Columns by which a person says that he must not be called, or allows it: `Do Not Call`, `DND`, `Consent`.

import { type Finding, quote } from '../scheduling/record-problem.ts';
import { cleanNumeral } from '../scheduling/text.ts';
import { wordsOf } from './mapping-names.ts';
import { nameOf, type UnreadColumn } from './mapping-unread.ts';

const objections =
  /\b(?:do ?not ?call|don ?t call|never call|no call|n?dnc|n?dnd|do not (?:contact|disturb)|opt(?:s|ed)? ?outs?|unsubscribed?|black ?list(?:ed)?|block ?list(?:ed)?|nicht anrufen|werbesperre|kontaktsperre|anrufsperre|robinson\w*|ne pas (?:appeler|contacter|deranger|demarcher)|bloctel|no (?:llamar|contactar|molestar)|nao (?:ligar|ligue|contatar|chamar|perturbe))\b/;
const consents =
  /\b(?:consent(?:s|ed)?|opt(?:s|ed)? ?in|(?:may|can|ok to|okay to|allowed to|permission to) call|call(?:s|ing)? (?:allowed|permission|permitted)|einwilligung|werbeeinwilligung|consentement|consentimiento|consentimento)\b/;
/** What they say of other ways to reach a person says nothing of a call. */
const otherWays = /\b(?:e ?mails?|mailings?|newsletters?|fax|sms|texts?|whats ?app|letters?|post|cookies?)\b/;
const calls = /\b(?:calls?|phone|telephone|telefon|dnc|dnd|anruf\w*)\b/;

const no =
  /^(?:n|no|non|nein|nao|false|falsch|faux|falso|0|off|none|nil|null|n\/?a|not? (?:set|registered|opted ?out)|non[ -]?dn[cd]|-+|in|opt(?:ed)?[ -]?in|subscribed|inactive|allowed|ok|clear|नहीं|☐|✗)$/;
const refused = /^(?:opt(?:ed)?[ -]?out|denied|declined|refused|revoked|withdrawn|unsubscribed)$/;
/** In a column of any name. */
const objection = /^(?:do not (?:call|contact)|n?dnc|n?dnd|dnc list|opted[ -]?out)$/i;

/** Undefined: no column can say so. `columns`: those that are not read. */
export function createObjectionCheck(
  columns: readonly UnreadColumn[],
): ((cells: readonly string[]) => Finding | undefined) | undefined {
  if (columns.length === 0) return undefined;
  const unread = columns.map((column) => ({
    index: column.index,
    name: nameOf(column),
    isSo: sayingOf(wordsOf(column.header ?? '')),
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

function sayingOf(name: string): (value: string) => boolean {
  const isOfCalls = calls.test(name) || !otherWays.test(name);
  const plain = (value: string) =>
    cleanNumeral(value)
      .toLowerCase()
      .normalize('NFD')
      .replace(/[\u0300-\u036F]/g, '');
  if (isOfCalls && objections.test(name))
    return (value) => {
      const said = plain(value);
      return said !== '' && !no.test(said);
    };
  if (isOfCalls && consents.test(name))
    return (value) => {
      const said = plain(value);
      return refused.test(said) || (said !== '' && no.test(said) && !allows.test(said));
    };
  return (value) => value.length <= 16 && objection.test(value.trim());
}

/** Among what stands for no objection, that which is a consent. */
const allows = /^(?:in|opt(?:ed)?[ -]?in|subscribed|allowed|ok|clear|n\/?a|nil|null|none|-+)$/;
