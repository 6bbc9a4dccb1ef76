// One import as a front end has it: started, its file put, and watched until it is where it should be.

import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { campaignName } from '../settings.ts';
import { WrongAnswer } from './answers.ts';
import type { Gateway } from './arena.ts';

export interface ImportTimes {
  /** From the file's last byte to the state that was waited for. */
  wholeMs: number;
  /** From the first record that could be sent to the end; 0 where nothing was sent. */
  runningMs: number;
}

interface Import {
  id: string;
  uploadUrl: string;
  state: string;
  startedAt: string | null;
  finishedAt: string | null;
  counts: Record<string, number | null>;
  failure: { message: string } | null;
}

const lookEveryMs = 50;
const fields = `id uploadUrl state startedAt finishedAt failure { message }
  counts { total valid scheduled failed skipped unknown notSent }`;

/** `start`: AUTOMATIC: until it is FINISHED, with each row scheduled; AFTER_REVIEW: until it is READY, with each row valid. */
export async function importFile(
  { client, child }: Gateway,
  path: string,
  rows: number,
  start: 'AUTOMATIC' | 'AFTER_REVIEW',
): Promise<ImportTimes> {
  const { size: fileSize } = await stat(path);
  const ask = async <Data>(query: string, variables: object) => {
    const { data } = JSON.parse(String(await client.post(Buffer.from(JSON.stringify({ query, variables })))));
    return data as Data;
  };
  const input = { campaignName, fileName: 'leads', fileSize, start };
  const { startImport } = await ask<{ startImport: { import?: Import } }>(
    `mutation ($input: StartImportInput!) { startImport(input: $input) { ... on ImportPayload { import { ${fields} } } } }`,
    { input },
  );
  if (startImport.import === undefined) throw new WrongAnswer('the import was not started');
  const { id, uploadUrl } = startImport.import;
  const put = await fetch(new URL(uploadUrl, child.url), { method: 'PUT', body: await openAsBlob(path) });
  const receivedAt = Date.now();
  if (put.status !== 204) throw new WrongAnswer(`the file was answered with ${put.status}`);
  const [wanted, count] = start === 'AUTOMATIC' ? ['FINISHED', 'scheduled'] : ['READY', 'valid'];
  for (;;) {
    const { import: now } = await ask<{ import: Import }>(
      `query ($id: ID!) { import(id: $id) { ${fields} } }`,
      {
        id,
      },
    );
    if (now.state === wanted) {
      if (now.counts[count as string] !== rows) throw new WrongAnswer(JSON.stringify(now.counts));
      const at = (time: string | null, otherwise: number) => (time === null ? otherwise : Date.parse(time));
      const endedAt = at(now.finishedAt, Date.now());
      return { wholeMs: endedAt - receivedAt, runningMs: endedAt - at(now.startedAt, endedAt) };
    }
    if (['FAILED', 'CANCELED', 'EXPIRED', 'FINISHED'].includes(now.state))
      throw new WrongAnswer(`the import is ${now.state}: ${now.failure?.message}`);
    await sleep(lookEveryMs);
  }
}
