import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';

/** In the schema definition language, sorted, so that it changes only where the schema does. */
export function printedSchema(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
