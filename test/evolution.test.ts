// What `npm run evolution` makes of a change of the schema: the real one, with single changes.

import { readFileSync } from 'node:fs';
import { type NameNode, parse, print, visit } from 'graphql';
import { describe, expect, it } from 'vitest';
import { compare } from '../evolution.ts';

const schema = readFileSync('schema.graphql', 'utf8');

/** The schema with a text in the place of another, which must be there. */
function changed(from: string, to: string): string {
  expect(schema).toContain(from);
  return schema.replace(from, to);
}

/** The schema without a member of one of its types. */
function without(type: string, member: string): string {
  const isGone = ({ name }: { name: NameNode }) => name.value === member;
  const document = visit(parse(schema), {
    ObjectTypeDefinition: (node) =>
      node.name.value === type
        ? { ...node, fields: node.fields?.filter((field) => !isGone(field)) ?? [] }
        : undefined,
    EnumTypeDefinition: (node) =>
      node.name.value === type
        ? { ...node, values: node.values?.filter((value) => !isGone(value)) ?? [] }
        : undefined,
  });
  const text = print(document);
  expect(text).not.toBe(print(parse(schema)));
  return text;
}

const changelog = (...breaking: string[]) =>
  `# Changelog\n\n## Unreleased\n\n### Breaking\n\n${breaking.map((line) => `- ${line}\n`).join('')}\n### Other\n\n- \`ScheduleSummary.total\`\n\n## 0.1.0\n\n### Breaking\n\n- \`ScheduleSummary\`: \`valid\`\n`;

describe('the evolution of the schema', () => {
  it('has nothing to say where nothing has changed', async () => {
    const verdict = await compare({ released: schema, current: schema, changelog: changelog() });
    expect(verdict).toEqual({ failures: [], notes: [] });
  });

  it.each<[string, string, string[]]>([
    ['a type that is gone', schema.replace(/\bScheduleSummary\b/g, 'Summary'), ['ScheduleSummary']],
    ['a field that is gone', without('ScheduleSummary', 'skipped'), ['ScheduleSummary', 'skipped']],
    ['a mutation that is gone', without('Mutation', 'pauseImport'), ['pauseImport']],
    [
      'an argument that must be given',
      changed('campaign(\n', 'campaign(\n    more: Int!\n'),
      ['campaign', 'more'],
    ],
    ['an enum value that is gone', without('DateFormat', 'DAY_MONTH_YEAR'), ['DateFormat', 'DAY_MONTH_YEAR']],
    ['a member of a union that is gone', schema.replace(/ \| SuppressedNumberError\b/, ''), ['RecordResult']],
  ])('fails for %s, and passes where the changelog tells it', async (_, current, names) => {
    const { failures } = await compare({ released: schema, current, changelog: changelog() });
    expect(failures.length).toBeGreaterThan(0);
    for (const name of names) expect(failures.join('\n')).toContain(`\`${name}\``);
    // Each failure says which names a line must have.
    const lines = failures.map((failure) => `${(/with (.*?), the reason/.exec(failure) ?? [])[1]}: because.`);
    const told = await compare({ released: schema, current, changelog: changelog(...lines) });
    expect(told.failures).toEqual([]);
    expect(told.notes.length).toBeGreaterThan(0);
    // A line about something else, or of an earlier release, does not do.
    const other = await compare({ released: schema, current, changelog: changelog('`Limits`: `none`') });
    expect(other.failures).toEqual(failures);
  });

  it('lists what clients may meet from now on, and lets it pass', async () => {
    const current = `${changed('union RecordResult =', 'union RecordResult = NewError |')}
type NewError implements RecordError {
  code: RecordErrorCode!
  field: String
  index: Int!
  message: String!
  problems: [RecordProblem!]!
  reference: String
  retryable: Boolean!
}
`.replace('enum DuplicatePolicy {', 'enum DuplicatePolicy {\n  MERGE\n');
    const { failures, notes } = await compare({ released: schema, current, changelog: changelog() });
    expect(failures).toEqual([]);
    expect(notes).toEqual(
      expect.arrayContaining([
        'New kind: RecordResult may be NewError.',
        'New value: DuplicatePolicy may be MERGE.',
      ]),
    );
  });

  it.each([
    ['Use `other`.', false],
    ['Use `other`, kept until 2027-06-30.', true],
    ['Use `other`, kept until 2027-02-30.', false],
    ['', false],
  ])('asks for the day until which something deprecated is kept: %j', async (reason, isGood) => {
    const current = schema.replace(
      /(\n {2}total: Int!)/,
      `$1 @deprecated(reason: ${JSON.stringify(reason)})`,
    );
    const { failures } = await compare({ released: schema, current, changelog: changelog() });
    expect(failures.length).toBe(isGood ? 0 : 1);
  });
});
