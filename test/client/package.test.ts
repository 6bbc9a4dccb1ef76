// The package as it is published: packed, unpacked into the folder of a front end, its types looked up by the compiler, its README
// carried out, and weighed.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerNumbers } from '../harness.ts';
import { startImportStack } from '../imports/importing.ts';

const run = promisify(execFile);

/** What a front end has besides. The package itself needs the first alone. */
const others = [
  '@graphql-typed-document-node/core',
  'graphql',
  'react',
  'react-dom',
  '@types/react',
  '@types/react-dom',
  'csstype',
  'fake-indexeddb',
];

let folder: string;
let packedBytes: number;
let readme: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dialgraph-front-end-'));
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: 'client' });
  const [{ filename, size }] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as [
    { filename: string; size: number },
  ];
  packedBytes = size;
  const own = join(folder, 'node_modules/@dialgraph/client');
  await mkdir(own, { recursive: true });
  await run('tar', ['-xzf', join(folder, filename), '-C', own, '--strip-components=1']);
  for (const name of others) {
    const target = join(folder, 'node_modules', name);
    await mkdir(join(target, '..'), { recursive: true });
    await symlink(resolve('node_modules', name), target);
  }
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  readme = await readFile(join(own, 'README.md'), 'utf8');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Rejects with what the compiler says. */
async function compile(file: string, moduleResolution: 'nodenext' | 'bundler'): Promise<void> {
  const module = moduleResolution === 'nodenext' ? 'nodenext' : 'esnext';
  const config = {
    compilerOptions: {
      ...{ module, moduleResolution, target: 'es2022', lib: ['es2023', 'dom', 'dom.iterable'] },
      ...{ strict: true, exactOptionalPropertyTypes: true, noEmit: true, jsx: 'react-jsx', types: [] },
    },
    files: [file],
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  await run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', folder]).catch(
    ({ stdout }: { stdout: string }) => {
      throw new Error(stdout);
    },
  );
}

/** Of all blocks of the README, one after the other, with what a page has. */
function readmeAsModule(): string {
  const blocks = [...readme.matchAll(/```(?:ts|tsx)\n([\s\S]*?)```/g)].map(([, code]) => code ?? '');
  expect(blocks.length).toBeGreaterThan(4);
  return `import 'fake-indexeddb/auto';
declare const process: { env: Record<string, string> };
const url: string = process.env.ENDPOINT ?? '';
const [token, runId] = ['none', 'the-run'];
const show = (text: string) => console.log(text);
const renewToken = () => {};
const time = '2026-11-26 10:00:00';
const records = [1, 2, 3].map((n) => ({ phoneNumber: \`981000000\${n}\`, scheduledTime: time }));
const rows = [4, 5].map((n) => \`981000000\${n},\${time}\`);
const file = new File([['PhoneNumber,ScheduledTime', ...rows].join('\\n')], 'leads.csv');
${blocks.join('\n').replace("'http://127.0.0.1:4000/graphql'", 'url')}
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
console.log(renderToStaticMarkup(createElement(Upload)));
// @ts-expect-error ValidRecord is left out.
const forgotten = () => match(results[0]!, { ScheduledRecord: () => 1, RecordError: () => 2, otherwise: () => 3 });
console.log(forgotten());
console.log((await schedule(own, { campaignName: 'Sales_Demo', records: [], idempotencyKey: 'x' }).catch((error) => error)).name);
`;
}

describe('the packed package', () => {
  it.each(['nodenext', 'bundler'] as const)(
    'has types that are found, and what its README shows: %s',
    async (resolution) => {
      await writeFile(join(folder, 'readme.tsx'), readmeAsModule());
      await compile('readme.tsx', resolution);
    },
  );

  it('does in Node what its README shows', async () => {
    const stack = await startImportStack();
    const { code } = await transform(readmeAsModule(), { loader: 'tsx', jsx: 'automatic', target: 'es2022' });
    await writeFile(join(folder, 'readme.mjs'), code);
    const { stdout } = await run(process.execPath, [join(folder, 'readme.mjs')], {
      env: { ...process.env, ENDPOINT: stack.url },
    });
    expect(stdout).toContain('will be called at 2026-12-01 10:00:00 undefined\n');
    expect(stdout).toContain('3 of 3\n3 []\n');
    expect(stdout).toMatch(/FINISHED 0 imports\/.*csv\n/);
    expect(stdout).toContain('<p role="status">idle</p>');
    expect(stdout).toContain('RequestRefusedError');
    const numbers = ['9876543210', ...[1, 2, 3, 4, 5].map((n) => `981000000${n}`)];
    expect([...ledgerNumbers(stack.sandbox)].sort()).toEqual(numbers.sort());
  });

  it('can be imported by each of its names', async () => {
    const names = ['client', 'client/react', 'client/possible-types', 'client/introspection'];
    const code = names.map(
      (name) => `console.log(Object.keys(await import('@dialgraph/${name}')).length > 0);`,
    );
    await writeFile(join(folder, 'names.mjs'), code.join('\n'));
    const { stdout } = await run(process.execPath, [join(folder, 'names.mjs')]);
    expect(stdout).toBe('true\n'.repeat(names.length));
  });

  it('has the files that are not code', async () => {
    const { exports } = JSON.parse(
      await readFile(join(folder, 'node_modules/@dialgraph/client/package.json'), 'utf8'),
    ) as { exports: Record<string, string> };
    for (const name of ['./persisted-documents.json', './schema.graphql'])
      await readFile(join(folder, 'node_modules/@dialgraph/client', exports[name] ?? ''));
    await readFile(join(folder, 'node_modules/@dialgraph/client/LICENSE'));
  });

  it.each([
    ['`schedule` and `match`', '{ schedule, match, fetchTransport }'],
    ['`scheduleAll`', '{ scheduleAll, fetchTransport }'],
    ['`uploadImport` with `watchImport`', '{ uploadImport, watchImport, fetchTransport }'],
    ['everything but the two files for caches', '*'],
  ])('weighs what its README says: %s', async (name, names) => {
    const { outputFiles } = await build({
      stdin: { contents: `export ${names} from '@dialgraph/client';`, resolveDir: folder },
      ...{ bundle: true, minify: true, write: false, format: 'esm', target: 'es2022' },
    });
    expectTold(name, gzipSync(outputFiles[0]?.contents ?? '').length);
  });

  it('weighs in all what its README says', () => {
    expectTold('The package is', packedBytes);
  });
});

/** Told in kB: what it weighs, or a little more. */
function expectTold(name: string, bytes: number): void {
  const said = readme.replaceAll('\n', ' ').split(`${name} `)[1] ?? '';
  const told = Number(/^([\d.]+) kB/.exec(said)?.[1] ?? Number.NaN) * 1000;
  expect(told, `${name}: ${bytes} bytes`).toBeGreaterThanOrEqual(bytes);
  expect(told * 0.85, `${name}: ${bytes} bytes`).toBeLessThanOrEqual(bytes);
}
