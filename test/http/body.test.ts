// Bodies by their bytes: what is not UTF-8 is refused, and what is comes as it was written, wherever it is cut.

import { describe, expect, it } from 'vitest';
import { ScheduleDocument } from '../gql/graphql.ts';
import { lead, startStack } from '../harness.ts';

const request = (name: string, key: string) =>
  JSON.stringify({
    query: `${ScheduleDocument}`,
    variables: {
      input: { campaignName: 'Sales_Demo', idempotencyKey: key, records: [lead(0, { name })] },
    },
  });

/** Sends the pieces as chunks, each in a packet of its own. */
async function send(url: string, pieces: readonly Uint8Array[]): Promise<{ status: number; text: string }> {
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      for (const piece of pieces) {
        controller.enqueue(piece);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      controller.close();
    },
  });
  const init: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    duplex: 'half',
  };
  const response = await fetch(url, init);
  return { status: response.status, text: await response.text() };
}

describe('a body', () => {
  it('that is not UTF-8 is refused before anything is carried out', async () => {
    const { url, sandbox } = await startStack();
    const latin = Buffer.from(request('Müller', 'k-ü'), 'latin1');
    const cutOff = Buffer.concat([Buffer.from(request('Asha', 'k')), Buffer.from([0xc3])]);
    const half = Buffer.from(request('\u{1F600}', 'k').replace('\u{1F600}', '\xED\xA0\xBD'), 'latin1');
    for (const body of [latin, cutOff, half])
      for (const pieces of [[body], [body.subarray(0, 40), body.subarray(40)]]) {
        const { status, text } = await send(url, pieces);
        expect([status, text]).toEqual([400, expect.stringContaining('"code":"BODY_NOT_UTF8"')]);
      }
    expect(sandbox.requests).toEqual([]);
  });

  it('is read as it was written, also where it is cut within a character', async () => {
    const { url, sandbox } = await startStack();
    const name = 'Qoë आशा \u{1F600}';
    const body = Buffer.from(request(name, 'k'));
    const start = body.indexOf('Qo');
    const pieces = [body.subarray(0, start)];
    for (let at = start; at < start + 30; at++) pieces.push(body.subarray(at, at + 1));
    pieces.push(body.subarray(start + 30));
    expect(await send(url, pieces)).toMatchObject({ status: 200 });
    expect(sandbox.ledger.map(({ fields }) => fields.Name)).toEqual([name]);
  });
});
