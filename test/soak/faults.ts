// What the sandbox does wrong in a soak, and how often. Scripted in small portions as the run goes on: the queue then
// ends soon after the run, and a request that finds it empty is answered well.
// Fillers stand for the requests that meet nothing: a script cannot leave one out.

import type { FaultName, ScriptedFault } from '../../src/sandbox/faults.ts';
import { createRandom, type Random } from './random.ts';

/** Answers well: a filler, counted as no fault. */
export const filler: FaultName = 'latency';

/** The latest of late acceptances. */
export const lateMs = 1000;
type Terms = Omit<ScriptedFault, 'fault'>;
type Weights = readonly (readonly [fault: FaultName, weight: number, terms?: Terms])[];

/**
 * How many of a thousand requests meet each. About 200 of them count as failures to the client's circuit breaker, which
 * opens where more than half of the latest fail: that is to happen a few times a run, and not all the time.
 */
const onSchedule: Weights = [
  ['reset-before', 10],
  ['reset-after', 10],
  ['reset-on-headers', 5],
  ['close-before', 8],
  ['close-after', 8],
  ['close-on-headers', 4],
  ['hang-before', 9],
  ['hang-after', 9],
  ['half-open-before', 5],
  ['half-open-after', 5],
  ['half-open-on-headers', 3],
  ['garbage-before', 4],
  ['garbage-after', 4],
  ['partial-then-reset', 12],
  ['late-accept', 8, { latencyMs: 100 }],
  ['late-accept', 4, { latencyMs: lateMs }],
  ['reset-then-accept', 8, { latencyMs: 100 }],
  ['reset-then-accept', 4, { latencyMs: lateMs }],
  ['status-500-before', 6],
  ['status-500-after', 6],
  ['status-502-before', 6],
  ['status-502-after', 6],
  ['status-503-before', 5],
  ['status-503-after', 5],
  ['status-504-before', 6],
  ['status-504-after', 6],
  ['truncated-length-before', 3],
  ['truncated-length-after', 5],
  ['truncated-chunked-before', 3],
  ['truncated-chunked-after', 5],
  ['reset-in-body-before', 3],
  ['reset-in-body-after', 5],
  ['slow-body-endless-before', 2],
  ['slow-body-endless-after', 2],
  ['huge-body-after', 1],
  ['gzip-bomb-before', 1],
  ['gzip-bomb-after', 1],
  // From here on nothing counts as a failure.
  ['truncated-json-before', 4],
  ['truncated-json-after', 6],
  ['html-200-before', 6],
  ['html-200-after', 6],
  ['empty-body-before', 6],
  ['empty-body-after', 6],
  ['message-null-string-before', 2],
  ['message-null-string-after', 2],
  ['status-object-before', 3],
  ['status-object-after', 3],
  ['status-list-before', 1],
  ['status-list-after', 1],
  ['response-object-before', 3],
  ['response-object-after', 3],
  ['message-deep-list-before', 2],
  ['message-deep-list-after', 2],
  ['message-deep-object-before', 2],
  ['message-deep-object-after', 2],
  ['json-null-before', 1],
  ['json-null-after', 1],
  ['json-deep-before', 1],
  ['json-deep-after', 1],
  ['error-deep', 2],
  ['entries-one-odd', 3],
  ['entries-odd-msg', 2],
  ['entries-odd-values', 2],
  ['slow-head', 5, { latencyMs: 120 }],
  ['slow-body', 5, { latencyMs: 120 }],
  ['stale-keep-alive', 6],
  ['stale-keep-alive-late', 6],
  ['stale-keep-alive-rst', 6],
  ['connection-close', 3],
  ['http-1.0', 3],
  ['interim-response', 2],
  ['gzip-json', 2],
  ['gzip-error', 1],
  ['deflate-raw-json', 1],
  ['br-json', 1],
  ['br-error', 1],
  ['gzip-in-name-only', 1],
  ['gzip-cut-before', 1],
  ['gzip-cut-after', 1],
  ['gzip-damaged-before', 1],
  ['gzip-damaged-after', 1],
  ['zstd-json-before', 1],
  ['zstd-json-after', 1],
  ['warning-json', 2],
  ['warning-error', 1],
  ['trailing-warning-before', 1],
  ['trailing-warning-after', 1],
  ['two-documents-before', 1],
  ['two-documents-after', 1],
  ['cut-then-error-before', 1],
  ['cut-then-error-after', 2],
  ['notice-success-json', 1],
  ['list-cut-then-error-before', 1],
  ['list-cut-then-error-after', 1],
  ['praise-then-error-before', 1],
  ['praise-then-error-after', 1],
  ['fatal-then-error-before', 1],
  ['fatal-then-error-after', 2],
  ['entries-shuffled', 3],
  ['entries-shuffled-no-index', 3],
  ['entries-no-index', 2],
  ['entries-one-based', 4],
  ['entries-duplicate-index', 4],
  ['entries-missing-one', 5],
  ['entries-missing-one-no-index', 4],
  ['entries-missing-all', 4],
  ['entries-extra', 3],
  ['entries-masked-phone', 3],
  ['entries-normalised-phone', 3],
  ['partial-error', 6],
  ['message-object', 2],
  ['message-success-string', 3],
  ['status-absent', 2],
  ['wrong-date', 6],
  ['max-limit', 5],
  ['process-running', 3],
  ['status-429', 4],
  ['status-408', 3],
  ['status-413', 1],
  ['early-response', 3],
  ['early-response-close', 2],
  ['error-unknown-text', 2],
  ['error-echo-key', 2],
  // The rest of its mutation is refused with it.
  ['account-refused', 0.3],
  ['redirect-301', 2],
  ['redirect-302', 3],
  ['redirect-303', 2],
  ['redirect-307', 2],
  ['redirect-308', 2],
  // A pause for the whole account each.
  ['status-429-retry-after-seconds', 1, { retryAfter: 1 }],
  ['status-429-retry-after-seconds', 2, { retryAfter: 2 }],
  ['status-429-retry-after-date', 1, { retryAfter: 1 }],
  ['status-503-retry-after', 1, { retryAfter: 1 }],
];

const onList: Weights = [
  ['hang-before', 3],
  ['reset-before', 3],
  ['close-on-headers', 2],
  ['status-500-before', 3],
  ['status-503-before', 2],
  ['truncated-json-after', 3],
  ['truncated-chunked-after', 2],
  ['empty-body-after', 2],
  ['br-json', 3],
  ['gzip-cut-after', 2],
  ['warning-json', 3],
  ['html-200-before', 2],
  ['message-null-string-before', 3],
  ['status-object-before', 2],
  ['response-object-after', 1],
  ['message-deep-list-before', 1],
  ['json-null-before', 1],
  ['latency', 4, { latencyMs: 200 }],
];

/** A deletion may be carried out and not answered, or later, or not at all. */
const onDeletion: Weights = [
  ['hang-before', 3],
  ['hang-after', 4],
  ['reset-before', 4],
  ['reset-after', 4],
  ['reset-on-headers', 2],
  ['close-before', 2],
  ['close-after', 2],
  ['half-open-before', 1],
  ['half-open-after', 2],
  ['late-accept', 3, { latencyMs: 100 }],
  ['late-accept', 3, { latencyMs: lateMs }],
  ['reset-then-accept', 3, { latencyMs: 100 }],
  ['reset-then-accept', 3, { latencyMs: lateMs }],
  ['status-500-before', 3],
  ['status-500-after', 3],
  ['status-503-before', 2],
  ['status-502-after', 3],
  ['truncated-json-before', 2],
  ['truncated-json-after', 3],
  ['html-200-before', 2],
  ['html-200-after', 3],
  ['empty-body-before', 2],
  ['empty-body-after', 3],
  ['message-null-string-after', 1],
  ['status-object-after', 1],
  ['warning-json', 2],
  ['br-json', 1],
  ['max-limit', 3],
  ['process-running', 2],
  ['status-429', 3],
  ['error-unknown-text', 1],
  ['latency', 5, { latencyMs: 150 }],
];

/** None of them makes a token: the sandbox has ten an hour, and every restart of the app may cost one. */
const onToken: Weights = [
  ['hang-before', 1],
  ['reset-before', 1],
  ['status-500-before', 1],
  ['garbage-before', 1],
];
/** In a run: each costs one of ten tokens. */
const maxTokenFaults = 3;
/** For each request with rows. */
const listFaultShare = 0.02;
/** For each request with rows, where records are changed. */
const deletionFaultShare = 0.25;

export interface FaultStream {
  /** What some more requests are to meet. `share` of the table's frequency. `calmMs`: what the others take at most. */
  portion(requests: number, share?: number, calmMs?: number): ScriptedFault[];
}

/** `requests`: how many a run makes, roughly. `changes`: whether records are changed. */
export function createFaultStream(seed: number, requests: number, changes = false): FaultStream {
  const random = createRandom(seed, 'faults');
  const deleting = createRandom(seed, 'deletions');
  const weighed = onSchedule.reduce((sum, [, weight]) => sum + weight, 0);
  let tokenFaultsLeft = maxTokenFaults;

  return {
    portion(count, share = 1, calmMs = 12) {
      const faults: ScriptedFault[] = [];
      for (let n = 0; n < count; n++) {
        if (random.chance((weighed / 1000) * share)) {
          const fault = draw(onSchedule, random);
          faults.push(fault);
          // What waited for the end of a pause is the next to come.
          if (fault.retryAfter !== undefined) faults.push({ fault: 'reset-then-accept', latencyMs: lateMs });
        } else faults.push({ fault: filler, latencyMs: random.below(calmMs) });
        if (random.chance(listFaultShare * share))
          faults.push({ ...draw(onList, random), on: 'scheduledData' });
        if (changes && deleting.chance(deletionFaultShare * share))
          faults.push({ ...draw(onDeletion, deleting), on: 'deleteScheduledData' });
        if (tokenFaultsLeft > 0 && random.chance((2 * maxTokenFaults) / requests)) {
          tokenFaultsLeft--;
          faults.push({ ...draw(onToken, random), on: 'token' });
        }
      }
      return faults;
    },
  };
}

function draw(weights: Weights, random: Random): ScriptedFault {
  let at = random.next() * weights.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [fault, weight, terms] of weights) {
    at -= weight;
    if (at < 0) return { fault, ...terms };
  }
  return { fault: filler };
}
