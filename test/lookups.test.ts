// No word of a caller's is looked up on a plain object: `constructor`, `toString` and `__proto__` are members of each. The
// compiler knows every look-up, and what its key may be. A Map is what such words are for.

import { type Node, SyntaxKind } from 'typescript/unstable/ast';
import {
  isBinaryExpression,
  isBindingElement,
  isComputedPropertyName,
  isElementAccessExpression,
} from 'typescript/unstable/ast/is';
import { API, type Type } from 'typescript/unstable/sync';
import { afterAll, describe, expect, it } from 'vitest';
import { kinds, lead, startStack } from './harness.ts';

/** Look-ups by a word that may be anybody's, and why each is harmless. */
const allowed = new Map([
  ['config/accounts.ts env[given.env]', 'a variable that ACCOUNTS_FILE names, asked for where it is one'],
  ['dialer/dialects/message.ts object[key]', 'the key is one of its own'],
  ['schema/rights.ts fields[node.name.value]', 'a map without a prototype, of a document that was validated'],
  ['schema/rights.ts fragments[node.name.value]', 'the same'],
  ['http/variables.ts (value as Record<string, unknown>)[key]', 'a key of its own'],
  ['http/long-variables.ts (value as Variables | null | undefined)?.[key]', 'only a list is taken'],
  ['http/long-variables.ts value[key]', 'where a list was found'],
  ['foundation/json-writer.ts (value as Record<string, unknown>)[key]', 'the same'],
  ['sandbox/errors-demo.ts demonstrations[name]', 'asked for where it is its own'],
  ['imports/row-outcome.ts tally.codes[code]', 'a code of an error, in capitals'],
  ['imports/row-outcome.ts to.codes[code]', 'the same'],
  ['telemetry/metrics.ts counts[outcome]', 'one of the ends of a row'],
]);

const root = `${process.cwd()}/src/`;
const api = new API({ cwd: process.cwd() });
afterAll(() => api.close());
const [project] = api.updateSnapshot({ openProjects: [`${process.cwd()}/tsconfig.json`] }).getProjects();
if (project === undefined) throw new Error('tsconfig.json is no project');
const { checker, program, rootFiles } = project;
const word = checker.getStringType();
const files = rootFiles.filter((file) => file.startsWith(root));

/** Of every look-up by a key that is no number, no symbol, and none of some words that the source names. */
function lookupsOf(file: string): string[] {
  const source = program.getSourceFile(file);
  const found: string[] = [];
  const visit = (node: Node): void => {
    const key = keyOf(node);
    const type: Type | undefined = key && checker.getTypeAtLocation(key);
    if (type !== undefined && checker.isTypeAssignableTo(word, type))
      found.push(`${file.slice(root.length)} ${source?.text.slice(node.pos, node.end).trim()}`);
    node.forEachChild(visit);
  };
  source?.forEachChild(visit);
  return found;
}

/** Of `object[key]`, of `key in object`, and of `{ [key]: value } = object`. */
function keyOf(node: Node): Node | undefined {
  if (isElementAccessExpression(node)) return node.argumentExpression;
  if (isBinaryExpression(node) && node.operatorToken.kind === SyntaxKind.InKeyword) return node.left;
  if (isComputedPropertyName(node) && isBindingElement(node.parent)) return node.expression;
  return undefined;
}

describe('a look-up', () => {
  const lookups = files.flatMap(lookupsOf);

  it('is by a word that the source names', () => {
    expect(files.length).toBeGreaterThan(20);
    expect(lookups.filter((lookup) => !allowed.has(lookup))).toEqual([]);
  });

  it('is allowed otherwise where there is one, and nowhere else', () => {
    for (const lookup of allowed.keys()) expect(lookups).toContain(lookup);
  });
});

describe('a word that every object knows', () => {
  const words = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__', '__defineGetter__'];

  it('is a header, an agent, a skill, a reference and a campaign as any other', async () => {
    const campaigns = { Sales_Demo: { headers: [...words, 'AgentID', 'skill'] } };
    const { schedule, scheduled, sandbox } = await startStack({ campaigns, sandbox: { campaigns } });
    const records = words.map((word, n) =>
      lead(n, { reference: word, agentId: word, skill: word, customFields: [{ header: word, value: word }] }),
    );
    const { results } = await scheduled({ records });
    expect(results).toMatchObject(words.map((reference) => ({ __typename: 'ScheduledRecord', reference })));
    expect(sandbox.ledger).toHaveLength(words.length);
    const long = words.map((header, n) => lead(n, { customFields: [{ header, value: 'x'.repeat(9000) }] }));
    const refused = await scheduled({ records: long });
    expect(new Set(kinds(refused))).toEqual(new Set(['InvalidFieldError']));
    for (const campaignName of words)
      expect(await schedule({ campaignName, records: [lead(90)] })).toMatchObject({
        results: [{ __typename: 'CampaignNotFoundError' }],
      });
  });
});
