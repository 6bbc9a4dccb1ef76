// `npm run sandbox`: the sandbox alone, in a process of its own, until SIGINT or SIGTERM.
// Reads SANDBOX_HOST, SANDBOX_PORT, SANDBOX_API_KEY, SANDBOX_USER_NAME, SANDBOX_TIME_ZONE, SANDBOX_REPLAY (raw or encoded)
// SANDBOX_NAME_CHARACTERS (any or vendor) and SANDBOX_WRONG_KEY (invalid-user or no-record); an empty one counts as unset.
// Ends with one line and exit code 1 when a setting is wrong or the port is taken.

import { wrongKeyAnswers } from './campaign-status.ts';
import { createSandbox, type Sandbox, usualPort } from './sandbox.ts';

try {
  const sandbox = await createSandbox({
    host: setting('SANDBOX_HOST'),
    port: portOf(setting('SANDBOX_PORT')),
    apiKey: setting('SANDBOX_API_KEY'),
    userName: setting('SANDBOX_USER_NAME'),
    timeZone: setting('SANDBOX_TIME_ZONE'),
    replay: choice('SANDBOX_REPLAY', ['raw', 'encoded']),
    nameCharacters: choice('SANDBOX_NAME_CHARACTERS', ['any', 'vendor']),
    wrongKey: choice('SANDBOX_WRONG_KEY', wrongKeyAnswers),
  });
  console.log(greeting(sandbox));
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      void sandbox.close().then(() => process.exit(0));
    });
} catch (error) {
  console.error(`The sandbox cannot start: ${reasonOf(error)}`);
  process.exitCode = 1;
}

function setting(
  name: `SANDBOX_${'HOST' | 'PORT' | 'API_KEY' | 'USER_NAME' | 'TIME_ZONE' | 'REPLAY' | 'NAME_CHARACTERS' | 'WRONG_KEY'}`,
): string | undefined {
  return process.env[name] || undefined;
}

function choice<Value extends string>(
  name: Parameters<typeof setting>[0],
  values: readonly Value[],
): Value | undefined {
  const text = setting(name);
  const value = values.find((known) => known === text);
  if (text !== undefined && value === undefined)
    throw new Error(`${name} accepts ${values.join(' or ')}, not ${JSON.stringify(text)}`);
  return value;
}

function portOf(text: string | undefined): number {
  if (text === undefined) return usualPort;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535))
    throw new Error(`SANDBOX_PORT accepts a port from 0 to 65535, not ${JSON.stringify(text)}`);
  return port;
}

function reasonOf(error: unknown): string {
  const { code, message, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') return `port ${port} is in use; choose another with SANDBOX_PORT`;
  if (code === 'EACCES') return `port ${port} may not be opened; choose another with SANDBOX_PORT`;
  if (code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL')
    return `SANDBOX_HOST ${process.env.SANDBOX_HOST} is no address of this machine`;
  if (error instanceof RangeError) return `SANDBOX_TIME_ZONE accepts an IANA time zone: ${message}`;
  return message;
}

function greeting({ url, account, campaigns }: Sandbox): string {
  return `Sandbox dialer at ${url} (open it in a browser; nobody is called)
  key        ${account.apiKey}
  user name  ${account.userName}
  campaigns  ${Object.keys(campaigns).join(', ')}

Point Dialgraph at it with
  DIALER_URL=${url}
  DIALER_API_KEY=${account.apiKey}
  DIALER_USER_NAME=${account.userName}`;
}
