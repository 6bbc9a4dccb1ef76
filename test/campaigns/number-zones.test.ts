// The zones of telephone numbers: samples that people know, and that there is one for every country.

import { getCountries, getExampleNumber } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { zonesOfNumber } from '../../src/campaigns/number-zones.ts';

const namesOf = (e164: string) => zonesOfNumber(e164)?.map(({ name }) => name) ?? null;

describe('the zones of a number', () => {
  it.each([
    ['+919876543210', ['Asia/Calcutta']],
    ['+12125550123', ['America/New_York']],
    ['+13105550123', ['America/Los_Angeles']],
    ['+18085550123', ['Pacific/Honolulu']],
    ['+12423456789', ['America/Nassau']],
    ['+4930123456', ['Europe/Berlin']],
    ['+61731234567', ['Australia/Brisbane']],
    ['+551123456789', ['America/Sao_Paulo']],
    ['+74951234567', ['Europe/Moscow']],
    ['+34612345678', ['Atlantic/Canary', 'Europe/Madrid']],
  ])('%s', (number, zones) => {
    expect(namesOf(number)).toEqual(zones);
  });

  it('are all of its country where it is bound to no place', () => {
    const australian = namesOf('+61412345678');
    expect(australian).toEqual(expect.arrayContaining(['Australia/Perth', 'Australia/Sydney']));
    expect(namesOf('+18005550123')).toEqual(expect.arrayContaining(['America/New_York', 'Pacific/Honolulu']));
  });

  it('are known in every country, and to this runtime', () => {
    for (const country of getCountries()) {
      const example = getExampleNumber(country, examples);
      expect(zonesOfNumber(example?.number ?? '')?.length, country).toBeGreaterThan(0);
    }
  });

  it('are unknown where there is no country', () => {
    for (const number of ['+80012345678', '+870773111632', '+8835100123456'])
      expect(namesOf(number)).toBeNull();
  });
});
