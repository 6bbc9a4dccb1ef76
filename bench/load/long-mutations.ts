// A process that sends long mutations to a gateway, one after the other without a pause. It is apart from the process that times
// the small ones, so that the long bodies and answers cost that one nothing. Its environment says what to post.
// States: building its bodies → ready → (the message 'start') posting → (the message 'stop') done: it reports how many were
// answered, and how many wrongly.

import { graphqlBody, type LeadRecord, plainBody, records } from '../payload.ts';
import { createClient } from './client.ts';

export interface LongMutationsReport {
  answered: number;
  wrong: number;
}

const scheduled = Buffer.from('"ScheduledRecord"');

const { GATEWAY_URL = '', WIRE = '', RECORDS = '', MUTATIONS = '' } = process.env;
const count = Number(RECORDS);
const build = WIRE === 'plain' ? plainBody : (leads: LeadRecord[]) => graphqlBody(leads);
const bodies = Array.from({ length: Number(MUTATIONS) }, (_, mutation) =>
  build(records({ first: mutation * count, count })),
);
const client = createClient(GATEWAY_URL, 1);
const report: LongMutationsReport = { answered: 0, wrong: 0 };
let stopped = false;

process.on('message', (message: 'start' | 'stop') => {
  if (message === 'stop') stopped = true;
  else
    post().catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
});
process.send?.('ready');

async function post(): Promise<void> {
  for (const body of bodies) {
    if (stopped) break;
    const answer = await client.post(body);
    report.answered++;
    if (occurrences(answer) !== count) report.wrong++;
  }
  process.send?.(report);
}

function occurrences(answer: Buffer): number {
  let found = 0;
  for (let at = answer.indexOf(scheduled); at !== -1; at = answer.indexOf(scheduled, at + scheduled.length))
    found++;
  return found;
}
