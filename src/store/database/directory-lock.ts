// Locks a directory. Its holder is the process that listens on the socket to which the highest `lock.<number>` in it points, a
// symbolic link. The kernel ends the listening when the process ends, however it ends: no file's age and no process id counts.
// States of a process: listening on a socket of its own → (the highest link is dead, or there is none, and symlink() gives it the
// next number) linked → (no higher link is there) holder → (release, or its end) gone. listening → (the highest link's socket is
// listened to) refused. linked → (a higher link is there) listening, its own link removed.
// Only one process can make a number's link. The highest link stays when its holder ends, so numbers never start again, and a
// process that slept while others came and went finds their higher link after it has made its own.
// On the same socket, which no other user may open, the holder answers a line with a line for whoever runs the service.

import { createHash, randomBytes } from 'node:crypto';
import { readdir, rm, symlink } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join, relative, resolve } from 'node:path';
import { StoreError } from './driver.ts';

export interface DirectoryLock {
  release(): Promise<void>;
}

/** Answers a line that was sent to the holder. Neither has its line break. */
export type LineAnswer = (line: string) => Promise<string>;

/** Locks a directory that exists. Throws a StoreError if it is locked already, by any process, this one included. */
export async function lockDirectory(path: string, answer?: LineAnswer): Promise<DirectoryLock> {
  try {
    const server =
      process.platform === 'win32' ? await listenOnPipe(path, answer) : await listenInside(path, answer);
    return { release: () => close(server) };
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    throw new StoreError(`DATA_DIR ${path} cannot be locked: ${(cause as Error).message}`, {
      kind: 'directory',
      cause,
    });
  }
}

/** The answer of a directory's holder to a line; null if it has no holder, or that does not answer. */
export async function askHolder(path: string, line: string): Promise<string | null> {
  const name = process.platform === 'win32' ? pipeName(path) : await holdersSocket(path);
  if (name === null) return null;
  return new Promise((resolve) => {
    let answer = '';
    const connection = connect(name, () => connection.write(`${line}\n`));
    connection.setEncoding('utf8').setTimeout(answerMs, () => connection.destroy());
    connection.on('data', (piece) => {
      answer += piece;
    });
    connection.on('error', () => undefined);
    connection.once('close', () => resolve(answer === '' ? null : answer.trimEnd()));
  });
}

async function holdersSocket(path: string): Promise<string | null> {
  const number = await highestNumber(path).catch(() => 0);
  return number > 0 ? socketPath(path, linkName(number)) : null;
}

async function listenInside(path: string, answer: LineAnswer | undefined): Promise<Server> {
  // It listens before there is a link to it, since a link without a listener counts as dead.
  const socket = `lock.${randomBytes(4).toString('hex')}.sock`;
  const server = await listen(socketPath(path, socket), answer);
  try {
    const number = await takeNumber(path, socket);
    await removeRemains(path, number);
    return server;
  } catch (error) {
    await close(server);
    throw error;
  }
}

async function takeNumber(path: string, socket: string): Promise<number> {
  for (;;) {
    const last = await highestNumber(path);
    if (last > 0 && (await isHeld(path, linkName(last)))) throw heldError(path);
    const own = last + 1;
    try {
      await symlink(socket, join(path, linkName(own)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw error;
    }
    if ((await highestNumber(path)) === own && (await isHeld(path, linkName(own)))) return own;
    await rm(join(path, linkName(own)), { force: true });
  }
}

async function highestNumber(path: string): Promise<number> {
  return Math.max(0, ...(await readdir(path)).map(numberOf));
}

async function removeRemains(path: string, number: number): Promise<void> {
  for (const name of await readdir(path)) {
    const older = numberOf(name) > 0 && numberOf(name) < number;
    if (older || (/^lock\.[0-9a-f]{8}\.sock$/.test(name) && !(await isHeld(path, name))))
      await rm(join(path, name), { force: true });
  }
}

function linkName(number: number): string {
  return `lock.${number}`;
}

function numberOf(name: string): number {
  return Number(/^lock\.(\d{1,15})$/.exec(name)?.[1] ?? 0);
}

/** False only if the system says that nobody listens: a process that is stopped or busy does not answer either. */
function isHeld(path: string, name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socketPath(path, name));
    connection.once('connect', () => {
      connection.destroy();
      resolve(true);
    });
    connection.once('error', ({ code = '' }: NodeJS.ErrnoException) =>
      resolve(!['ECONNREFUSED', 'ENOENT', 'ENOTSOCK'].includes(code)),
    );
  });
}

/** On Windows, where a pipe's name can be listened on by one process, and ends with it. */
async function listenOnPipe(path: string, answer: LineAnswer | undefined): Promise<Server> {
  return listen(pipeName(path), answer).catch(() => {
    throw heldError(path);
  });
}

function pipeName(path: string): string {
  const name = createHash('sha256').update(resolve(path).toLowerCase()).digest('hex').slice(0, 32);
  return `\\\\.\\pipe\\dialgraph-${name}`;
}

function listen(path: string, answer: LineAnswer | undefined): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((connection) => serve(connection, answer));
    server.once('error', reject);
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

const answerMs = 5000;
const longestLine = 1000;

function serve(connection: Socket, answer: LineAnswer | undefined): void {
  connection.on('error', () => undefined);
  if (answer === undefined) {
    connection.destroy();
    return;
  }
  let text = '';
  connection.unref();
  connection.setEncoding('utf8').setTimeout(answerMs, () => connection.destroy());
  connection.on('data', (piece) => {
    if (text.includes('\n')) return;
    text += piece;
    const [line = '', more] = text.split('\n', 2);
    if (more !== undefined)
      answer(line).then(
        (said) => connection.end(`${said}\n`),
        () => connection.destroy(),
      );
    else if (text.length > longestLine) connection.destroy();
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** The system takes 103 bytes on macOS and 107 on Linux, and may cut a longer path without an error. */
const maxSocketPathBytes = 103;

function socketPath(directory: string, name: string): string {
  const absolute = resolve(directory, name);
  const fromHere = relative('', absolute);
  const path = fromHere.length < absolute.length ? fromHere : absolute;
  if (Buffer.byteLength(path) > maxSocketPathBytes)
    throw new StoreError(
      `DATA_DIR ${directory} is too long a path for a lock: with 19 characters of its own, ` +
        `neither that nor the path from the working directory may exceed ${maxSocketPathBytes} bytes`,
      { kind: 'directory' },
    );
  return path;
}

function heldError(path: string): StoreError {
  return new StoreError(
    `DATA_DIR ${path} is in use by another process: stop that one, or give this one a DATA_DIR of its own. ` +
      'Processes that share their work need a PostgreSQL server in DATABASE_URL',
    { kind: 'directory' },
  );
}
