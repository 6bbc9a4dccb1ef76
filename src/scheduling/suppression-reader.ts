// Reads suppression files, each in a thread of its own, one at a time: a file of ten million numbers takes a processor for seconds.

import type { CountryCode } from 'libphonenumber-js/max';
import type { ReadFile } from '../campaigns/suppression.ts';
import { SuppressionFileError } from '../campaigns/suppression-file.ts';
import { startThread } from '../foundation/thread.ts';
import type { Answer, Task } from './suppression-worker.ts';

/** The heap would grow by what is garbage by then. The digests are not in it. */
const resourceLimits = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 };

let last: Promise<unknown> = Promise.resolve();

/** Rejects with a SuppressionFileError that says what is wrong. `key`: of the digests. `signal`: gives it up. */
export function readSuppressionFile(
  path: string,
  region: CountryCode,
  key: Uint8Array,
  signal?: AbortSignal,
): Promise<ReadFile> {
  const reading = last.then(() => readInThread({ path, region, key }, signal));
  last = reading.catch(() => undefined);
  return reading;
}

function readInThread(task: Task, signal: AbortSignal | undefined): Promise<ReadFile> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) throw new SuppressionFileError('was not read');
    const thread = startThread(import.meta.url, 'suppression-worker', { workerData: task, resourceLimits });
    thread.once('message', (answer: Answer) => {
      if ('file' in answer) resolve(answer.file);
      else reject(new SuppressionFileError(answer.problem));
    });
    thread.once('error', (error) => reject(new SuppressionFileError(`could not be read: ${error.message}`)));
    const giveUp = () => void thread.terminate();
    signal?.addEventListener('abort', giveUp, { once: true });
    thread.once('exit', () => {
      signal?.removeEventListener('abort', giveUp);
      reject(new SuppressionFileError('could not be read: its thread ended'));
    });
  });
}
