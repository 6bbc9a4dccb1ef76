// The physical limit: chunks of 100 that were built before, posted directly to the upstream over as many connections as every
// gateway has. Each answer is read and parsed, since any client has to do that to know the results.

import { type Batch, rowAt } from '../payload.ts';
import { apiKey, campaignName, chunkSize, connections, userName } from '../settings.ts';
import { createClient } from './client.ts';

export interface RawClient {
  /** Returns a function that posts the batch, and resolves to the number of rows that were accepted. */
  prepare(batch: Batch): () => Promise<number>;
  close(): Promise<void>;
}

const map = ['PhoneNumber', 'Name', 'ScheduledTime'];

export function createRawClient(upstreamUrl: string): RawClient {
  const client = createClient(`${upstreamUrl}/ca_apis/CampaignScheduledData`, connections, { apiKey });

  const post = async (body: Buffer): Promise<number> => {
    const { message } = JSON.parse((await client.post(body)).toString()) as {
      message: { Response: string }[];
    };
    return message.filter(({ Response }) => Response === 'success').length;
  };
  return {
    prepare({ first, count }) {
      const bodies: Buffer[] = [];
      for (let from = 0; from < count; from += chunkSize) {
        const length = Math.min(chunkSize, count - from);
        const data = Array.from({ length }, (_, index) => rowAt(first + from + index));
        const request = { userName, campaignName, checkDuplicate: false, bulkData: { map, data } };
        bodies.push(Buffer.from(JSON.stringify(request)));
      }
      return async () => (await Promise.all(bodies.map(post))).reduce((sum, rows) => sum + rows, 0);
    },
    close: client.close,
  };
}
