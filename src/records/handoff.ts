// What became of a row at its time, as far as the dialer's list says: whether it was handed over to its campaign, and what the
// campaign answered. The reading is tolerant of spelling; words that are not known decide nothing.

import type { ListedRow } from '../dialer/listed-row.ts';
import { handOverTexts, texts } from '../upstream/contract.ts';

/** `UNKNOWN`: it was handed over, or may have been, and the dialer does not say what came of it. */
export type HandoffStatus = 'PENDING' | 'ADDED' | 'REJECTED' | 'UNKNOWN';
export type RejectionKind = 'DO_NOT_DISTURB' | 'DUPLICATE' | 'EMPTY_NUMBER' | 'ACCOUNT_NOT_FOUND';

export interface Handoff {
  status: HandoffStatus;
  /** Why it was rejected; null for any other status, and for words that are not known. */
  rejection: RejectionKind | null;
  /** The campaign's own words, redacted; null where there are none. */
  dialerMessage: string | null;
}

const pending: Handoff = { status: 'PENDING', rejection: null, dialerMessage: null };

export function handoffOf({ isSent, response }: Pick<ListedRow, 'isSent' | 'response'>): Handoff {
  if (isSent === false) return pending;
  const { said, words } = readResponse(response);
  const dialerMessage = words === '' ? null : words;
  if (isSent === null) return { status: 'UNKNOWN', rejection: null, dialerMessage };
  const rejection = rejectionOf(words);
  if (rejection !== null) return { status: 'REJECTED', rejection, dialerMessage };
  if (said === 'failed') return { status: 'REJECTED', rejection: null, dialerMessage };
  const isAdded = said === 'succeeded' || /^success ?fully updated/i.test(words);
  return { status: isAdded ? 'ADDED' : 'UNKNOWN', rejection: null, dialerMessage };
}

const rejections: readonly [text: string, kind: RejectionKind][] = [
  [handOverTexts.doNotDisturb, 'DO_NOT_DISTURB'],
  // Said under a success status.
  [texts.numberExists, 'DUPLICATE'],
  [handOverTexts.emptyNumber, 'EMPTY_NUMBER'],
  [handOverTexts.noUser, 'ACCOUNT_NOT_FOUND'],
];

function rejectionOf(words: string): RejectionKind | null {
  const said = words.toLowerCase();
  return rejections.find(([text]) => said.includes(text.toLowerCase()))?.[1] ?? null;
}

/** The campaign's answer stands in the list as text: its JSON, or its words alone. */
function readResponse(response: string): { said: 'succeeded' | 'failed' | 'unsaid'; words: string } {
  const text = response.trim();
  if (!text.startsWith('{')) return { said: 'unsaid', words: text };
  try {
    const { status, message } = JSON.parse(text) as Record<string, unknown>;
    const words = typeof message === 'string' ? message.trim() : text;
    if (/^(?:success|true|ok)$/i.test(String(status).trim())) return { said: 'succeeded', words };
    if (/^(?:error|fail|failure|failed|false)$/i.test(String(status).trim()))
      return { said: 'failed', words };
    return { said: 'unsaid', words };
  } catch {
    return { said: 'unsaid', words: text };
  }
}
