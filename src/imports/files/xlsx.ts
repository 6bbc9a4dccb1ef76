// A workbook as the rest sees it: it is read in a thread whose memory is bounded, and which sends its rows as they are taken.

import { startThread } from '../../foundation/thread.ts';
import type { RawRow } from './rows.ts';
import type { FileLimits } from './table.ts';
import { UnsupportedFile } from './unsupported-file.ts';
import type { Answer, Order, PackedRows, Task } from './xlsx-worker.ts';

/** Shared strings are not in it. */
const resourceLimits = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 };
/** Batches that the thread may be ahead. */
const ahead = 4;

export interface WorkbookReading {
  readonly sheets: readonly string[];
  readonly sheet: string;
  readonly otherSheets: readonly string[];
  /** From 0. */
  readonly hiddenColumns: readonly number[];
  /** To be gone through once. */
  readonly rows: AsyncIterable<RawRow[]>;
}

/**
 * `file`: a descriptor that stays open until the thread has ended, when `close` is called. The thread ends when its rows have been
 * gone through or given up, and when the signal aborts. Rejects, also while rows are read, with an UnsupportedFile.
 */
export async function readWorkbook(
  file: number,
  sheet: string | undefined,
  limits: FileLimits,
  signal: AbortSignal,
  close: () => void,
): Promise<WorkbookReading> {
  const answers = createAnswers({ file, sheet, limits }, signal, close);
  const first = await answers.next();
  if (!('sheets' in first)) throw new Error('The thread began with something else than the sheets');
  return { ...first, rows: rowsOf(answers) };
}

async function* rowsOf(answers: ReturnType<typeof createAnswers>): AsyncGenerator<RawRow[], void> {
  try {
    for (let n = 0; n < ahead; n++) answers.order();
    for (;;) {
      const answer = await answers.next();
      if (!('rows' in answer)) return;
      answers.order();
      yield unpacked(answer.rows);
    }
  } finally {
    answers.giveUp();
  }
}

function unpacked({ lines, widths, cells, fractions }: PackedRows): RawRow[] {
  let at = 0;
  return lines.map((line, n) => {
    const start = at;
    at += widths[n] ?? 0;
    return { line, cells: cells.slice(start, at), fractions: fractions[n] };
  });
}

/** The thread's answers in their order. */
function createAnswers(task: Task, signal: AbortSignal, close: () => void) {
  if (signal.aborted) {
    close();
    throw signal.reason;
  }
  const thread = startThread(import.meta.url, 'xlsx-worker', { workerData: task, resourceLimits });
  // A file whose rows nobody takes does not keep the process.
  thread.unref();
  const waiting: Answer[] = [];
  let failure: unknown;
  let wake: (() => void) | undefined;
  const giveUp = () => void thread.terminate();

  const fail = (error: unknown) => {
    failure ??= error;
    wake?.();
  };
  thread.on('message', (answer: Answer) => {
    waiting.push(answer);
    wake?.();
  });
  thread.once('error', (error: NodeJS.ErrnoException) =>
    fail(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooMuchMemory() : error),
  );
  thread.once('exit', () => {
    signal.removeEventListener('abort', giveUp);
    close();
    fail(signal.aborted ? signal.reason : new Error('The thread that reads the workbook ended'));
  });
  signal.addEventListener('abort', giveUp, { once: true });

  return {
    giveUp,
    order: () => thread.postMessage('more' satisfies Order),
    async next(): Promise<Answer> {
      for (;;) {
        signal.throwIfAborted();
        const answer = waiting.shift();
        if (answer !== undefined && 'problem' in answer) throw problemOf(answer.problem);
        if (answer !== undefined) return answer;
        if (failure !== undefined) throw failure;
        thread.ref();
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        thread.unref();
      }
    },
  };
}

function problemOf({
  kind,
  message,
  line,
}: {
  kind: UnsupportedFile['kind'];
  message: string;
  line: number | null;
}) {
  return new UnsupportedFile(kind, message, line);
}

function tooMuchMemory(): UnsupportedFile {
  return new UnsupportedFile(
    'TOO_LARGE',
    'The workbook takes more memory than it may: split it into several, or save it as CSV.',
  );
}
