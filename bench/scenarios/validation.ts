// What it costs to check a record while a person types: `validateCampaignData` with one good record beside `{ __typename }`, each by
// POST, in turn, to the same process. The 99th of a hundred counts, since a person feels the slow ones.

import { WrongAnswer } from '../load/answers.ts';
import { type Gateway, startGateway, stopGateway } from '../load/arena.ts';
import type { Contestant } from '../load/contestant.ts';
import { quantile } from '../load/statistics.ts';
import type { Upstream } from '../load/upstream.ts';
import { recordAt, typenameBody, validationBody } from '../payload.ts';
import type { Plan } from '../settings.ts';

/** In milliseconds, one for each round. */
export interface ValidationResults {
  validationP99: number[];
  typenameP99: number[];
}

/** Of each, in a round. */
const requests = 500;
/** Until both are compiled. */
const warmUps = 10;

export async function measureValidation(
  ours: Contestant,
  upstream: Upstream,
  { rounds }: Plan['validation'],
): Promise<ValidationResults> {
  const gateway = await startGateway(ours, upstream);
  const results: ValidationResults = { validationP99: [], typenameP99: [] };
  for (let round = -warmUps; round < rounds; round++) {
    const { validation, typename } = await measureRound(gateway, round);
    if (round < 0) continue;
    results.validationP99.push(quantile(validation, 0.99));
    results.typenameP99.push(quantile(typename, 0.99));
  }
  await stopGateway(gateway);
  return results;
}

/** The two in turn, so that whatever holds the machine up meets both. */
async function measureRound({ client }: Gateway, round: number) {
  const times = { validation: [] as number[], typename: [] as number[] };
  const post = async (what: keyof typeof times, body: Buffer) => {
    const start = performance.now();
    const answer = await client.post(body);
    times[what].push(performance.now() - start);
    return answer;
  };
  for (let n = 0; n < requests; n++) {
    // Each has another number, as with a person who types.
    const body = validationBody([recordAt((round + warmUps) * requests + n)]);
    const both = [() => post('validation', body), () => post('typename', typenameBody)];
    const answers = await inTurn(n % 2 === 0 ? both : both.reverse());
    if (!answers.some((answer) => answer.includes('"__typename":"ValidRecord"')))
      throw new WrongAnswer(`no valid record: ${answers.join(' ').slice(0, 500)}`);
  }
  return times;
}

async function inTurn(work: readonly (() => Promise<Buffer>)[]): Promise<string[]> {
  const answers: string[] = [];
  for (const one of work) answers.push(String(await one()));
  return answers;
}
