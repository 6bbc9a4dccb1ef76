// A peer: Apollo Server with its standalone listener, as its own guide begins.

import type { AddressInfo } from 'node:net';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { announce } from './edge.ts';
import { createResolvers, typeDefs } from './schema.ts';

const server = new ApolloServer({ typeDefs, resolvers: createResolvers() });
const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
announce({ port: Number(new URL(url).port) } as AddressInfo, '/');
