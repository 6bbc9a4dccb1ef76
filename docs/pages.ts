// The pages of docs/ that are generated: every error kind, as the schema describes it, and every setting, as its table has it. The
// page for front ends shows the files of docs/snippets, and is written by hand besides.

import {
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isInterfaceType,
} from 'graphql';
import { settings } from '../src/config/settings.ts';
import { demonstrations } from '../src/sandbox/errors-demo.ts';

export function errorsPage(schema: GraphQLSchema): string {
  return page(
    'Errors',
    'Written by `npm run codegen` from the schema.',
    'What is wrong with **one record** is the result of that record, and never fails its neighbours. What is wrong with the **request as a whole** is the answer of the field, and then nothing was sent. Top-level `errors` are for malformed GraphQL, missing rights (`FORBIDDEN`) and bugs.',
    '`retryable` is a promise: the same request with the same `idempotencyKey` may succeed, and can call nobody twice. `problems` has all that is wrong with a record, each with a `reason` that a front end can translate.',
    '## Of one record',
    kinds(schema, 'RecordError'),
    '## Of the request as a whole',
    kinds(schema, 'RequestError'),
    '## With Apollo Client',
    'A cache that does not know which types an interface stands for drops what is selected through it: with the defaults of Apollo Client, `... on RecordError { message }` gives an error without its message. Tell it, as below. A kind that is added later is one more name here. Clients without a normalised cache, such as graphql-request and urql with its defaults, need nothing, and Relay knows it from the schema. [front-end.md](front-end.md) has the whole set-up of each client.',
    `\`\`\`ts\n${apolloCache(schema, ['RecordError', 'RequestError'])}\n\`\`\``,
    '## Reasons',
    table(
      ['`reason`', 'what is wrong'],
      enumValues(schema, 'RecordProblemReason').map(({ name, description }) => [
        code(name),
        description ?? '',
      ]),
    ),
    '## Each of them on demand',
    'Over the sandbox, in its campaign `Errors_Demo`, the `name` of a record decides what the dialer makes of it. The other records are scheduled. GraphiQL has a tab that shows them all.',
    table(
      ['`name`', 'the dialer', 'result'],
      Object.entries(demonstrations).map(([name, { does, result }]) => [code(name), does, code(result)]),
    ),
  );
}

export function settingsPage(): string {
  return page(
    'Settings',
    'Written by `npm run codegen` from `src/config/settings.ts`.',
    'All by environment. An empty variable is an unset one. A wrong value ends the start with one line that names the variable and what it accepts. A variable that looks like one of these and is none, such as `CORS_ORIGIN`, is warned of.',
    table(
      ['variable', 'default', 'accepts', 'meaning'],
      Object.entries(settings).map(([name, { schema, accepts, meaning }]) => [
        code(name),
        defaultOf(schema),
        accepts,
        meaning,
      ]),
    ),
  );
}

/** Undefined and an empty list are what is told under "accepts" or "meaning". */
function defaultOf(schema: { parse(value: undefined): unknown }): string {
  const value = schema.parse(undefined);
  return value === undefined || (Array.isArray(value) && value.length === 0) ? '–' : code(String(value));
}

function kinds(schema: GraphQLSchema, name: string): string {
  const shared = interfaceOf(schema, name);
  return table(
    ['kind', 'fields of its own', 'what happened, and what to do'],
    implementations(schema, name).map((type) => [
      code(type.name),
      ownFields(type, shared),
      type.description ?? '',
    ]),
  );
}

function interfaceOf(schema: GraphQLSchema, name: string): GraphQLInterfaceType {
  const type = schema.getType(name);
  if (!isInterfaceType(type)) throw new Error(`${name} is no interface of the schema`);
  return type;
}

/** By name. */
function implementations(schema: GraphQLSchema, name: string): GraphQLObjectType[] {
  const { objects } = schema.getImplementations(interfaceOf(schema, name));
  return [...objects].sort((one, other) => (one.name < other.name ? -1 : 1));
}

function apolloCache(schema: GraphQLSchema, interfaces: readonly string[]): string {
  const possibleTypes = interfaces.map((name) => {
    const names = implementations(schema, name).map((type) => `      '${type.name}',\n`);
    return `    ${name}: [\n${names.join('')}    ],\n`;
  });
  return `const cache = new InMemoryCache({\n  possibleTypes: {\n${possibleTypes.join('')}  },\n});`;
}

function ownFields(type: GraphQLObjectType, shared: GraphQLInterfaceType): string {
  const common = shared.getFields();
  return Object.keys(type.getFields())
    .filter((field) => !(field in common))
    .map(code)
    .join(', ');
}

function enumValues(schema: GraphQLSchema, name: string) {
  const type = schema.getType(name);
  if (type === undefined || !('getValues' in type)) throw new Error(`${name} is no enum of the schema`);
  return type.getValues() as readonly { name: string; description?: string | null }[];
}

function page(title: string, source: string, ...parts: readonly string[]): string {
  return `${[`# ${title}`, `<!-- ${source} -->`, ...parts].join('\n\n')}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}

/** A page whose comments `<!-- docs/snippets/… -->` are followed by the files that they name. */
export function withSnippets(text: string, read: (path: string) => string): string {
  return text.replaceAll(
    /(<!-- (docs\/snippets\/\S+\.(\w+)) -->)(\n\n```[\s\S]*?\n```$)?/gm,
    (_, comment: string, path: string, language: string) =>
      `${comment}\n\n\`\`\`${language}\n${read(path)}\`\`\``,
  );
}
