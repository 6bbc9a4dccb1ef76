// Writes the log to standard output, and holds nobody up: lines are written in the background, and are dropped and counted if
// nobody reads them. At the exit of the process the lines that are left are written at once, as far as a reader takes them.
// States: gathering (at first) → (a page is full, or gatherMs have passed) writing → (the page is written, or a pause of gatherMs
// is over) gathering. A part that a full pipe or disk did not take stays the first of the lines, and the pause follows.
// writing → (the pipe's reader has closed it) broken: from then on every line is thrown away.

import { write, writeSync } from 'node:fs';

/** Each text is a whole line, with its line break. */
export interface LineWriter {
  write(line: string): void;
}

const standardOutput = 1;
/** How long lines are gathered, up to a page: to write each alone costs more than to make it. A pause is as long. */
const gatherMs = 100;
/** PIPE_BUF: a pipe takes so many bytes whole or not at all, so other output of the process never cuts a line in two. */
const pageBytes = 4096;
/** Bytes of lines that are not written yet; a line past that is dropped. */
const mostUnwritten = 4 * 1024 * 1024;
/** How long the exit waits for a reader of the last lines, and how often it looks for one. */
const lastLinesMs = 500;
const lookMs = 10;

export function createStandardOutput(): LineWriter {
  // To read process.stdout makes Node open the pipe as non-blocking, for the writes below too: a write that waits for a reader
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
