// A person who must not be called is not, in whichever of the languages that are known a list says so, and however it is written.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Stack } from '../harness.ts';
import { runs } from '../property-runs.ts';
import { importFile, numberOf, resultsOf, startImportStack, until } from './importing.ts';

const languages = [
  {
    names: ['Do Not Call', 'Do not contact', 'DND', 'DNC', 'Opted out', 'Unsubscribed'],
    yes: ['yes', 'true', 'x', '1'],
    no: ['no', 'false', 'n/a', '0'],
  },
  {
    names: ['Nicht anrufen', 'Werbesperre', 'Anrufsperre', 'Robinsonliste'],
    yes: ['ja', 'wahr', 'gültig'],
    no: ['nein', 'falsch', 'keine'],
  },
  {
    names: ['Ne pas appeler', 'Ne pas déranger', 'Opposition', 'Bloctel'],
    yes: ['oui', 'vrai', 'demandé'],
    no: ['non', 'faux'],
  },
  { names: ['No llamar', 'Lista Robinson'], yes: ['sí', 'verdadero'], no: ['no', 'falso'] },
  { names: ['Non chiamare', 'Registro delle opposizioni'], yes: ['sì', 'vero'], no: ['no', 'falso'] },
  { names: ['Não ligar', 'Não perturbe'], yes: ['sim', 'verdadeiro'], no: ['não', 'falso'] },
  { names: ['Niet bellen', 'Bel-me-niet'], yes: ['ja', 'waar'], no: ['nee', 'onwaar'] },
];
const cases = languages.flatMap(({ names, yes, no }) => names.map((name) => ({ name, yes, no })));

const spelling = fc.record({
  spell: fc.constantFrom(
    (text: string) => text.normalize('NFC'),
    (text: string) => text.normalize('NFD'),
    (text: string) => text.normalize('NFD').replace(/\p{M}/gu, ''),
  ),
  /** Of the n-th letter. */
  isUpper: fc.func(fc.boolean()) as fc.Arbitrary<(n: number) => boolean>,
  separator: fc.constantFrom('', ' ', '  ', '_', '-', '.', ' / ', '\u00A0'),
});
type Spelling = typeof spelling extends fc.Arbitrary<infer Value> ? Value : never;

function written(text: string, { spell, isUpper, separator }: Spelling): string {
  const parted = spell(text).replace(/[ -]/g, separator);
  return [...parted].map((letter, n) => (isUpper(n) ? letter.toUpperCase() : letter.toLowerCase())).join('');
}

/** The lines of the rows that are not called. Each row has its own cells, by the columns in which they stand. */
async function uncalled(
  stack: Stack,
  names: readonly string[],
  rows: readonly { column: number; value: string }[],
): Promise<number[]> {
  const lines = rows.map(({ column, value }, n) =>
    [numberOf(n), '2026-11-26 10:00', ...names.map((_, index) => (index === column ? value : ''))].join(','),
  );
  const file = [`Phone,Call time,${names.join(',')}`, ...lines].join('\n');
  const id = await importFile(stack, file, { start: 'AFTER_REVIEW' });
  await until(stack, id, 'READY');
  const failed = await resultsOf(stack, id, 'failed');
  for (const { code } of failed) expect(code).toBe('SUPPRESSED_NUMBER');
  return failed.map(({ line }) => line - 2);
}

describe('a person who must not be called', () => {
  it('is not, for each yes below each such header, and is for each no', async () => {
    const stack = await startImportStack();
    const rows = cases.flatMap(({ yes, no }, column) => [
      ...yes.map((value) => ({ column, value, isYes: true })),
      ...no.map((value) => ({ column, value, isYes: false })),
    ]);
    await fc.assert(
      fc.asyncProperty(spelling, spelling, async (spelling, ofValues) => {
        const names = cases.map(({ name }) => written(name, spelling));
        const values = rows.map(({ column, value }) => ({ column, value: written(value, ofValues) }));
        const objecting = [...rows.keys()].filter((n) => rows[n]?.isYes);
        expect(await uncalled(stack, names, values)).toEqual(objecting);
      }),
      { numRuns: runs(12) },
    );
  });

  it('is not, where a column of any name says so', async () => {
    const stack = await startImportStack();
    // An opposition is a party, too, and who unsubscribed need not have meant calls.
    const sayings = cases.filter(({ name }) => name !== 'Opposition' && name !== 'Unsubscribed');
    await fc.assert(
      fc.asyncProperty(spelling, async (spelling) => {
        const rows = sayings.map(({ name }) => ({ column: 0, value: written(name, spelling) }));
        expect(await uncalled(stack, ['Status'], rows)).toEqual([...rows.keys()]);
      }),
      { numRuns: runs(12) },
    );
  });

  it('is, where the words are parts of others or mean another way to reach him', async () => {
    const stack = await startImportStack();
    const values = [
      'Opposition',
      'No answer',
      'Robinson',
      'Nobel me niet',
      'no call yet',
      'called, no llama',
    ];
    const rows = values.map((value) => ({ column: 0, value: `"${value}"` }));
    expect(await uncalled(stack, ['Status'], rows)).toEqual([]);
    const names = ['Opposition e-mail', 'SMS opt-out', 'Teléfono llamar', 'Annotation perturbée'];
    const yes = names.map((_, column) => ({ column, value: 'yes' }));
    expect(await uncalled(stack, names, yes)).toEqual([]);
  });
});
