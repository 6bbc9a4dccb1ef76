// What this room needs of an account: its other rooms, and what is configured of it.

import type { CountryCode } from 'libphonenumber-js/max';
import type { CampaignStatuses } from '../campaigns/status.ts';
import type { CampaignDefinitions } from '../config/campaigns.ts';
import type { Dialer } from '../dialer/dialer.ts';
import type { KeyStore } from '../scheduling/idempotency/key-store.ts';
import type { Scheduling } from '../scheduling/scheduling.ts';

export interface ImportAccount {
  /** What the store tells accounts apart by. */
  id: string;
  scheduling: Pick<Scheduling, 'schedule' | 'validate'>;
  statuses: Pick<CampaignStatuses, 'isMissing'>;
  campaigns: CampaignDefinitions;
  /** Whose numbers those without a country code are, and the zone of times without one. */
  region: CountryCode;
  timeZone: string;
  dialer: Pick<Dialer, 'state'>;
  keys: Pick<KeyStore, 'digest'>;
}
