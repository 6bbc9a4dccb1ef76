// Query.campaigns and Query.campaign, and their type: what is configured of a campaign, and what the dialer says of it.

import type { Caller } from '../auth/callers.ts';
import type { CampaignDefinition } from '../config/campaigns.ts';
import { cleanText } from '../scheduling/text.ts';
import { mandatoryHeaders } from '../upstream/contract.ts';
import { builder } from './builder.ts';
import { CallingHoursType } from './calling-hours.ts';
import type { Context } from './context.ts';

export interface NamedCampaign {
  name: string;
  definition: CampaignDefinition;
}

builder.queryField('campaigns', (t) =>
  t.field({
    type: [CampaignType],
    description:
      'The campaigns that are configured for your account and that you may use, by name. The dialer may have more: it cannot list them, and `campaign(name:)` asks for one.',
    nullable: true,
    authScopes: { scope: 'read' },
    resolve: (_root, _args, { caller, account }) =>
      Object.entries(account.campaigns)
        .filter(([name]) => mayUse(caller, name))
        .map(([name, definition]) => ({ name, definition }))
        .sort((one, other) => (one.name < other.name ? -1 : 1)),
  }),
);

builder.queryField('campaign', (t) =>
  t.field({
    type: CampaignType,
    description:
      'One campaign, configured or not. Null where the dialer does not have it, or you may not use it. Where the dialer could not be asked, or did not answer within 4 s, it is here with `exists: null`.',
    nullable: true,
    authScopes: { scope: 'read' },
    args: {
      name: t.arg.string({
        required: true,
        description: "The campaign's name as the dialer has it. With the sandbox: `Sales_Demo`.",
      }),
    },
    resolve: (_root, { name }, context) => findCampaign(name, context),
  }),
);

/** Null where the dialer does not have it, or the caller may not use it. */
export async function findCampaign(
  given: string,
  { caller, account, loaders }: Context,
): Promise<NamedCampaign | null> {
  const name = cleanText(given);
  if (name === '' || name.length > longestName || !mayUse(caller, name)) return null;
  if ((await loaders.campaignStatus(name)).kind === 'missing') return null;
  const definition = new Map(Object.entries(account.campaigns)).get(name) ?? {};
  return { name, definition };
}

/** Characters, as in `ScheduleCampaignDataInput.campaignName`. */
const longestName = 255;

function mayUse({ campaigns }: Caller, name: string): boolean {
  return campaigns?.has(name) ?? true;
}

export const CampaignType = builder.objectRef<NamedCampaign>('Campaign').implement({
  description:
    'A calling campaign: what this service is told of it, and what the dialer says of it. The dialer is asked once for `exists`, `id` and `position` together, and its answer is told for some seconds. It is waited for 4 s at most, for all campaigns of a request together; then the three are null.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, as `campaignName` takes it.' }),
    exists: t.boolean({
      nullable: true,
      description:
        'Whether the dialer has it. False: scheduling into it is refused. Null where that is not known: the dialer cannot be asked (`v1`), did not answer within 4 s, or refused the account.',
      resolve: async (campaign, _args, context) => {
        const { kind } = await statusOf(campaign, context);
        return kind === 'found' || (kind === 'missing' ? false : null);
      },
    }),
    id: t.id({
      nullable: true,
      description: "The dialer's own id of it, where it gave one.",
      resolve: async (campaign, _args, context) => {
        const status = await statusOf(campaign, context);
        return status.kind === 'found' ? status.id : null;
      },
    }),
    position: t.string({
      nullable: true,
      description:
        "Where it stands, in the dialer's own word: `READY`, `RUNNING`, `COMPLETED` and others that it may have. Null where the dialer did not say. A row that is due starts its campaign.",
      resolve: async (campaign, _args, context) => {
        const status = await statusOf(campaign, context);
        return status.kind === 'found' ? status.position : null;
      },
    }),
    headers: t.stringList({
      nullable: true,
      description:
        'The headers of its mapping file, the two mandatory ones included: a record with any other is refused. Null where this service is not told of them: then every header is passed on, and the dialer decides.',
      resolve: ({ definition: { headers } }) => headers && [...mandatoryHeaders, ...headers],
    }),
    routing: t.field({
      type: CampaignRouting,
      nullable: true,
      description: 'How it finds an agent for a call, where this service is told of it.',
      resolve: ({ definition: { routing } }) => routing,
    }),
    timeZone: t.field({
      type: 'TimeZone',
      description:
        "The zone on whose clock its times are read and its `dialerTime` is told: its own, or the account's.",
      resolve: ({ definition: { timeZone } }, _args, { account }) => timeZone ?? account.limits.timeZone,
    }),
    callingHours: t.field({
      type: CallingHoursType,
      nullable: true,
      description:
        "When calls may be made for it: its own hours, or the account's. Null where none are configured: at any time.",
      resolve: ({ definition: { callingHours } }, _args, { account }) => callingHours ?? account.callingHours,
    }),
  }),
});

function statusOf({ name }: NamedCampaign, { loaders }: Context) {
  return loaders.campaignStatus(name);
}

const CampaignRouting = builder.enumType('CampaignRouting', {
  description: 'How a campaign finds an agent for a call.',
  values: {
    AGENT_WISE: { value: 'agent-wise', description: 'Each record names its agent: `agentId` is mandatory.' },
    SKILL_WISE: { value: 'skill-wise', description: "By the record's `skill`." },
  } as const,
});
