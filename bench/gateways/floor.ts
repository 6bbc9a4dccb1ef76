// The floor: a gateway without GraphQL, with node:http and JSON. With CHECKS=same-rules it checks records as strictly as
// Dialgraph does, otherwise lightly.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { light, sameRules } from './checks.ts';
import { createScheduling, createSend } from './dialer.ts';
import { announce, upstreamUrl } from './edge.ts';

const schema = z.object({
  campaignName: z.string().min(1),
  records: z
    .array(
      z.object({
        reference: z.string().nullish(),
        phoneNumber: z.string(),
        scheduledTime: z.string(),
        name: z.string().nullish(),
      }),
    )
    .min(1),
});

const schedule = createScheduling(
  process.env.CHECKS === 'same-rules' ? sameRules : light,
  createSend(upstreamUrl()),
);

const server = createServer((req, res) => {
  answer(req).then(
    ({ status, value }) => reply(res, status, value),
    (error: unknown) => reply(res, 500, { message: String(error) }),
  );
});
server.listen(0, '127.0.0.1', () => announce(server.address(), '/schedule'));

async function answer(req: IncomingMessage): Promise<{ status: number; value: unknown }> {
  const parts: Buffer[] = [];
  for await (const part of req) parts.push(part as Buffer);
  const input = schema.safeParse(JSON.parse(Buffer.concat(parts).toString()));
  if (!input.success) return { status: 400, value: { issues: input.error.issues } };
  return { status: 200, value: await schedule(input.data) };
}

function reply(res: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value);
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  res.end(body);
}
