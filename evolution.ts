// Compares schema.graphql with schema.released.graphql, the schema of the last release. It fails where a change breaks operations that
// worked, and CHANGELOG.md does not say so under "Breaking"; and where something is deprecated without a date. What clients may meet and
// could not before, such as a new kind of error, is listed. With --release it writes schema.released.graphql.

import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Change, ChangeType, CriticalityLevel, DiffRule, diff } from '@graphql-inspector/core';
import {
  buildSchema,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';

export interface Contract {
  /** Schemas in the schema definition language. */
  released: string;
  current: string;
  /** The text of CHANGELOG.md. */
  changelog: string;
}

export interface Verdict {
  /** Each says what to do about it. */
  failures: string[];
  /** What clients must be ready for, and breaking changes that the changelog tells. */
  notes: string[];
}

export async function compare({ released, current, changelog }: Contract): Promise<Verdict> {
  const schema = buildSchema(current);
  const changes = await diff(buildSchema(released), schema, [DiffRule.ignoreDescriptionChanges]);
  const breaking = changes.filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking);
  const dangerous = changes.filter(({ criticality }) => criticality.level === CriticalityLevel.Dangerous);
  const told = breakingLines(changelog);
  const isTold = (change: Change) => told.some((names) => namesOf(change).every((name) => names.has(name)));
  return {
    failures: [
      ...breaking.filter((change) => !isTold(change)).map(untold),
      ...undated(schema).map(
        (place) =>
          `${place} is deprecated without a date: end its reason with the day until which it is kept, as in "Use \`other\`, kept until 2027-06-30."`,
      ),
    ],
    notes: [
      ...breaking.filter(isTold).map(({ message }) => `Breaking, as CHANGELOG.md says: ${message}.`),
      ...dangerous.map(noteOf),
    ],
  };
}

function untold(change: Change): string {
  const names = namesOf(change).map((name) => `\`${name}\``);
  return `Breaking: ${change.message}. Take it back and deprecate it instead, or, before 1.0, tell front ends in CHANGELOG.md: a line under "## Unreleased", "### Breaking" with ${names.join(' and ')}, the reason, and what to write instead.`;
}

/** A client that has a branch for each kind or value has none for a new one. */
function noteOf({ type, message, meta }: Change): string {
  switch (type) {
    case ChangeType.UnionMemberAdded:
      return `New kind: ${meta.unionName} may be ${meta.addedUnionMemberTypeName}.`;
    case ChangeType.ObjectTypeInterfaceAdded:
      return `New kind: ${meta.addedInterfaceName} may be ${meta.objectTypeName}.`;
    case ChangeType.EnumValueAdded:
      return `New value: ${meta.enumName} may be ${meta.addedEnumValueName}.`;
    default:
      return `Dangerous: ${message}.`;
  }
}

const rootTypes = new Set(['Query', 'Mutation', 'Subscription']);

/** What a line of the changelog must name: the type, and what of it changed. Fields of the root types go by their own names. */
function namesOf({ type, path = '', meta }: Change): string[] {
  const member = type === ChangeType.UnionMemberRemoved ? [String(meta.removedUnionMemberTypeName)] : [];
  const parts = path.replace('@', '').split('.');
  return [...(parts.length > 1 ? parts.filter((part) => !rootTypes.has(part)) : parts), ...member];
}

/** The names in the code spans of each line. */
function breakingLines(changelog: string): Set<string>[] {
  const [, ...lines] = section(section(changelog, '## Unreleased'), '### Breaking').split(/^- /m);
  return lines.map(
    (line) => new Set([...line.matchAll(/`([^`]+)`/g)].flatMap(([, code = '']) => code.split(/\W+/))),
  );
}

/** What stands under a heading, up to the next one of its level or a higher one. */
function section(text: string, heading: string): string {
  const lines = text.split('\n');
  const start = lines.indexOf(heading) + 1;
  if (start === 0) return '';
  const level = heading.indexOf(' ');
  const end = lines.findIndex((line, n) => n >= start && /^#+ /.test(line) && line.indexOf(' ') <= level);
  return lines.slice(start, end < 0 ? undefined : end).join('\n');
}

interface Deprecable {
  deprecationReason?: string | null | undefined;
}

/** The places of the schema that are deprecated, and do not say until when they are kept. */
function undated(schema: GraphQLSchema): string[] {
  const all: [string, Deprecable][] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (isEnumType(type))
      for (const value of type.getValues()) all.push([`${type.name}.${value.name}`, value]);
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const place = `${type.name}.${field.name}`;
      all.push([place, field]);
      if ('args' in field) for (const arg of field.args) all.push([`${place}(${arg.name}:)`, arg]);
    }
  }
  return all
    .filter(([, { deprecationReason: reason }]) => typeof reason === 'string' && !hasDate(reason))
    .map(([place]) => place);
}

function hasDate(reason: string): boolean {
  const [date] = /\b\d{4}-\d\d-\d\d\b/.exec(reason) ?? [];
  const timeMs = Date.parse(date ?? '');
  // Date.parse takes 30 February for a day in March.
  return !Number.isNaN(timeMs) && new Date(timeMs).toISOString().slice(0, 10) === date;
}

const releasedPath = 'schema.released.graphql';

async function main(release: boolean): Promise<void> {
  const current = await readFile('schema.graphql', 'utf8');
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  const title = `# The schema of ${version}. Written by npm run evolution -- --release.\n\n`;
  if (release) return writeFile(releasedPath, title + current);
  const released = await readFile(releasedPath, 'utf8');
  const changelog = await readFile('CHANGELOG.md', 'utf8');
  const { failures, notes } = await compare({ released, current, changelog });
  for (const note of notes) console.log(note);
  for (const failure of failures) console.error(failure);
  if (failures.length > 0) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.includes('--release'));
