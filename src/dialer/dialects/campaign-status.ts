// Reads what the upstream says of a campaign, and tells a campaign that it does not know from an account that it refuses.
// "no record found" alone does not tell: its other calls answer a wrong key as they answer a request for nothing ("No data found",
// "null"). So a campaign is missing only for a key that is good: one that lately got what only a good key gets, or else gets the
// account's list now. Whatever is neither clearly one nor the other is `unavailable`.

import { redact } from '../../foundation/redaction.ts';
import { texts } from '../../upstream/contract.ts';
import type { CampaignStatus, ChunkAnswer } from '../chunk.ts';
import type { HttpReply } from '../transport/http-client.ts';
import { parseAnswer } from './answer-json.ts';
import type { KeyCheck } from './dialect.ts';
import { contains, isObject, type JsonObject, readMessage, readStatus } from './message.ts';
import { isThrottling } from './schedule-reply.ts';

/** An answer as it stands. `none`: of a key that is good, that there is no such campaign. `null`: a wrong key may be why. */
export type CampaignAnswer =
  | Exclude<CampaignStatus, { kind: 'missing' }>
  | { kind: 'none' }
  | { kind: 'null' };

export function readCampaignAnswer(
  reply: HttpReply,
  campaignName: string,
  secrets: readonly string[],
): CampaignAnswer {
  if (reply.kind !== 'response') return unavailable(reply.reason);
  const { status, body, complete, unreadable } = reply;
  if (unreadable !== undefined) return unavailable(unreadable);
  if (!complete) return unavailable('the answer was cut off');
  if (status === 401) return { kind: 'refused' };
  if (status === 429) return { kind: 'throttled', reason: 'HTTP 429' };
  if (status >= 300 && (status < 400 || status >= 500)) return unavailable(`HTTP ${status}`);
  const { json, noise } = parseAnswer(body);
  if (!isObject(json)) return unavailable('an answer that cannot be read');
  const said = readStatus(json.status);
  const found = said === 'failed' ? undefined : entryOf(json.message, campaignName);
  if (found !== undefined && status < 300)
    return {
      kind: 'found',
      id: wordOf(found.CampaignID, secrets),
      position: wordOf(found.Position, secrets),
    };
  const { text } = readMessage(json.message);
  if (isThrottling(text)) return { kind: 'throttled', reason: redact(text, secrets) };
  if (contains(text, texts.invalidUser)) return { kind: 'refused' };
  if (json.message === 'null' || json.message === null) return { kind: 'null' };
  const isNone = contains(text, texts.noRecord) || contains(text, texts.accountOrCampaign);
  // A warning before the answer may tell of the reason why nothing was found.
  if (isNone && said !== 'succeeded' && noise === '') return { kind: 'none' };
  return unavailable(text === '' ? 'an answer that says nothing of it' : redact(text, secrets));
}

/** What `message` says of the campaign: one object, or a list of them. */
function entryOf(message: unknown, campaignName: string): JsonObject | undefined {
  const entries = (Array.isArray(message) ? message : [message]).filter(isObject);
  const named = entries.filter(({ CampaignName }) => typeof CampaignName === 'string');
  if (named.length > 0) return named.find(({ CampaignName }) => isSameName(CampaignName, campaignName));
  const [only] = entries;
  return entries.length === 1 && only !== undefined && wordOf(only.Position, []) !== null ? only : undefined;
}

function isSameName(name: unknown, other: string): boolean {
  return String(name).trim().toLowerCase() === other.trim().toLowerCase();
}

/** Characters. Ids and positions are short. */
const longestWord = 64;

/** The upstream's own word; null for none. */
function wordOf(value: unknown, secrets: readonly string[]): string | null {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  return text === '' ? null : redact(text, secrets, longestWord);
}

function unavailable(reason: string): CampaignStatus & CampaignAnswer {
  return { kind: 'unavailable', reason };
}

/** What is known of a credential: whether it lately got what only a good one gets. */
export interface KeyProof {
  /** Learns from what was answered to rows that were sent with it. */
  learn(credential: string, answer: ChunkAnswer): void;
  note(credential: string): void;
  isGood(credential: string): boolean;
}

/** A key is seldom changed, and then rows are refused, which ends the proof. */
const provenMs = 10 * 60_000;

export function createKeyProof(now: () => number): KeyProof {
  let proven: { credential: string; at: number } | null = null;
  const note = (credential: string) => {
    proven = { credential, at: now() };
  };
  return {
    note,
    learn(credential, answer) {
      if (answer.kind === 'rows' && answer.rows.some(({ kind }) => kind === 'scheduled')) note(credential);
      else if (answer.kind === 'refused' && answer.refusal.reason === 'account-or-campaign') proven = null;
    },
    isGood: (credential) =>
      proven !== null && proven.credential === credential && now() - proven.at < provenMs,
  };
}

/** Asks for a campaign, and for the proof of the key where the answer says nothing without it. */
export async function provenStatus(
  ask: () => Promise<CampaignAnswer>,
  checkKey: () => Promise<KeyCheck>,
  proof: KeyProof,
  credential: string,
): Promise<CampaignStatus> {
  const answer = await ask();
  if (answer.kind === 'found') proof.note(credential);
  if (answer.kind !== 'none' && answer.kind !== 'null') return answer;
  const isGood = proof.isGood(credential) || readCheck(await checkKey());
  if (isGood === undefined) return unavailable('the dialer knows no such campaign, or not the account');
  if (!isGood) return { kind: 'refused' };
  proof.note(credential);
  return answer.kind === 'none' ? { kind: 'missing' } : unavailable('the dialer answers "null"');
}

/** Whether the key is good; undefined: that cannot be told. */
function readCheck(check: KeyCheck): boolean | undefined {
  if (check.kind === 'good') return true;
  if (check.kind === 'null') return false;
  const { answer } = check;
  return answer.kind === 'refused' && answer.refusal.reason === 'account-or-campaign' ? false : undefined;
}
