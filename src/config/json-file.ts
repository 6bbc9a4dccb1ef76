// Reads settings that are too long for a variable from JSON files, each checked by a schema.

import { readFileSync, statSync } from 'node:fs';
import type { z } from 'zod';
import { ConfigError } from './config-error.ts';

/** Returns a file's value. Throws a ConfigError that names the setting, the file and the place in it. */
export function readJsonFile<Schema extends z.ZodType>(
  setting: string,
  path: string,
  schema: Schema,
): z.output<Schema> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`${setting} ${path} cannot be read: ${reasonOf(error)}`);
  }
  return parseJson(`${setting} ${path}`, text, schema);
}

/** `source` names where the text comes from. No error quotes the text itself, which may have secrets in it. */
export function parseJson<Schema extends z.ZodType>(
  source: string,
  text: string,
  schema: Schema,
): z.output<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    // Only the position is taken from the message, since V8 quotes the text around it.
    const place = /position \d+(?: \(line \d+ column \d+\))?/.exec((error as Error).message)?.[0];
    throw new ConfigError(`${source} is not JSON${place ? ` at ${place}` : ''}`);
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ConfigError(`${source} at ${issue?.path.join('.') || 'its top'}: ${issue?.message}`);
}

/** Reads a file with a secret, without the line break that editors leave at its end. */
export function readSecretFile(setting: string, path: string): string {
  refuseIfOpen(setting, path);
  const secret = readFileSync(path, 'utf8').trim();
  if (secret === '') throw new ConfigError(`${setting}: the secret file ${path} is empty`);
  return secret;
}

/** Refuses a file with secrets if it is missing, or if everybody on the machine may read it. */
export function refuseIfOpen(setting: string, path: string): void {
  let mode: number;
  try {
    mode = statSync(path).mode;
  } catch (error) {
    throw new ConfigError(`${setting}: the secret file ${path} cannot be read: ${reasonOf(error)}`);
  }
  // Windows does not have these bits, and always reports that everybody may read.
  if (process.platform !== 'win32' && (mode & 0o004) !== 0)
    throw new ConfigError(
      `${setting}: ${path} holds a secret, and everybody on this machine may read it (chmod o-rwx)`,
    );
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES') return 'this process may not read it';
  return message;
}
