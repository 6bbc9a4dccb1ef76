// Puts many rows into the ledger at once, as if they had been scheduled, so that a test or a person has a long list in a moment.

import { headers } from '../upstream/contract.ts';
import { instantOf, isDateTime, wallClock } from './clock.ts';
import type { SandboxState } from './exchange.ts';
import { zoneOf } from './schedule.ts';

export interface FillTerms {
  /** @default the sandbox's first campaign */
  readonly campaignName?: string | undefined;
  /** The first row's time, `YYYY-MM-DD HH:MM:SS`; each further row is due a second after the one before. @default in a day */
  readonly scheduledTime?: string | undefined;
}

/** Enough to be more than any client should hold. */
export const maxFill = 1_000_000;

/** Rows with names and with numbers of their own, from 9100000000 on. Throws a RangeError for terms that cannot be met. */
export function fillLedger(count: number, terms: FillTerms, state: SandboxState): void {
  const { campaigns, ledger, timeZone, now } = state;
  const campaignName = terms.campaignName ?? [...campaigns.keys()][0] ?? '';
  if (!(Number.isInteger(count) && count >= 1 && count <= maxFill))
    throw new RangeError(`${count} is no count of rows from 1 to ${maxFill}`);
  if (!campaigns.has(campaignName)) throw new RangeError(`${campaignName} is no campaign of the sandbox`);
  const zone = zoneOf(campaigns.get(campaignName), timeZone);
  const createdAt = now();
  const first = terms.scheduledTime ?? wallClock(createdAt + dayMs, zone);
  if (!isDateTime(first) || first >= '9999')
    throw new RangeError(`${first} is no time of the form YYYY-MM-DD HH:MM:SS`);
  const firstMs = Date.parse(`${first.replace(' ', 'T')}Z`);
  for (let n = 0; n < count; n += 1) {
    const phoneNumber = String(9_100_000_000 + ledger.rows.length);
    const scheduledTime = new Date(firstMs + n * 1000).toISOString().slice(0, 19).replace('T', ' ');
    const fields = {
      [headers.phoneNumber]: phoneNumber,
      [headers.scheduledTime]: scheduledTime,
      [headers.name]: `Lead ${ledger.rows.length + 1}`,
    };
    const brought = { dialect: 'v2', createdAt, requestNumber: 0 } as const;
    ledger.accept(
      { campaignName, phoneNumber, scheduledTime, fields, ...brought },
      instantOf(scheduledTime, zone),
    );
  }
}

const dayMs = 86_400_000;
