// Who may call: the API keys and the issuer of tokens that AUTH_FILE or AUTH lists.

import { z } from 'zod';
import { ConfigError } from './config-error.ts';
import { parseJson, readJsonFile } from './json-file.ts';

export const scopes = ['schedule', 'read', 'cancel'] as const;
export type Scope = (typeof scopes)[number];

const grants = {
  /** @default the only account there is */
  account: z.string().min(1).optional(),
  /** @default every campaign */
  campaigns: z.array(z.string().min(1)).min(1).optional(),
  /** Records that may be scheduled a minute, in this process. @default as many as come */
  recordsPerMinute: z.int().min(1).max(100_000_000).optional(),
};

const jwksUri = z
  .url({ protocol: /^https?$/ })
  .refine(
    (uri) => uri.startsWith('https:') || /^(127\.0\.0\.1|localhost|\[::1\])$/.test(new URL(uri).hostname),
    'https, or http on this machine',
  );

export const keySchema = z.strictObject({
  name: z.string().regex(/^[\w.-]+$/, 'letters, digits and . _ - only'),
  hash: z.string().regex(/^sha256:[\w-]{43}$/, 'not a hash as `dialgraph key` prints it'),
  scopes: z.array(z.enum(scopes)).min(1),
  ...grants,
});

const callersSchema = z
  .strictObject({
    keys: z.array(keySchema).default([]),
    jwt: z
      .strictObject({ issuer: z.string().min(1), audience: z.string().min(1), jwksUri, ...grants })
      .optional(),
  })
  .refine(({ keys, jwt }) => keys.length > 0 || jwt !== undefined, 'neither keys nor jwt');

export type CallersConfig = z.output<typeof callersSchema>;
export type JwtConfig = NonNullable<CallersConfig['jwt']>;

/** Undefined: there is no authentication. `accounts` are the names of the accounts that exist. */
export function readCallers(
  { file, json }: { file: string | undefined; json: string | undefined },
  accounts: readonly string[],
): CallersConfig | undefined {
  if (file !== undefined && json !== undefined)
    throw new ConfigError('AUTH_FILE and AUTH are both set: one is enough');
  const source = file === undefined ? 'AUTH' : `AUTH_FILE ${file}`;
  let callers: CallersConfig;
  if (file !== undefined) callers = readJsonFile('AUTH_FILE', file, callersSchema);
  else if (json !== undefined) callers = parseJson(source, json, callersSchema);
  else return undefined;

  refuseDuplicates(
    source,
    'name',
    callers.keys.map(({ name }) => name),
  );
  refuseDuplicates(
    source,
    'hash',
    callers.keys.map(({ hash }) => hash),
  );
  for (const [place, { account }] of [
    ...callers.keys.map((key) => [`keys.${key.name}`, key] as const),
    ...(callers.jwt === undefined ? [] : [['jwt', callers.jwt] as const]),
  ]) {
    if (account !== undefined && !accounts.includes(account))
      throw new ConfigError(`${source} at ${place}.account: there is no account ${account}`);
    // A token may name its account itself.
    if (account === undefined && accounts.length > 1 && place !== 'jwt')
      throw new ConfigError(`${source} at ${place}.account: needed, as there are several accounts`);
  }
  return callers;
}

function refuseDuplicates(source: string, what: string, values: readonly string[]): void {
  const twice = values.find((value, n) => values.indexOf(value) !== n);
  if (twice !== undefined) throw new ConfigError(`${source}: two keys have the ${what} ${twice}`);
}
