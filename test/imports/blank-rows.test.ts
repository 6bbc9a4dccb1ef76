// Blank rows are left out, and however many there are, they hold up nobody.

import { describe, expect, it } from 'vitest';
import { DelimitedReader } from '../../src/imports/files/delimited.ts';
import { batchesOf, type RawRow } from '../../src/imports/files/rows.ts';
import { limits, read } from './files.ts';

describe('blank rows', () => {
  it('give way to other work', async () => {
    async function* pieces() {
      yield (function* (): Generator<RawRow, void> {
        for (let line = 1; line <= 1_000_000; line++) yield { line, cells: [' ', ''] };
      })();
    }
    const stop = new AbortController();
    // It comes while the one piece is gone through, or else too late.
    setImmediate(() => stop.abort(new Error('given up')));
    const reading = async () => {
      for await (const _ of batchesOf(pieces(), limits, stop.signal));
    };
    await expect(reading()).rejects.toThrow('given up');
  });

  it('of nothing are passed over, and counted as lines', async () => {
    const reader = new DelimitedReader(',', limits);
    reader.push(`a,b${'\n'.repeat(100_000)}\r\n\r\r`);
    expect(reader.next()).toEqual({ line: 1, cells: ['a', 'b'] });
    expect(reader.next()).toBeUndefined();
    reader.push('\n1,2');
    reader.end();
    expect(reader.next()).toEqual({ line: 100_004, cells: ['1', '2'] });
  });

  it('stand between rows of one batch', async () => {
    const { rows } = await read('\n\nphone,name\n ,\n\r\n1,x\n,,\n\n2,"y\n\nz"\n\n3,w');
    expect(rows).toEqual([
      { line: 3, cells: ['phone', 'name'] },
      { line: 6, cells: ['1', 'x'] },
      { line: 9, cells: ['2', 'y\n\nz'] },
      { line: 13, cells: ['3', 'w'] },
    ]);
  });
});
