// What a campaign's mapping file defines, as far as it is configured here.

import { z } from 'zod';
import { type CallingHours, callingHours } from './calling-hours.ts';
import { timeZone } from './fields.ts';

export interface CampaignDefinition {
  /**
   * Headers of the mapping file besides PhoneNumber and ScheduledTime. A record with any other header is refused.
   * @default undefined: unknown, so every header is passed on
   */
  headers?: readonly string[] | undefined;
  /** Agent-wise campaigns need an agent id in every record; skill-wise ones route by `skill`. */
  routing?: 'agent-wise' | 'skill-wise' | undefined;
  /** The zone in which the dialer reads this campaign's times. @default the account's */
  timeZone?: string | undefined;
  /** When its calls may be made. @default the account's */
  callingHours?: CallingHours | undefined;
}

export type CampaignDefinitions = Readonly<Record<string, CampaignDefinition>>;

export const campaignsSchema = z.record(
  z.string().min(1),
  z.strictObject({
    headers: z.array(z.string().trim().min(1)).optional(),
    routing: z.enum(['agent-wise', 'skill-wise']).optional(),
    timeZone: timeZone.optional(),
    callingHours: callingHours.optional(),
  }),
);
