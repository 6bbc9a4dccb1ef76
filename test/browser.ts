// The browser of the tests: a Chromium that is installed. Tests that need it skip themselves where there is none.

import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
if (executablePath === undefined)
  console.warn('Browser tests are skipped: no chromium in /usr/bin. On Debian: apt-get install chromium.');

export const hasBrowser = executablePath !== undefined;

/** Close it. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: executablePath ?? '',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
  });
}
