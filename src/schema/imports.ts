// Query.import, Query.imports and Subscription.importProgress: imports of the caller's account, of the campaigns that it may use.

import { GraphQLError } from 'graphql';
import type { ImportView } from '../imports/import.ts';
import { ImportsUnavailable } from '../imports/import-error.ts';
import type { ImportPage } from '../imports/imports.ts';
import { builder } from './builder.ts';
import { PageInfo } from './campaign-records.ts';
import { type Context, ownerOf } from './context.ts';
import { ImportType } from './import.ts';

const maxFirst = 100;

builder.queryField('import', (t) =>
  t.field({
    type: ImportType,
    description:
      'An import of your account. Null: there is none of this id, or your credential may not use its campaign.',
    nullable: true,
    authScopes: { scope: 'read' },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_root, { id }, context) => findImport(id, context),
  }),
);

/** Null where there is none, or the caller may not use its campaign. */
export function findImport(id: string, { account, caller }: Context): Promise<ImportView | null> {
  return told(account.imports.get(id, ownerOf(caller)));
}

builder.queryField('imports', (t) =>
  t.field({
    type: ImportConnection,
    description:
      'The imports of your account, the newest first: those of the campaigns that your credential may use.',
    nullable: true,
    authScopes: { scope: 'read' },
    extensions: { maxItems: maxFirst },
    args: {
      first: t.arg.int({
        required: true,
        defaultValue: 20,
        description: `How many at most: 1 to ${maxFirst}.`,
      }),
      after: t.arg.string({
        description:
          'Begin behind this cursor: the `pageInfo.endCursor` of the page before. Without it: with the newest.',
      }),
    },
    resolve: async (_root, { first, after = null }, { account, caller }) => {
      if (first < 1 || first > maxFirst)
        throw new GraphQLError(`first must be from 1 to ${maxFirst}, and is ${first}.`, {
          extensions: { code: 'BAD_USER_INPUT' },
        });
      const page = await told(account.imports.list({ first, after }, ownerOf(caller)));
      return { ...page, hasPreviousPage: after !== null };
    },
  }),
);

builder.subscriptionField('importProgress', (t) =>
  t.field({
    type: ImportType,
    description:
      'An import as it is, and again after each change, at most twice a second, and every 20 seconds anyway. Each event is the whole state: who reconnects has missed nothing. It completes after the import has ended.',
    authScopes: { scope: 'read' },
    args: { id: t.arg.id({ required: true, description: "The import's id." }) },
    subscribe: async (_root, { id }, { account, caller, signal }) => {
      const views = await told(account.imports.watch(id, ownerOf(caller), signal));
      if (views === null)
        throw new GraphQLError('There is no such import, or your credential may not use its campaign.', {
          extensions: { code: 'NOT_FOUND' },
        });
      return views;
    },
    resolve: (view) => view,
  }),
);

/** What cannot be asked now is no bug. */
async function told<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ImportsUnavailable)
      throw new GraphQLError(error.message, { extensions: { code: 'IMPORTS_UNAVAILABLE' } });
    throw error;
  }
}

type Connection = ImportPage & { hasPreviousPage: boolean };

const ImportConnection = builder.objectRef<Connection>('ImportConnection').implement({
  description: 'A page of imports.',
  fields: (t) => ({
    edges: t.field({
      type: [ImportEdge],
      description: 'The imports with their cursors.',
      resolve: ({ imports }) => [...imports],
    }),
    nodes: t.field({
      type: [ImportType],
      description: 'The imports.',
      resolve: ({ imports }) => [...imports],
    }),
    pageInfo: t.field({
      type: PageInfo,
      description: 'Whether there are more, and where they begin.',
      resolve: ({ imports, hasNextPage, hasPreviousPage }) => ({
        ...{ hasNextPage, hasPreviousPage },
        startCursor: imports.at(0)?.id ?? null,
        endCursor: imports.at(-1)?.id ?? null,
      }),
    }),
  }),
});

const ImportEdge = builder.objectRef<ImportView>('ImportEdge').implement({
  description: 'An import with its cursor.',
  fields: (t) => ({
    cursor: t.exposeString('id', { description: 'Its cursor, for `after`.' }),
    node: t.field({ type: ImportType, description: 'The import.', resolve: (view) => view }),
  }),
});
