// codegen.ts, for documents of your own. Without `scalars`, times are `any` or `unknown`.

export default {
  schema: 'node_modules/@dialgraph/client/schema.graphql',
  documents: ['src/**/*.{ts,tsx}'],
  generates: {
    'src/gql/': {
      preset: 'client',
      config: {
        scalars: { DateTime: 'string', TimeZone: 'string' },
      },
    },
  },
};
