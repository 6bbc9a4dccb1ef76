// Calling hours as files state them: what is taken, and that each mistake ends the start with one line that says where it is.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';

function write(name: string, value: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'dialgraph-hours-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, name);
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value), { mode: 0o600 });
  return path;
}

const window = { days: ['MON', 'TUE'], from: '09:00', to: '18:00' };
const hours = {
  rule: 'Office hours',
  source: 'a decision of ours',
  asOf: '2026-01-01',
  zone: 'RECIPIENT',
  policy: 'SHIFT',
  windows: [window],
  holidays: ['2026-12-25'],
};

const read = (callingHours: unknown) =>
  parseConfig({ CAMPAIGNS_FILE: write('campaigns.json', { Sales: { callingHours } }) }).accounts[0]?.campaigns
    ?.Sales?.callingHours;

describe('calling hours in a file', () => {
  it('are those of a campaign, or of an account', () => {
    expect(read(hours)).toEqual(hours);
    const account = { url: 'https://dialer.example', userName: 'acme', apiKey: 'k', callingHours: hours };
    const { accounts } = parseConfig({ ACCOUNTS_FILE: write('accounts.json', { one: account }) });
    expect(accounts[0]?.callingHours).toEqual(hours);
  });

  it('may stand in a file of their own, which several campaigns share', () => {
    expect(read({ file: write('rule.json', hours) })).toEqual(hours);
  });

  it('need no windows where they bind nobody', () => {
    const { windows: _, holidays: __, ...rest } = hours;
    expect(read({ ...rest, policy: 'ALLOW' })).toEqual({
      ...rest,
      policy: 'ALLOW',
      windows: [],
      holidays: [],
    });
  });

  it.each([
    ['no window', { ...hours, windows: [] }, /Sales\.callingHours\.windows: no call could ever be made/],
    [
      'a window on no day',
      { ...hours, windows: [window, { ...window, days: [] }] },
      /callingHours\.windows\.1\.days: it never opens/,
    ],
    [
      'a window that closes when it opens',
      { ...hours, windows: [{ ...window, to: '09:00' }] },
      /callingHours\.windows\.0\.to: it never opens, as it closes when it opens/,
    ],
    ['an hour that no clock has', { ...hours, windows: [{ ...window, from: '24:00' }] }, /windows\.0\.from/],
    [
      'a time without its zero',
      { ...hours, windows: [{ ...window, from: '9:00' }] },
      /windows\.0\.from: not a time/,
    ],
    ['a day that is none', { ...hours, windows: [{ ...window, days: ['FRIDAY'] }] }, /windows\.0\.days\.0/],
    [
      'a holiday that does not exist',
      { ...hours, holidays: ['2026-02-30'] },
      /callingHours\.holidays\.0: not a day/,
    ],
    ['no source', { ...hours, source: '' }, /callingHours\.source: a rule needs its source/],
    ['no policy', { ...hours, policy: undefined }, /callingHours\.policy/],
    ['a member that is not known', { ...hours, spread: 5 }, /Sales\.callingHours: .*spread/],
    ['no rule at all', 'office', /Sales\.callingHours/],
    ['a file that is not there', { file: '/no/such.json' }, /callingHours \/no\/such\.json cannot be read/],
  ])('with %s end the start', (_, callingHours, message) => {
    expect(() => read(callingHours)).toThrow(message);
  });

  it('with a mistake in a file of their own are told with its path', () => {
    const file = write('rule.json', { ...hours, windows: [{ ...window, to: '25:00' }] });
    expect(() => read({ file })).toThrow(`callingHours ${file} at windows.0.to: not a time of the day`);
  });
});
