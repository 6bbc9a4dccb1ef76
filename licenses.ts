// Fails where what is deployed has a package under a licence that nobody has looked at. It reads the lock file, into which npm
// writes what each package says of itself; what is for development only stays out.

import { readFileSync } from 'node:fs';

const allowed = new Set(['0BSD', 'Apache-2.0', 'BSD-3-Clause', 'ISC', 'MIT']);

interface Package {
  version: string;
  /** Of this project's own. */
  link?: boolean;
  license?: string;
  dev?: boolean;
}

const [, , lockFile = 'package-lock.json'] = process.argv;
const { packages } = JSON.parse(readFileSync(lockFile, 'utf8')) as { packages: Record<string, Package> };
// The first is this project, and its own packages are linked.
const deployed = Object.entries(packages).filter(([path, { dev, link }]) => path !== '' && !dev && !link);
const refused = deployed.filter(([, { license }]) => !isAllowed(license));

for (const [path, { version, license = 'no licence' }] of refused)
  console.error(
    `${path.replace(/^.*node_modules\//, '')}@${version}: ${license} is not allowed: see licenses.ts`,
  );
if (refused.length > 0) process.exitCode = 1;
else console.log(`${deployed.length} packages, all under ${[...allowed].join(', ')}`);

/** One of several to choose from is enough; any other expression is for a person to read. */
function isAllowed(license = ''): boolean {
  return license
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .some((one) => allowed.has(one));
}
