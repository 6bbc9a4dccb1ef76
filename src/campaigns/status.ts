// What the dialer says of an account's campaigns: asked once, however many ask at a time, and remembered for some seconds.
//
// Scheduling must not pay for it. So the dialer is asked before anything is sent only where a campaign is new to this process:
// whoever comes first waits for one answer, and for a second at most. From then on a campaign is known to be there for as long as it
// is used, since each row that the dialer takes proves it anew. Where the status cannot be had in time, nobody waits for it any more
// until an answer has come again, and rows are sent as if there were no status at all: the dialer refuses what it does not know.
// States of a campaign: new → (asked) there | missing | untold → (some seconds) new. there → (a row is taken) there, and → (its rows
// are refused) new.

import { TokenBucket } from 'limiter';
import { LRUCache } from 'lru-cache';
import type { CampaignStatus } from '../dialer/chunk.ts';
import type { Dialer } from '../dialer/dialer.ts';
import { campaignsWithinMs, campaignWithinMs } from '../dialer/transport/deadlines.ts';
import type { Origin } from '../telemetry/events.ts';

export interface CampaignStatuses {
  /**
   * The dialer's answer, or that of the last seconds. It is waited for `campaignsWithinMs` at most; what comes later is remembered. Never
   * rejects.
   */
  status(campaignName: string, origin?: Origin): Promise<CampaignStatus>;
  /**
   * Whether it is certain that the dialer has no such campaign. False at once where it is known to be there, or nobody should wait
   * for the answer.
   */
  isMissing(campaignName: string, origin?: Origin): boolean | Promise<boolean>;
  /** The dialer took a row for the campaign. */
  noteTaken(campaignName: string): void;
  /** Which of the two the dialer means, after it refused rows for the account or the campaign. Undefined: that cannot be told. */
  whichIsRefused(campaignName: string, origin?: Origin): Promise<'api-key' | 'campaign' | undefined>;
}

export interface StatusOptions {
  /** Whether campaigns are asked for before anything is sent. */
  checksCampaigns: boolean;
}

/** For so long an answer is told again, one that tells nothing included. */
const freshMs = 10_000;
/** A campaign that was there is not asked for again before rows are sent to it; one that is gone is refused by the dialer. */
const thereMs = 10 * 60_000;
/** Names are callers' input. */
const mostRemembered = 1000;
/** The vendor allows about so many to calls of this kind. They must not use up what rows need. */
const mostPerMinute = 100;

export function createCampaignStatuses(
  { campaignStatus }: Pick<Dialer, 'campaignStatus'>,
  { checksCampaigns }: StatusOptions,
  now: () => number,
): CampaignStatuses {
  const answers = new LRUCache<string, { status: CampaignStatus; at: number }>({ max: mostRemembered });
  /** When a campaign was last known to be there. */
  const there = new LRUCache<string, number>({ max: mostRemembered });
  const asking = new Map<string, { answer: Promise<CampaignStatus>; isTaken: boolean }>();
  const bucket = new TokenBucket({
    bucketSize: mostPerMinute,
    tokensPerInterval: mostPerMinute,
    interval: 'minute',
  });
  bucket.content = mostPerMinute;
  /** Whether the last answer told nothing, or took too long. */
  let isLate = false;

  const learn = (campaignName: string, status: CampaignStatus) => {
    isLate = status.kind === 'unavailable' || status.kind === 'throttled';
    answers.set(campaignName, { status, at: now() });
    if (status.kind === 'found') there.set(campaignName, now());
    else if (status.kind === 'missing') there.delete(campaignName);
    return status;
  };

  /** The answer of the last seconds; undefined where there is none. */
  const fresh = (campaignName: string): CampaignStatus | undefined => {
    const answer = answers.get(campaignName);
    return answer !== undefined && now() - answer.at < freshMs ? answer.status : undefined;
  };

  const ask: CampaignStatuses['status'] = (campaignName, origin) => {
    const known = fresh(campaignName);
    if (known !== undefined) return Promise.resolve(known);
    if (campaignStatus === undefined) return Promise.resolve(cannotAsk);
    const underway = asking.get(campaignName);
    if (underway !== undefined) return underway.answer;
    if (!bucket.tryRemoveTokens(1)) return Promise.resolve(askedTooOften);
    const origins = origin === undefined ? [] : [origin];
    const answer = campaignStatus(campaignName, { origins }).then((answer) => {
      const isTaken = asking.get(campaignName)?.isTaken ?? false;
      asking.delete(campaignName);
      // A row was taken after it was asked, which says more.
      return isTaken && answer.kind === 'missing' ? outdated : learn(campaignName, answer);
    });
    asking.set(campaignName, { answer, isTaken: false });
    return answer;
  };

  /** The answer, if it comes within `campaignWithinMs`. Where the one before came late, this one is not waited for. */
  const statusInTime = async (campaignName: string, origin: Origin | undefined) => {
    const asked = ask(campaignName, origin);
    if (isLate) return fresh(campaignName);
    const answer = await within(campaignWithinMs, asked);
    if (answer === undefined) isLate = true;
    return answer;
  };

  return {
    status: async (campaignName, origin) =>
      (await within(campaignsWithinMs, ask(campaignName, origin))) ?? tooLate,
    isMissing(campaignName, origin) {
      if (!checksCampaigns || campaignStatus === undefined) return false;
      if (now() - (there.get(campaignName) ?? -Infinity) < thereMs) return false;
      return statusInTime(campaignName, origin).then((answer) => answer?.kind === 'missing');
    },
    noteTaken(campaignName) {
      there.set(campaignName, now());
      if (answers.get(campaignName)?.status.kind === 'missing') answers.delete(campaignName);
      const underway = asking.get(campaignName);
      if (underway !== undefined) underway.isTaken = true;
    },
    async whichIsRefused(campaignName, origin) {
      there.delete(campaignName);
      const answer = await statusInTime(campaignName, origin);
      if (answer?.kind === 'refused') return 'api-key';
      return answer?.kind === 'missing' ? 'campaign' : undefined;
    },
  };
}

/** Undefined after so many milliseconds. */
async function within<Answer>(ms: number, answer: Promise<Answer>): Promise<Answer | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

const tooLate: CampaignStatus = {
  kind: 'unavailable',
  reason: `no answer within ${campaignsWithinMs / 1000} s`,
};
const cannotAsk: CampaignStatus = { kind: 'unavailable', reason: "the account's API cannot be asked" };
const outdated: CampaignStatus = { kind: 'unavailable', reason: 'its campaign came to be meanwhile' };
const askedTooOften: CampaignStatus = { kind: 'unavailable', reason: 'campaigns were asked for too often' };
