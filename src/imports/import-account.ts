// What this room needs of an account: its other rooms, and what is configured of it.

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
  dialer: Pick<Dialer, 'state'>;
  keys: Pick<KeyStore, 'digest'>;
}
