// Who may call, by a token of the issuer: what it must say, and that no claim of whatever type ends anything or widens a right.

import fc from 'fast-check';
import { CompactSign, exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCallers } from '../../src/auth/callers.ts';
import { audience, type Issuer, issuer, post, scheduling, startIssuer, startWith } from '../credentials.ts';
import { runs } from '../property-runs.ts';

describe('a token', () => {
  let signing: Awaited<ReturnType<typeof generateKeyPair>>;
  let other: Awaited<ReturnType<typeof generateKeyPair>>;
  let keySet: string;
  beforeAll(async () => {
    [signing, other] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
    keySet = JSON.stringify({ keys: [{ ...(await exportJWK(signing.publicKey)), kid: 'k1', alg: 'ES256' }] });
  });
  const answerKeys: Issuer['answer'] = (res) => void res.end(keySet);
  const start = () => startIssuer(answerKeys);

  const claims = (more: JWTPayload = {}): JWTPayload => ({
    iss: issuer,
    aud: audience,
    sub: 'asha',
    exp: Math.floor(Date.now() / 1000) + 60,
    scope: 'openid schedule read',
    ...more,
  });
  const sign = (payload: JWTPayload, { privateKey } = signing, header: object = {}) =>
    new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header }).sign(privateKey);
  /** Of any text, as an issuer may sign it. */
  const signText = (text: string) =>
    new CompactSign(new TextEncoder().encode(text))
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .sign(signing.privateKey);

  it('lets its subject in, and is checked once for a minute', async () => {
    const issued = await start();
    const { jwt } = issued;
    const { url } = await startWith({ jwt });
    const token = await sign(claims());
    for (let n = 0; n < 3; n++)
      expect(await post(url, `Bearer ${token}`, scheduling({}))).toMatchObject({
        status: 200,
        body: { data: { scheduleCampaignData: { status: 'SCHEDULED' } } },
      });
    expect(issued.asked).toBe(1);
  });

  it('has the scopes and campaigns that it names', async () => {
    const { jwt } = await start();
    const { url } = await startWith({ jwt: { ...jwt, campaigns: ['Sales_Demo'] } });
    const codeOf = async (more: JWTPayload, campaignName = 'Sales_Demo') =>
      (await post(url, `Bearer ${await sign(claims(more))}`, scheduling({ campaignName }))).body.errors?.[0]
        ?.extensions?.code;
    expect(await codeOf({})).toBeUndefined();
    expect(await codeOf({ scope: 'read' })).toBe('FORBIDDEN');
    // As some issuers write it.
    expect(await codeOf({ scope: ['schedule'] })).toBeUndefined();
    expect(await codeOf({ scope: ['read', 'schedule read'] })).toBe('FORBIDDEN');
    expect(await codeOf({ scope: 'reschedule' })).toBe('FORBIDDEN');
    expect(await codeOf({}, 'Agent_Demo')).toBe('FORBIDDEN');
    expect(await codeOf({ campaigns: ['Agent_Demo'] }, 'Agent_Demo')).toBe('FORBIDDEN');
    expect(await codeOf({ campaigns: [] })).toBe('FORBIDDEN');
  });

  it('that is expired, forged, unsigned, for others, or none at all is a 401', async () => {
    const { jwt } = await start();
    const { url } = await startWith({ jwt });
    const past = Math.floor(Date.now() / 1000) - 60;
    const good = await sign(claims());
    const [head = '', , signature = ''] = good.split('.');
    const payload = Buffer.from(JSON.stringify(claims({ sub: 'mallory' }))).toString('base64url');
    const without = (claim: string) =>
      Object.fromEntries(Object.entries(claims()).filter(([name]) => name !== claim));
    const bad = {
      expired: await sign(claims({ exp: past })),
      'not yet good': await sign(claims({ nbf: Math.floor(Date.now() / 1000) + 60 })),
      'without an end': await sign(without('exp')),
      'without a subject': await sign(without('sub')),
      'of another issuer': await sign(claims({ iss: 'https://other.example' })),
      'for another audience': await sign(claims({ aud: 'other' })),
      'signed by another': await sign(claims(), other),
      'of a key that the issuer does not have': await sign(claims(), other, { kid: 'k2' }),
      'with its payload changed': `${head}.${payload}.${signature}`,
      unsigned: new UnsecuredJWT(claims()).encode(),
      'with its signature cut off': good.slice(0, good.lastIndexOf('.') + 1),
      'signed with the public key as a secret': await new SignJWT(claims())
        .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
        .sign(new TextEncoder().encode(JSON.stringify(await exportJWK(signing.publicKey)))),
      'for an account that is not there': await sign(claims({ account: 'other' })),
      'not a token': 'a.b.c',
    };
    for (const [what, token] of Object.entries(bad))
      expect((await post(url, `Bearer ${token}`)).status, what).toBe(401);
    expect((await post(url, `Bearer ${good}`)).status).toBe(200);
  });

  /** Values as JSON has them, since an issuer writes what it likes. */
  const odd: [string, string[]][] = [
    [
      'sub',
      [
        '5',
        '{}',
        'null',
        '[]',
        '""',
        'true',
        '["asha"]',
        '{"toString":"x"}',
        '"a\\u0000b"',
        '"\\ud800"',
        `"${'x'.repeat(256)}"`,
      ],
    ],
    ['exp', ['"1"', 'null', '{}', '[]', 'true', '1e999', '-1e999', '"2099-01-01"']],
    ['nbf', ['"0"', 'null', '{}', '[]', 'false', '-1e999']],
    ['iat', ['"0"', '{}', '[]', '1e999']],
    ['scope', ['5', 'null', '{}', '[5]', '["schedule",null]', 'true', '[["schedule"]]']],
    ['account', ['5', 'null', '{}', '[]', '""', '["default"]']],
    [
      'campaigns',
      ['"Sales_Demo"', '5', 'null', '{}', '[null]', '[["Sales_Demo"]]', '["Sales_Demo",5]', 'true'],
    ],
  ];

  it.each(odd)(
    'whose %s is of another type is a 401, and the next one is answered',
    async (claim, values) => {
      const { jwt } = await start();
      const { url, log } = await startWith({ jwt });
      for (const value of values) {
        const { [claim]: _, ...others } = claims();
        const token = await signText(
          JSON.stringify(others).replace(/\}$/, `,${JSON.stringify(claim)}:${value}}`),
        );
        expect((await post(url, `Bearer ${token}`, scheduling({}))).status, value).toBe(401);
      }
      for (const text of ['5', 'null', '[]', '"asha"', '{', ''])
        expect((await post(url, `Bearer ${await signText(text)}`)).status, text).toBe(401);
      expect((await post(url, `Bearer ${await sign(claims())}`)).status).toBe(200);
      expect(log.filter((line) => line.includes('"level":"error"'))).toEqual([]);
    },
  );

  it('grants what its claims say and no more, whatever they are', async () => {
    const { jwt } = await start();
    const { find } = createCallers({ keys: [], jwt: { ...jwt, campaigns: ['Sales_Demo', 'Agent_Demo'] } }, [
      'default',
    ]);
    const claim = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('schedule', 'schedule read', 'Sales_Demo', '', ['Sales_Demo'], ['schedule'], 'default'),
    );
    const names = [
      'sub',
      'exp',
      'nbf',
      'iat',
      'scope',
      'account',
      'campaigns',
      '__proto__',
      'constructor',
      'toString',
    ];
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...names), claim, { maxKeys: 5 }), async (more) => {
        const payload = { ...claims(), ...more };
        const caller = await find(`Bearer ${await signText(JSON.stringify(payload))}`);
        const { sub, scope, campaigns, account } = payload;
        if (caller === null) return;
        expect(caller.name).toBe(sub);
        expect(typeof sub).toBe('string');
        expect(account ?? 'default').toBe(caller.account);
        const words = typeof scope === 'string' ? scope.split(' ') : scope;
        for (const granted of caller.scopes) expect(words).toContain(granted);
        for (const granted of caller.campaigns ?? ['nobody may all']) {
          expect(['Sales_Demo', 'Agent_Demo']).toContain(granted);
          if ('campaigns' in payload) expect(campaigns).toContain(granted);
        }
      }),
      { numRuns: runs(100) },
    );
  });

  it('cannot be told while the issuer is down: a 503, and later an answer', async () => {
    const issued = await start();
    const { jwt } = issued;
    const { url } = await startWith({ jwt });
    issued.answer = (res) => void res.writeHead(503).end();
    const token = await sign(claims());
    const refused = await post(url, `Bearer ${token}`);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(refused).toMatchObject({
      status: 503,
      body: { errors: [{ extensions: { code: 'AUTHENTICATION_UNAVAILABLE' } }] },
    });
    issued.answer = answerKeys;
    expect((await post(url, `Bearer ${token}`)).status).toBe(200);
  });
});
