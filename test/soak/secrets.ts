// Looks for what must stand nowhere: the API key, a token, a whole phone number of the run, in whatever was printed
// and in whatever the store keeps. Digits count in any text: a number that runs on in further digits is found as well.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase } from '../../src/store/database/database.ts';

export interface SecretFinder {
  /** What was found in a text, with some of what stands around it. */
  find(place: string, text: string): string[];
}

const numberLength = 10;
const maxFindings = 5;

export function createSecretFinder(apiKey: string, numbers: ReadonlySet<string>): SecretFinder {
  return {
    find(place, text) {
      const findings: string[] = [];
      const note = (what: string, at: number, length: number) => {
        if (findings.length < maxFindings)
          findings.push(
            `${what} in ${place}: …${JSON.stringify(text.slice(Math.max(0, at - 80), at + length + 40))}…`,
          );
      };
      for (let at = text.indexOf(apiKey); at >= 0; at = text.indexOf(apiKey, at + 1))
        note('the API key', at, apiKey.length);
      for (const { index, 0: token } of text.matchAll(/sandbox-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-/gi))
        note('a token', index, token.length);
      for (const { index, 0: digits } of text.matchAll(/\d{10,}/g))
        for (let at = 0; at + numberLength <= digits.length; at++)
          if (numbers.has(digits.slice(at, at + numberLength)))
            note('a phone number', index + at, numberLength);
      return findings;
    },
  };
}

/** Every file below a folder, byte by byte. */
export function findInFiles(finder: SecretFinder, folder: string): { findings: string[]; bytes: number } {
  const findings: string[] = [];
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const content = readFileSync(path);
    bytes += content.length;
    findings.push(...finder.find(path, content.toString('latin1')));
  }
  return { findings, bytes };
}

export interface StoreLocation {
  url: string | undefined;
  dataDir: string;
}

/** Every row of every table, as text. The app must not hold the embedded one. */
export async function findInTables(
  finder: SecretFinder,
  location: StoreLocation,
): Promise<{ findings: string[]; rows: Record<string, number> }> {
  const database = createDatabase(location);
  const findings: string[] = [];
  const rows: Record<string, number> = {};
  try {
    const tables = await database.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'dialgraph' ORDER BY tablename`,
    );
    for (const { name } of tables) {
      const texts = await database.query<{ text: string }>(
        `SELECT t::text AS text FROM dialgraph."${name}" t`,
      );
      rows[name] = texts.length;
      findings.push(...finder.find(`table ${name}`, texts.map(({ text }) => text).join('\n')));
    }
  } finally {
    await database.close();
  }
  return { findings, rows };
}
