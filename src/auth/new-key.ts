// `dialgraph key`: makes an API key. The key is for the caller, and is stored nowhere; its entry is for AUTH_FILE.

import { randomBytes } from 'node:crypto';
import { keySchema, scopes } from '../config/callers.ts';
import { hashOf } from './callers.ts';

/** Prints a key and its entry. Returns false if AUTH_FILE would not take the name or a scope. */
export function printNewKey(name: string | undefined, granted: readonly string[]): boolean {
  const key = `dg_${randomBytes(32).toString('base64url')}`;
  const entry = { name, hash: hashOf(key), scopes: granted.length > 0 ? granted : ['schedule', 'read'] };
  if (!keySchema.safeParse(entry).success) {
    console.error(
      `dialgraph key <name> [scopes: ${scopes.join(' ')}]   (schedule read, where none is named)`,
    );
    return false;
  }
  console.log(`The key of ${name}, shown this once:\n\n  ${key}\n\nIts entry among "keys" in AUTH_FILE:\n`);
  console.log(JSON.stringify(entry, null, 2).replaceAll(/^/gm, '  '));
  return true;
}
