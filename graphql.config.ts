// For editors and tools that read graphql-config: where the schema is, and which documents are held against it.

export default {
  schema: 'schema.graphql',
  documents: 'client/operations/*.graphql',
};
