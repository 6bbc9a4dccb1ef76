// `dialgraph resume <account>`: ends the pause that an account's dialer asked for. On a PostgreSQL server the account's row says so to
// all processes. An embedded store belongs to one process. That process is told, by the socket with which it holds DATA_DIR;
// only users who may read its files can open that socket.

import type { AccountConfig } from './config/accounts.ts';
import { identityOf } from './config/accounts.ts';
import { type Config, parseConfig } from './config/config.ts';
import { ConfigError } from './config/config-error.ts';
import { accountIdOf, resumeAccount } from './store/account-state.ts';
import { askHolder } from './store/database/directory-lock.ts';
import { openServer } from './store/database/server.ts';

/** Prints what came of it. Returns the exit code: 0, 1 for what failed, 2 for arguments that mean nothing. */
export async function resume(
  env: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Promise<number> {
  const [name] = names;
  if (name === undefined || names.length > 1) {
    console.error('dialgraph: resume takes the name of one account, such as default');
    return 2;
  }
  try {
    console.log(await resumeNamed(parseConfig(env), name));
    return 0;
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  }
}

async function resumeNamed({ accounts, store }: Config, name: string): Promise<string> {
  const account = accounts.find((account) => account.name === name);
  if (account === undefined)
    throw new ConfigError(
      `There is no account of that name, but ${accounts.map((account) => account.name).join(', ')}`,
    );
  const seconds =
    store.databaseUrl === undefined
      ? await tellHolder(store.dataDir, name)
      : await updateRow(store.databaseUrl, account);
  return seconds > 0
    ? `${name}: the pause is lifted, which had ${seconds} s to go`
    : `${name}: it is not paused`;
}

async function updateRow(url: string, account: AccountConfig): Promise<number> {
  const server = openServer(url);
  try {
    const { moment, pauseEnd } = await resumeAccount(server.query, accountIdOf(identityOf(account)));
    return Math.max(0, Math.ceil((pauseEnd - moment) / 1000));
  } finally {
    await server.close();
  }
}

async function tellHolder(dataDir: string, name: string): Promise<number> {
  const answer = await askHolder(dataDir, `resume ${name}`);
  const seconds = Number(answer ?? Number.NaN);
  if (Number.isNaN(seconds))
    throw new ConfigError(`No process with DATA_DIR ${dataDir} says that it lifted the pause`);
  return seconds;
}

/** The other end of it: answers with the seconds that were left of the pause, and `unknown` to anything else. */
export function answerResume(
  resumeAccountNamed: (name: string) => Promise<number | undefined>,
): (line: string) => Promise<string> {
  return async (line) => {
    const [, name] = /^resume (\S+)$/.exec(line) ?? [];
    const seconds = name === undefined ? undefined : await resumeAccountNamed(name);
    return seconds === undefined ? 'unknown' : String(seconds);
  };
}
