// The version of Dialgraph, from its own package.json, which is in a folder above src, dist or any other output folder.

import { readFileSync } from 'node:fs';

interface Package {
  name?: string;
  version: string;
}

export const version = readVersion(new URL('../package.json', import.meta.url));

function readVersion(url: URL): string {
  const found = readPackage(url);
  if (found?.name === 'dialgraph') return found.version;
  const above = new URL('../package.json', url);
  return above.href === url.href ? 'unknown' : readVersion(above);
}

function readPackage(url: URL): Package | undefined {
  try {
    return JSON.parse(readFileSync(url, 'utf8'));
  } catch {
    return undefined;
  }
}
