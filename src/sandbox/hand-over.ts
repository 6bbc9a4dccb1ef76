// Hands rows over to their campaigns when their time has come, as the upstream replays them through its "add campaign data" API.
// That happens whenever somebody asks the sandbox, and not by a timer: each row is handed over at its own time and in the order of
// these times, however late somebody asks. A test that moves the clock therefore always sees the same.
// Numbers on the do-not-disturb list are refused, and so are numbers that the campaign has already, in the upstream's words.
// A row that is taken starts its campaign.

import { handOverTexts, texts } from '../upstream/contract.ts';
import type { CampaignPositions } from './campaign-status.ts';
import { type AddAnswer, demonstratedHandOver } from './errors-demo.ts';
import type { HandOver, Ledger, LedgerRow } from './ledger.ts';

/** Refused by the sandbox at their time, in whatever form they are written. The page shows them. */
export const demoDoNotDisturb: readonly string[] = ['9000000001', '9000000002', '9000000003'];

export interface HandOverRules {
  readonly ledger: Ledger;
  readonly positions: CampaignPositions;
  readonly doNotDisturb: DoNotDisturbList;
  now(): number;
}

/** Numbers are compared by their last ten digits, which are a number without its country code in India. */
export class DoNotDisturbList {
  readonly numbers: readonly string[];
  readonly #keys: ReadonlySet<string>;

  constructor(numbers: readonly string[]) {
    this.numbers = numbers;
    this.#keys = new Set(numbers.map(keyOf));
  }

  has(phoneNumber: string): boolean {
    return this.#keys.has(keyOf(phoneNumber));
  }
}

function keyOf(phoneNumber: string): string {
  return phoneNumber.replace(/\D/g, '').slice(-10);
}

/** Hands over every row whose time has come. */
export function handOverDue(rules: HandOverRules): void {
  const { ledger, positions, now } = rules;
  for (const { row, dueAt } of ledger.takeDue(now())) {
    const answer = answerTo(row, rules);
    const outcome = outcomeOf(answer);
    ledger.handOver(row, { at: Math.max(dueAt, row.createdAt), outcome, response: responseOf(answer) });
    if (outcome === 'added') positions.set(row.campaignName, 'RUNNING');
  }
}

const started: AddAnswer = { status: 'SUCCESS', message: handOverTexts.started };
const duplicate: AddAnswer = { status: 'SUCCESS', message: texts.numberExists };
const emptyNumber: AddAnswer = { status: 'FAIL', message: handOverTexts.emptyNumber };
const notToBeCalled: AddAnswer = { status: 'FAIL', message: handOverTexts.doNotDisturb };

/** Null: the row is taken, and its answer is lost. */
function answerTo(row: LedgerRow, { ledger, doNotDisturb }: HandOverRules): AddAnswer | null {
  const demonstrated = demonstratedHandOver(row);
  if (demonstrated !== undefined) return demonstrated.answer;
  const { campaignName, phoneNumber } = row;
  if (!/\d/.test(phoneNumber)) return emptyNumber;
  if (doNotDisturb.has(phoneNumber)) return notToBeCalled;
  return ledger.hasAdded(campaignName, phoneNumber) ? duplicate : started;
}

/** One text for each answer, since a long list has few. */
const responses = new WeakMap<AddAnswer, string>();

/** The upstream stores the answer as it came, status and all. */
function responseOf(answer: AddAnswer | null): string {
  if (answer === null) return '';
  let response = responses.get(answer);
  if (response === undefined) {
    response = JSON.stringify(answer);
    responses.set(answer, response);
  }
  return response;
}

function outcomeOf(answer: AddAnswer | null): HandOver['outcome'] {
  if (answer?.status === 'FAIL') return 'refused';
  return answer?.message === texts.numberExists ? 'duplicate' : 'added';
}
