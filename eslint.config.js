// What graphql-eslint's rules say of the schema, all of them but those that are off here. Everything else is checked by Biome.

import plugin from '@graphql-eslint/eslint-plugin';

const rules = { ...plugin.configs['flat/schema-all'].rules, ...plugin.configs['flat/schema-relay'].rules };
const every = {
  types: true,
  rootField: true,
  FieldDefinition: true,
  InputValueDefinition: true,
  EnumValueDefinition: true,
};

export default [
  {
    files: ['schema.graphql'],
    languageOptions: {
      parser: plugin.parser,
      parserOptions: { graphQLConfig: { schema: 'schema.graphql' } },
    },
    plugins: { '@graphql-eslint': plugin },
    rules: {
      ...rules,
      '@graphql-eslint/require-description': ['error', every],
      // The other lists are no connections, and nothing is found by an id alone.
      '@graphql-eslint/relay-edge-types': [
        'error',
        { listTypeCanWrapOnlyEdgeType: false, shouldImplementNode: false },
      ],
      // The lists of the dialer are read forwards only.
      '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
      // It is printed in order, ids among the others.
      '@graphql-eslint/alphabetize': 'off',
      // Errors, counts and settings are values: they have no identity.
      '@graphql-eslint/strict-id-in-types': 'off',
      // A mutation of one import takes its id alone.
      '@graphql-eslint/input-name': 'off',
      // There are mutations and a subscription.
      '@graphql-eslint/no-root-type': 'off',
    },
  },
];
