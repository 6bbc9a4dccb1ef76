// The dialer accounts that this service may use: one from the environment, or those of ACCOUNTS_FILE.

import type { CountryCode } from 'libphonenumber-js/max';
import { z } from 'zod';
import { type DialectName, dialectNames, needsUserName } from '../upstream/contract.ts';
import { type CallingHours, callingHours } from './calling-hours.ts';
import { type CampaignDefinitions, campaignsSchema } from './campaigns.ts';
import { ConfigError } from './config-error.ts';
import {
  type CharacterRules,
  httpUrl,
  nameCharacters,
  region,
  timeZone,
  unsafeCharacters,
} from './fields.ts';
import { readJsonFile, readSecretFile, refuseIfOpen } from './json-file.ts';

export interface AccountConfig extends CharacterRules {
  /** The name by which callers are given this account. */
  name: string;
  /** The dialer's base URL. Undefined: the embedded sandbox is used. */
  url: string | undefined;
  auth: DialectName;
  /** Empty with the sandbox, which has a key of its own. */
  apiKey: string;
  userName: string;
  /** The zone in which the dialer reads times. */
  timeZone: string;
  /** The region of phone numbers without a country code. Numbers of this region are sent in national digits. */
  region: CountryCode;
  horizonDays: number;
  /** Undefined: no campaign is known, and every header is passed on. */
  campaigns: CampaignDefinitions | undefined;
  /** When calls may be made, where the campaign has no hours of its own. Undefined: at any time. */
  callingHours: CallingHours | undefined;
  /** Files of numbers that are never to be called. */
  suppressionFiles: readonly string[];
  /** How many requests with rows this process sends at a time. */
  concurrency: number;
  maxRequestsPerSecond: number | undefined;
  maxRequestsPerMinute: number | undefined;
}

export type AccountDefaults = Omit<
  AccountConfig,
  'name' | 'url' | 'apiKey' | 'userName' | 'campaigns' | 'callingHours'
>;

const secret = z.union([
  z.string().min(1),
  z.strictObject({ file: z.string().min(1) }),
  z.strictObject({ env: z.string().min(1) }),
]);

const accountSchema = z.strictObject({
  url: httpUrl,
  auth: z.enum(dialectNames).optional(),
  userName: z.string().min(1).optional(),
  apiKey: secret,
  timeZone: timeZone.optional(),
  region: region.optional(),
  horizonDays: z.int().min(1).max(3650).optional(),
  unsafeCharacters: unsafeCharacters.optional(),
  nameCharacters: nameCharacters.optional(),
  concurrency: z.int().min(1).max(1024).optional(),
  maxRequestsPerSecond: z.int().min(1).max(100_000).optional(),
  maxRequestsPerMinute: z.int().min(1).max(1_000_000).optional(),
  campaigns: campaignsSchema.optional(),
  callingHours: callingHours.optional(),
  suppressionFiles: z.array(z.string().min(1)).optional(),
});

const fileSchema = z
  .record(
    z.string().regex(/^[\w.-]+$/, 'names of accounts have letters, digits and . _ - only'),
    accountSchema,
  )
  .refine((accounts) => Object.keys(accounts).length > 0, 'no account');

/** Reads one file, or several separated by commas. What an account leaves out comes from the environment. */
export function readAccounts(
  paths: string,
  defaults: AccountDefaults,
  env: Readonly<Record<string, string | undefined>>,
): AccountConfig[] {
  const accounts = new Map<string, AccountConfig>();
  const files = new Map<string, string>();
  for (const path of paths.split(',').map((path) => path.trim())) {
    for (const [name, given] of Object.entries(readJsonFile('ACCOUNTS_FILE', path, fileSchema))) {
      const other = files.get(name);
      if (other !== undefined)
        throw new ConfigError(`ACCOUNTS_FILE: the account ${name} stands in ${other} and in ${path}`);
      files.set(name, path);
      const { apiKey, userName = '', campaigns, callingHours, ...rest } = given;
      const account = {
        ...defaults,
        ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
        name,
        url: given.url,
        userName,
        campaigns,
        callingHours,
        apiKey: readApiKey(name, apiKey, path, env),
      };
      if (needsUserName[account.auth] && userName === '')
        throw new ConfigError(
          `ACCOUNTS_FILE ${path} at ${name}.userName: needed where auth is ${account.auth}`,
        );
      accounts.set(name, account);
    }
  }
  refuseSameAccount([...accounts.values()]);
  return [...accounts.values()];
}

function readApiKey(
  name: string,
  given: z.infer<typeof secret>,
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const setting = `ACCOUNTS_FILE ${path} at ${name}.apiKey`;
  if (typeof given === 'string') {
    refuseIfOpen(setting, path);
    return given;
  }
  if ('file' in given) return readSecretFile(setting, given.file);
  const key = Object.hasOwn(env, given.env) ? env[given.env] : undefined;
  if (key === undefined || key === '')
    throw new ConfigError(`${setting}: the variable ${given.env} is not set`);
  return key;
}

/** One account under two names would get twice the requests of its caps, and each name would have half of its idempotency keys. */
function refuseSameAccount(accounts: readonly AccountConfig[]): void {
  const names = new Map<string, string>();
  for (const account of accounts) {
    const other = names.get(identityOf(account));
    if (other !== undefined)
      throw new ConfigError(`ACCOUNTS_FILE: ${other} and ${account.name} are the same account of the dialer`);
    names.set(identityOf(account), account.name);
  }
}

/** What accounts are told apart by, upstream and in the store. The sandbox has a new port each time, and v1 has no user name. */
export function identityOf({ url, userName, apiKey }: AccountConfig): string {
  return url === undefined ? 'sandbox' : `${new URL(url).href} ${userName || apiKey}`;
}
