// `npm run key`: makes an API key. The key is for the caller, and is kept nowhere; its entry is for AUTH_FILE.

import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { scopes } from '../settings/callers.ts';
import { hashOf } from './callers.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const [name, ...granted] = positionals;
if (
  name === undefined ||
  !/^[\w.-]+$/.test(name) ||
  granted.some((scope) => !scopes.some((known) => known === scope))
) {
  console.error(`npm run key -- <name> [scopes: ${scopes.join(' ')}]   (schedule read, where none is named)`);
  process.exit(2);
}
const key = `dg_${randomBytes(32).toString('base64url')}`;
const entry = { name, hash: hashOf(key), scopes: granted.length > 0 ? granted : ['schedule', 'read'] };
console.log(`The key of ${name}, shown this once:\n\n  ${key}\n\nIts entry among "keys" in AUTH_FILE:\n`);
console.log(JSON.stringify(entry, null, 2).replaceAll(/^/gm, '  '));
