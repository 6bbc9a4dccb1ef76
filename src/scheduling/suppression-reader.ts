// Reads suppression files, each in a thread of its own, one at a time: a file of ten million numbers takes a processor for seconds.

import type { CountryCode } from 'libphonenumber-js/max';
import type { ReadFile } from '../campaigns/suppression.ts';
import { SuppressionFileError } from '../campaigns/suppression-file.ts';
import { startThread } from '../foundation/thread.ts';
import type { Answer, Task } from './suppression-worker.ts';

let last: Promise<unknown> = Promise.resolve();

/** Rejects with a SuppressionFileError that says what is wrong. `key`: of the digests. */
export function readSuppressionFile(path: string, region: CountryCode, key: Uint8Array): Promise<ReadFile> {
  const reading = last.then(() => readInThread({ path, region, key }));
  last = reading.catch(() => undefined);
  return reading;
}

function readInThread(task: Task): Promise<ReadFile> {
  return new Promise((resolve, reject) => {
    const thread = startThread(import.meta.url, 'suppression-worker', { workerData: task });
    thread.once('message', (answer: Answer) => {
      if ('file' in answer) resolve(answer.file);
      else reject(new SuppressionFileError(answer.problem));
    });
    thread.once('error', (error) => reject(new SuppressionFileError(`could not be read: ${error.message}`)));
    thread.once('exit', () => reject(new SuppressionFileError('could not be read: its thread ended')));
  });
}
