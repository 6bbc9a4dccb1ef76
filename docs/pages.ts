// The pages of docs/ that are generated: every error kind, as the schema describes it, and every setting, as its table has it.

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
  const shared = schema.getType(name);
  if (!isInterfaceType(shared)) throw new Error(`${name} is no interface of the schema`);
  const { objects } = schema.getImplementations(shared);
  return table(
    ['kind', 'fields of its own', 'what happened, and what to do'],
    [...objects]
      .sort((one, other) => (one.name < other.name ? -1 : 1))
      .map((type) => [code(type.name), ownFields(type, shared), type.description ?? '']),
  );
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
