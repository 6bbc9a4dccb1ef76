// The report of a run in Markdown, the same on standard output and in the README: medians with their spread, and what passed.

import { ratios, type Spread, spread } from '../load/statistics.ts';
import type { WallSamples } from '../scenarios/wall.ts';
import { type Results, samplesOf } from './results.ts';
import { cpuToSameRules, type Verdict } from './thresholds.ts';

export function report(results: Results, verdicts: readonly Verdict[]): string {
  const latencies = [...new Set(results.wall.map(({ cell }) => cell.latencyMs))].sort((a, b) => a - b);
  return [
    '### Thresholds',
    table(
      ['what', 'must be', 'is', ''],
      [
        ...verdicts.map(({ threshold: { what, atMost, atLeast }, measured, passed }) => [
          what,
          atMost === undefined ? `≥ ${atLeast}` : `≤ ${atMost}`,
          shown(measured),
          passed ? 'pass' : '**FAIL**',
        ]),
        [
          'gateway CPU a record / floor-same-rules, 10,000 records, 0 ms',
          '',
          shown(cpuToSameRules(results)),
          '',
        ],
      ],
    ),
    ...latencies.flatMap((latencyMs) => [
      `### One mutation, upstream latency ${latencyMs} ms: wall time in ms, and the same / raw`,
      wallTable(
        results,
        latencyMs,
        ({ wallMs }, raw) => `${shown(spread(wallMs))} · **${ratio(wallMs, raw.wallMs)}**`,
      ),
    ]),
    '### One mutation, upstream latency 0 ms: CPU time of the gateway, µs a record',
    wallTable(results, 0, ({ cpuMicros }) => (cpuMicros.length === 0 ? '–' : shown(spread(cpuMicros)))),
    '### Small mutations (1–5 records) beside long ones of 50,000, upstream latency 20 ms, in ms',
    table(
      ['', 'p50 idle', 'p50 beside', 'p99 idle', 'p99 beside', 'p99 beside / idle'],
      [...results.fairness].map(([name, { idleP50, busyP50, idleP99, busyP99 }]) => [
        name,
        ...[idleP50, busyP50, idleP99, busyP99].map((values) => shown(spread(values))),
        `**${shown(spread(ratios(busyP99, idleP99)))}**`,
      ]),
    ),
    '### 2,000 concurrent mutations of one record, upstream latency 20 ms',
    table(
      ['', 'mutations a second', 'upstream requests'],
      [...results.singles].map(([name, { perSecond, upstreamRequests }]) => [
        name,
        shown(spread(perSecond)),
        shown(spread(upstreamRequests)),
      ]),
    ),
    '### Peak memory of a fresh process after 50,000 records',
    table(
      ['', 'MB'],
      [...results.memory].map(([name, megabytes]) => [name, shown(spread(megabytes))]),
    ),
    '### What an idempotency key costs, 10,000 records, upstream latency 20 ms, in ms',
    table(
      ['', 'with a key', 'without', 'with / without'],
      [
        [
          'dialgraph',
          shown(spread(results.promises.withKeyMs)),
          shown(spread(results.promises.withoutMs)),
          `**${shown(spread(ratios(results.promises.withKeyMs, results.promises.withoutMs)))}**`,
        ],
      ],
    ),
    '### Checking one record while a person types, p99 in ms, beside `{ __typename }`',
    table(
      ['', 'validateCampaignData', '{ __typename }', 'ratio'],
      [
        [
          'dialgraph',
          shown(spread(results.validation.validationP99)),
          shown(spread(results.validation.typenameP99)),
          `**${shown(spread(ratios(results.validation.validationP99, results.validation.typenameP99)))}**`,
        ],
      ],
    ),
    '### A file of leads, upstream latency 20 ms',
    table(
      ['', 'rows', 'raw, s', 'CHECKING and RUNNING / raw', 'RUNNING / raw', 'peak memory, MB'],
      [
        [
          'CSV',
          results.imports.rows.toLocaleString('en'),
          shown(spread(results.imports.rawMs.map(inSeconds))),
          `**${shown(spread(ratios(results.imports.wholeMs, results.imports.rawMs)))}**`,
          `**${shown(spread(ratios(results.imports.runningMs, results.imports.rawMs)))}**`,
          shown(spread(results.imports.peakMegabytes)),
        ],
      ],
    ),
    table(
      ['', 'p99 idle, ms', 'p99 beside the file, ms', 'beside / idle'],
      [
        [
          'a single lead',
          shown(spread(results.imports.singleIdleP99)),
          shown(spread(results.imports.singleBesideP99)),
          `**${shown(spread(ratios(results.imports.singleBesideP99, results.imports.singleIdleP99)))}**`,
        ],
      ],
    ),
    table(
      ['', 'rows', 'checked, s', 'memory more, MB'],
      [
        [
          'XLSX',
          results.imports.workbookRows.toLocaleString('en'),
          shown(spread(results.imports.workbookMs.map(inSeconds))),
          shown(spread(results.imports.workbookMegabytes)),
        ],
      ],
    ),
    '### What compressed answers cost and save, 10,000 records, upstream latency 0 ms',
    table(
      ['', 'kB on the wire', 'wall, ms', 'wall / identity', 'CPU of the gateway, ms', 'CPU / identity'],
      Object.entries(results.compression).map(([encoding, { bytes, wallMs, cpuMs }]) => [
        encoding,
        digits(bytes / 1000),
        shown(spread(wallMs)),
        `**${ratio(wallMs, results.compression.identity.wallMs)}**`,
        shown(spread(cpuMs)),
        `**${ratio(cpuMs, results.compression.identity.cpuMs)}**`,
      ]),
    ),
  ].join('\n\n');
}

function wallTable(
  { wall }: Results,
  latencyMs: number,
  cell: (samples: WallSamples, raw: WallSamples) => string,
): string {
  const columns = wall.filter((measured) => measured.cell.latencyMs === latencyMs);
  const names = [...(columns[0]?.results.keys() ?? [])];
  return table(
    ['', ...columns.map(({ cell: { records } }) => records.toLocaleString('en'))],
    names.map((name) => [
      name,
      ...columns.map(({ results }) => cell(samplesOf(results, name), samplesOf(results, 'raw'))),
    ]),
  );
}

function inSeconds(ms: number): number {
  return ms / 1000;
}

function ratio(values: readonly number[], base: readonly number[]): string {
  return digits(spread(ratios(values, base)).median);
}

function shown({ median, min, max }: Spread): string {
  return min === max ? digits(median) : `${digits(median)} (${digits(min)}–${digits(max)})`;
}

function digits(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 2);
}

/** The columns are aligned, so that it can be read as plain text too. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((size, column) => (cells[column] ?? '').padEnd(size)).join(' | ')} |`;
  return [line(head), `| ${widths.map((size) => '-'.repeat(size)).join(' | ')} |`, ...rows.map(line)].join(
    '\n',
  );
}
