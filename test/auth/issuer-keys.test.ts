// An issuer's keys: bounded in bytes, number and time, kept while the issuer fails, and asked for so rarely that no caller can have
// the issuer asked for them, whatever tokens they send.

import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCallers, IssuerUnavailable } from '../../src/auth/callers.ts';
import { createIssuerKeys, type IssuerKeysOptions } from '../../src/auth/issuer-keys.ts';
import { audience, type Issuer, issuer, startIssuer } from '../credentials.ts';

let pair: Awaited<ReturnType<typeof generateKeyPair>>;
let jwk: object;
beforeAll(async () => {
  pair = await generateKeyPair('ES256');
  jwk = { ...(await exportJWK(pair.publicKey)), alg: 'ES256' };
});

const keySet = (...kids: string[]) => JSON.stringify({ keys: kids.map((kid) => ({ ...jwk, kid })) });
const good: Issuer['answer'] = (res) => void res.end(keySet('k1'));
const down: Issuer['answer'] = (res) => void res.writeHead(503).end();

let tokens = 0;
/** A token that nobody has seen. */
const newToken = (kid = 'k1') =>
  new SignJWT({ sub: 'asha', scope: 'schedule', n: tokens++ })
    .setProtectedHeader({ alg: 'ES256', kid })
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime('1m')
    .sign(pair.privateKey);

async function start(options: IssuerKeysOptions, answer: Issuer['answer'] = good) {
  const started = await startIssuer(answer);
  const keysOf = (uri: string) => createIssuerKeys(uri, options);
  const { find } = createCallers({ keys: [], jwt: started.jwt }, ['default'], keysOf);
  /** The caller of so many new tokens at once, `null`, or that it cannot be told. */
  const ask = async (count: number, kid?: string) => {
    const found = await Promise.all(
      Array.from({ length: count }, async () => {
        try {
          return (await find(`Bearer ${await newToken(kid)}`))?.name ?? null;
        } catch (error) {
          expect(error).toBeInstanceOf(IssuerUnavailable);
          return 'untold';
        }
      }),
    );
    return [...new Set(found)];
  };
  return { issued: started, find, ask };
}

describe('an issuer’s keys', () => {
  it('are asked for once, however many ask, and for nobody who has no token', async () => {
    const { issued, find, ask } = await start({});
    const hmac = await new SignJWT({ sub: 'asha' })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode('a secret of 32 characters at least'));
    for (const credential of [undefined, '', 'Bearer', 'Bearer a.b.c', 'Bearer dg_key', `Bearer ${hmac}`])
      expect(await find(credential), credential).toBe(null);
    expect(issued.asked).toBe(0);
    expect(await ask(50)).toEqual(['asha']);
    expect(await ask(50)).toEqual(['asha']);
    expect(issued.asked).toBe(1);
  });

  it('are not asked for again for every key that nobody has', async () => {
    const { issued, ask } = await start({});
    for (let n = 0; n < 20; n++) expect(await ask(10, `other-${n}`)).toEqual([null]);
    expect(issued.asked).toBe(1);
    expect(await ask(1)).toEqual(['asha']);
  });

  it('are known anew soon after the issuer has changed them', async () => {
    const { issued, ask } = await start({ cooldownMs: 0 });
    expect(await ask(5)).toEqual(['asha']);
    issued.answer = (res) => void res.end(keySet('k2'));
    expect(await ask(5, 'k2')).toEqual(['asha']);
    expect(await ask(5)).toEqual([null]);
  });

  it.each([
    ['refuses', down],
    ['hangs', (() => {}) as Issuer['answer']],
  ])('stay good while the issuer %s, which is left alone meanwhile', async (_, answer) => {
    const { issued, ask } = await start({ freshMs: 0, cooldownMs: 0, timeoutMs: 300, backoffMs: 60_000 });
    expect(await ask(10)).toEqual(['asha']);
    issued.answer = answer;
    issued.asked = 0;
    for (let n = 0; n < 20; n++) expect(await ask(5)).toEqual(['asha']);
    // Whether it is good cannot be told: the issuer may have it by now.
    expect(await ask(5, 'another')).toEqual(['untold']);
    expect(issued.asked).toBeLessThanOrEqual(2);
  });

  it('do not stay good for ever', async () => {
    const { issued, ask } = await start({ freshMs: 0, staleMs: 300, backoffMs: 50 });
    expect(await ask(1)).toEqual(['asha']);
    issued.answer = down;
    await expect.poll(() => ask(1)).toEqual(['untold']);
    issued.answer = good;
    await expect.poll(() => ask(1)).toEqual(['asha']);
  });

  it('are asked for twice, and then rarely, while there are none', async () => {
    const { issued, ask } = await start({ backoffMs: 60_000 }, down);
    for (let n = 0; n < 20; n++) expect(await ask(20)).toEqual(['untold']);
    expect(issued.asked).toBe(2);
  });

  const many = Array.from({ length: 101 }, (_, n) => `k${n}`);
  const bad: [string, Issuer['answer']][] = [
    ['HTTP 302', (res) => void res.writeHead(302, { location: '/elsewhere' }).end()],
    ['no JSON', (res) => void res.end('<html>')],
    ['no keys', (res) => void res.end('{}')],
    ['keys that are none', (res) => void res.end('{"keys":[null]}')],
    ['keys in another form', (res) => void res.end('{"keys":{"kty":"EC"}}')],
    ['over a hundred keys', (res) => void res.end(keySet(...many))],
    ['an answer that ends early', (res) => void res.writeHead(200).write('{"keys":', () => res.destroy())],
    ['an answer that never ends', (res) => void res.writeHead(200).write('{"keys":')],
  ];
  it.each(bad)('are not to be had where the issuer answers %s', async (_, answer) => {
    const { issued, ask } = await start({ timeoutMs: 500, backoffMs: 10 }, answer);
    expect(await ask(5)).toEqual(['untold']);
    issued.answer = good;
    await expect.poll(() => ask(1)).toEqual(['asha']);
  });

  it('of a hundred megabytes are left where they are', async () => {
    let written = 0;
    const { ask } = await start({}, (res) => {
      res.on('error', () => {});
      const piece = `{"keys":["${' '.repeat(1024 * 1024)}`;
      const write = () => {
        written++;
        if (written < 100 && !res.destroyed) res.write(piece, write);
        else res.end();
      };
      write();
    });
    expect(await ask(5)).toEqual(['untold']);
    expect(written).toBeLessThan(20);
  });
});
