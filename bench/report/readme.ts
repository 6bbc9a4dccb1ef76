// Writes the figures of a run, and what they were measured on, between the two markers in the README. The rest stays as it is.

import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { MachineLoad } from '../load/machine.ts';
import { quantile } from '../load/statistics.ts';
import { connections } from '../settings.ts';

const bench = join(import.meta.dirname, '..');
const readme = join(bench, 'README.md');
const begin = '<!-- measured: written by npm run bench -->';
const end = '<!-- /measured -->';
const peers = [
  '@apollo/server',
  'mercurius',
  'fastify',
  'graphql-yoga',
  '@pothos/core',
  '@graphql-hive/gateway-runtime',
  'graphql',
  'undici',
  'zod',
];

/** The date, the command, how busy the machine was, and the versions of all that was measured. */
export function circumstances(command: string, { busy, stolen }: MachineLoad): string {
  const { length } = cpus();
  const model = cpus()[0]?.model ?? 'unknown';
  return [
    `Measured on ${new Date().toISOString().slice(0, 10)} by \`${command}\`, ${connections} connections to the upstream, on`,
    `${length} cores (${model}), Node ${process.versions.node}.`,
    `While the benchmark rested, the cores were ${percent(quantile(busy, 0.5))} busy (at most ${percent(Math.max(...busy))}); ${percent(stolen())} of their time was stolen by other guests.`,
    `Peers: ${peers.map((name) => `${name} ${versionOf(name)}`).join(', ')}.`,
    'Medians, with the least and the most of the rounds in brackets.',
  ].join('\n');
}

export function writeReadme(text: string): void {
  const old = readFileSync(readme, 'utf8');
  const from = old.indexOf(begin);
  const to = old.indexOf(end);
  if (from === -1 || to < from) throw new Error(`README.md has lost its markers: ${begin} and ${end}`);
  writeFileSync(readme, `${old.slice(0, from + begin.length)}\n\n${text}\n\n${old.slice(to)}`);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function versionOf(name: string): string {
  const manifest = readFileSync(join(bench, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
