// The loaders of one request. Most requests want none, so each is made when it is first used.

import DataLoader from 'dataloader';
import type { CampaignStatus } from '../dialer/chunk.ts';
import type { Snapshot } from '../records/snapshots.ts';
import type { IncomingRequest } from '../telemetry/events.ts';
import type { Account, Loaders } from './context.ts';

export function createLoaders({ statuses, records }: Account, request: IncomingRequest): Loaders {
  let campaignStatuses: DataLoader<string, CampaignStatus> | undefined;
  let scheduledRecords: Promise<Snapshot> | undefined;
  return {
    campaignStatus(campaignName) {
      campaignStatuses ??= new DataLoader((names) =>
        Promise.all(names.map((name) => statuses.status(name, request))),
      );
      return campaignStatuses.load(campaignName);
    },
    scheduledRecords() {
      scheduledRecords ??= records.list(request);
      return scheduledRecords;
    },
  };
}
