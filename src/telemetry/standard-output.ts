// The log's way to standard output. It holds nobody up: lines are written in the background, and dropped and counted where
// nobody reads them. When the process exits, the last lines are written as far as somebody takes them.
// States: gathering → (a page is full, or the time is over) writing → gathering. What could not be written, since a pipe or a
// disk is full, goes back to the lines, and is written again after a pause. In the state broken the reader is gone for good,
// and every line is thrown away.

import { write, writeSync } from 'node:fs';

/** Takes whole lines. */
export interface LineWriter {
  write(line: string): void;
}

const standardOutput = 1;
/** Lines are gathered for this long, or up to a page: writing each alone costs more than making it. As long is a pause. */
const gatherMs = 100;
/** Up to PIPE_BUF bytes are taken by a pipe whole or not at all, so what the process itself prints cuts no line. */
const pageBytes = 4096;
/** Bytes of lines that are not written yet; a line past that is dropped. */
const mostUnwritten = 4 * 1024 * 1024;
/** How long the exit waits for a reader of the last lines, and how often it looks for one. */
const lastLinesMs = 500;
const lookMs = 10;

export function createStandardOutput(): LineWriter {
  // Reading process.stdout makes Node open the pipe as non-blocking, for the writes below too: one that waited for a reader
  // would keep the process from ending. An error of these streams must not end the process.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  let lines: Buffer[] = [];
  let unwritten = 0;
  let dropped = 0;
  let state: 'gathering' | 'writing' | 'broken' = 'gathering';
  let timer: NodeJS.Timeout | undefined;

  const add = (text: string) => {
    const line = Buffer.from(text);
    if (unwritten + line.length > mostUnwritten) return false;
    lines.push(line);
    unwritten += line.length;
    return true;
  };
  const addDropped = () => {
    if (dropped > 0 && add(lineOfDropped(dropped))) dropped = 0;
    return dropped === 0;
  };
  const takePage = () => {
    let count = 0;
    let bytes = 0;
    for (const line of lines) {
      bytes += line.length;
      if (count > 0 && bytes > pageBytes) break;
      count++;
    }
    return Buffer.concat(lines.splice(0, count));
  };
  const settle = (page: Buffer, written: number) => {
    unwritten -= written;
    if (written < page.length) lines.unshift(page.subarray(written));
    if (written > 0) addDropped();
  };
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (state !== 'gathering' || lines.length === 0) return;
    state = 'writing';
    const page = takePage();
    write(standardOutput, page, (error, written = 0) => {
      if (error?.code === 'EPIPE') {
        state = 'broken';
        lines = [];
        return;
      }
      settle(page, written);
      const goOn = () => {
        state = 'gathering';
        flush();
      };
      if (written < page.length) setTimeout(goOn, gatherMs).unref();
      else goOn();
    });
  };
  process.on('exit', () => {
    if (state === 'broken') return;
    const giveUpAt = Date.now() + lastLinesMs;
    addDropped();
    while (lines.length > 0) {
      const page = takePage();
      try {
        settle(page, writeSync(standardOutput, page));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || Date.now() > giveUpAt) return;
        lines.unshift(page);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lookMs);
      }
    }
  });

  return {
    write(line) {
      if (state === 'broken') return;
      if (!addDropped() || !add(line)) dropped++;
      if (unwritten >= pageBytes) flush();
      else timer ??= setTimeout(flush, gatherMs).unref();
    },
  };
}

function lineOfDropped(dropped: number): string {
  const line = {
    level: 'error',
    time: new Date().toISOString(),
    dropped,
    msg: 'lines dropped: nobody took them',
  };
  return `${JSON.stringify(line)}\n`;
}
