// `dialgraph check`: looks at the settings, the store and each account, and prints one line for each. It schedules nothing. With
// `--new-token` it replaces an account's token; it changes nothing else.

import { randomBytes } from 'node:crypto';
import { digestKeyBytes } from './campaigns/number-digests.ts';
import type { AccountConfig } from './config/accounts.ts';
import { type Config, parseConfig } from './config/config.ts';
import { ConfigError } from './config/config-error.ts';
import { checkDialer, type Finding } from './dialer/account-check.ts';
import { readSuppressionFile } from './scheduling/suppression-reader.ts';
import { checkStore } from './store/store-check.ts';

export interface CheckOptions {
  /** Whether accounts with DIALER_AUTH=token are proved by a new token, which voids the one in use. */
  newToken: boolean;
}

/** Prints a line for each finding. Resolves to whether none failed. */
export async function check(
  env: Readonly<Record<string, string | undefined>>,
  options: CheckOptions,
  print: (line: string) => void = console.log,
): Promise<boolean> {
  let ok = true;
  for await (const { verdict, subject, text } of findings(env, options)) {
    ok &&= verdict !== 'failed';
    print(`${verdict.padEnd(8)}  ${subject}: ${text}`);
  }
  return ok;
}

async function* findings(
  env: Readonly<Record<string, string | undefined>>,
  options: CheckOptions,
): AsyncGenerator<Finding> {
  let config: Config;
  try {
    config = parseConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    yield { verdict: 'failed', subject: 'settings', text: error.message };
    return;
  }
  yield { verdict: 'ok', subject: 'settings', text: 'every value can be read' };
  yield await checkStore(config.store);
  for (const text of config.warnings) yield { verdict: 'warning', subject: 'settings', text };
  for (const account of config.accounts) yield* checkSuppression(account);
  for (const { name, url, ...account } of config.accounts)
    if (url === undefined)
      yield {
        verdict: 'ok',
        subject: 'dialer',
        text: `the embedded sandbox, which calls nobody (${env.DIALER_URL ? 'DIALER_URL=sandbox' : 'no DIALER_URL'})`,
      };
    else
      for await (const finding of checkDialer({ ...config.dialer, ...account, url }, options))
        yield { ...finding, subject: `account ${name}, ${finding.subject}` };
}

async function* checkSuppression({ name, region, suppressionFiles }: AccountConfig): AsyncGenerator<Finding> {
  for (const path of suppressionFiles) {
    const subject = `account ${name}, suppression`;
    try {
      const key = randomBytes(digestKeyBytes);
      const { digests, unreadable, firstUnreadable } = await readSuppressionFile(path, region, key);
      const numbers = `${path} has ${digests.length} number(s)`;
      if (unreadable === 0) yield { verdict: 'ok', subject, text: numbers };
      else
        yield {
          verdict: 'warning',
          subject,
          text: `${numbers}, and ${unreadable} line(s) without one, such as line ${firstUnreadable[0]}`,
        };
    } catch (error) {
      yield { verdict: 'failed', subject, text: `${path} ${(error as Error).message}` };
    }
  }
}
