// The house's floors: a file imports lower floors, or its own room; nothing imports in a circle, types included.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Bottom up. A place is a file or a folder of src; those on one floor do not see each other. */
const floors = [
  ['foundation', 'upstream'],
  ['config'],
  ['telemetry'],
  ['auth', 'dialer', 'sandbox'],
  ['campaigns'],
  ['scheduling'],
  ['records', 'imports'],
  ['store', 'schema'],
  ['accounts.ts'],
  ['http'],
  ['check.ts', 'resume.ts', 'terminal'],
  ['service.ts', 'shutdown.ts'],
  ['serve.ts'],
  ['cli.ts'],
];

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/'));

const imports = new Map(
  files.map((file) => {
    const source = readFileSync(join('src', file), 'utf8');
    const specifiers = [...source.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(
      ([, specifier]) => specifier ?? '',
    );
    return [file, specifiers.map((specifier) => normalize(join(dirname(file), specifier)))] as const;
  }),
);

function placeOf(file: string): { floor: number; place: string } {
  for (const [floor, places] of floors.entries())
    for (const place of places) if (file === place || file.startsWith(`${place}/`)) return { floor, place };
  throw new Error(`src/${file} stands on no floor: give it one in test/floors.test.ts`);
}

describe('the house', () => {
  it('has files, and knows what they import', () => {
    expect(files.length).toBeGreaterThan(20);
    expect(imports.get('service.ts')).toContain('http/server.ts');
  });

  it.each(files)('%s imports its own room and lower floors only', (file) => {
    const own = placeOf(file);
    for (const target of imports.get(file) ?? []) {
      expect(files, `${file} imports ${target}`).toContain(target);
      const other = placeOf(target);
      if (other.place !== own.place) expect(other.floor, `${file} imports ${target}`).toBeLessThan(own.floor);
    }
  });

  it('has the sandbox reached from serve.ts alone', () => {
    const reached = files.filter(
      (file) =>
        !file.startsWith('sandbox/') &&
        (imports.get(file) ?? []).some((target) => target.startsWith('sandbox/')),
    );
    expect(reached).toEqual(['serve.ts']);
  });

  it('has no import cycle', () => {
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file))
        throw new Error(`cycle: ${[...path.slice(path.indexOf(file)), file].join(' → ')}`);
      if (done.has(file)) return;
      for (const target of imports.get(file) ?? []) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
  });

  it('has no file over 400 lines', () => {
    const sources = ['src', 'test'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !file.startsWith('gql'))
        .map((file) => join(folder, file)),
    );
    for (const file of sources)
      expect(readFileSync(file, 'utf8').split('\n').length, file).toBeLessThanOrEqual(401);
  });
});
