// Requests with a credential, and the services and issuers that they meet.

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { ScheduleDocument } from './gql/graphql.ts';
import { leads, readAnswer, type Stack, type StackOptions, startStack } from './harness.ts';

export interface Answer {
  status: number;
  headers: Headers;
  body: { data?: Record<string, never>; errors?: { message: string; extensions?: { code?: string } }[] };
}

/** `auth`: the JSON of AUTH_FILE. */
export function startWith(auth: object, options: StackOptions = {}): Promise<Stack> {
  return startStack({ ...options, env: { AUTH: JSON.stringify(auth) } });
}

export async function post(
  url: string,
  authorization: string | undefined,
  body: object = { query: '{ limits { horizonDays } }' },
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: await readAnswer(response) };
}

export const scheduling = (input: object) => ({
  query: ScheduleDocument.toString(),
  variables: { input: { campaignName: 'Sales_Demo', records: leads(1), ...input } },
});

export interface Issuer {
  /** How often its keys were asked for. */
  asked: number;
  /** How it answers; replaced at will. */
  answer(res: ServerResponse): void;
  jwt: { issuer: string; audience: string; jwksUri: string };
}

export const issuer = 'https://issuer.example';
export const audience = 'dialgraph';

/** An issuer on a socket, whose JWKS is what `answer` says. */
export async function startIssuer(answer: Issuer['answer']): Promise<Issuer> {
  const started = { asked: 0, answer, jwt: { issuer, audience, jwksUri: '' } };
  const server = createServer((_, res) => {
    started.asked++;
    started.answer(res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  started.jwt.jwksUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  return started;
}
