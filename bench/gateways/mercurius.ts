// A peer: Fastify with Mercurius. With JIT=1 operations are compiled the second time they are seen.

import fastify from 'fastify';
import mercurius from 'mercurius';
import { announce, maxBodyBytes } from './edge.ts';
import { createResolvers, typeDefs } from './schema.ts';

const app = fastify({ bodyLimit: maxBodyBytes });
await app.register(mercurius, {
  schema: typeDefs,
  resolvers: createResolvers(),
  ...(process.env.JIT === '1' && { jit: 1 }),
});
await app.listen({ port: 0, host: '127.0.0.1' });
announce(app.server.address(), '/graphql');
