// What every view needs, asked for once: the way to the service, its limits, who one is, and the campaigns.

import {
  ask,
  CampaignsDocument,
  type CampaignsQuery,
  ForbiddenError,
  LimitsDocument,
  type LimitsQuery,
  type Transport,
  ViewerDocument,
  type ViewerQuery,
} from '@dialgraph/client';
import { createContext, use } from 'react';
import type { ClientName } from './transport/choose.ts';

export type Campaign = NonNullable<CampaignsQuery['campaigns']>[number];
export type Limits = NonNullable<LimitsQuery['limits']>;
export type Viewer = NonNullable<ViewerQuery['viewer']>;

export interface Session {
  transport: Transport;
  clientName: ClientName;
  /** Null where the credential may not ask for them: then the server's word on each record is all there is. */
  limits: Limits | null;
  viewer: Viewer | null;
  /** Those that are configured, and that one may use. Empty: a campaign is named by typing. */
  campaigns: readonly Campaign[];
  /** Whether one may schedule, and cancel. */
  maySchedule: boolean;
  mayCancel: boolean;
}

/** Rejects with one of the client's errors; an UnauthenticatedError where one has to sign in. */
export async function openSession(transport: Transport, clientName: ClientName): Promise<Session> {
  // Who one is, is told to everybody; the rest needs the scope READ.
  const viewer = await ask(transport, ViewerDocument, {}).then(({ data }) => data.viewer);
  const [limits, campaigns] = await Promise.all([
    unlessForbidden(ask(transport, LimitsDocument, {}).then(({ data }) => data.limits)),
    unlessForbidden(ask(transport, CampaignsDocument, {}).then(({ data }) => data.campaigns)),
  ]);
  const may = (scope: Viewer['scopes'][number]) => viewer?.scopes.includes(scope) ?? true;
  return {
    transport,
    clientName,
    limits,
    viewer,
    campaigns: campaigns ?? [],
    maySchedule: may('SCHEDULE'),
    mayCancel: may('CANCEL'),
  };
}

async function unlessForbidden<Value>(asked: Promise<Value>): Promise<Value | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ForbiddenError) return null;
    throw error;
  }
}

const SessionContext = createContext<Session | null>(null);
export const SessionProvider = SessionContext.Provider;

export function useSession(): Session {
  const session = use(SessionContext);
  if (session === null) throw new Error('There is no session here.');
  return session;
}

/** The campaign, and the zone on whose clock its times are. */
export function useCampaign(name: string): { campaign: Campaign | undefined; zone: string } {
  const { campaigns, limits } = useSession();
  const campaign = campaigns.find((one) => one.name === name);
  const zone = campaign?.timeZone ?? limits?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return { campaign, zone };
}
