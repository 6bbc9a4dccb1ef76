// A peer: Hive Gateway with the upstream as a REST source. An additional resolver cuts a mutation into chunks and sends each with
// the gateway's own client of that source, as its guide advises for an API of another shape.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import type { GraphQLResolveInfo } from 'graphql';
import { apiKey, connections, userName } from '../settings.ts';
import { light } from './checks.ts';
import { createScheduling, type Entry, map, type Send } from './dialer.ts';
import { announce, upstreamUrl } from './edge.ts';
import type { ScheduleInput } from './outcome.ts';
import { extendingTypeDefs, resolveSchedule, typeResolvers } from './schema.ts';

interface SourceRequest {
  root: unknown;
  context: unknown;
  info: GraphQLResolveInfo;
  args: object;
  selectionSet: string;
}

interface Context {
  Dialer: { Query: { sendChunk(request: SourceRequest): Promise<{ message?: Entry[] | null } | null> } };
}

const selectionSet = '{ message { Response PhoneNumber ScheduleTime msg index } }';
const limited = createLimit(connections);
const supergraph = readFileSync(join(import.meta.dirname, '../../gateways/hive.graphql'), 'utf8')
  .replaceAll('UPSTREAM_URL', upstreamUrl())
  .replaceAll('API_KEY', apiKey);

const gateway = createGatewayRuntime({
  supergraph,
  logging: 'error',
  additionalTypeDefs: extendingTypeDefs,
  additionalResolvers: {
    Mutation: {
      scheduleCampaignData: (
        root: unknown,
        { input }: { input: ScheduleInput },
        context: Context,
        info: GraphQLResolveInfo,
      ) => {
        const send: Send = (campaignName, data) =>
          limited(async () => {
            const args = {
              input: { userName, campaignName, checkDuplicate: false, bulkData: { map, data } },
            };
            const answer = await context.Dialer.Query.sendChunk({
              root,
              context,
              info,
              args,
              selectionSet,
            });
            return answer?.message ?? [];
          });
        return resolveSchedule(createScheduling(light, send), input);
      },
    },
    ...typeResolvers,
  },
});
const server = createServer(gateway);
server.listen(0, '127.0.0.1', () => announce(server.address(), '/graphql'));

/** Limits how many run at a time, since the gateway's client opens as many connections as it has requests. */
function createLimit(most: number) {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running === most) await new Promise<void>((resume) => waiting.push(resume));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
