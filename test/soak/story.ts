// What every key was asked and told, try by try, and what is still open of it. The verdict stands in verdict.ts.

import type { Result, Try } from './caller.ts';
import type { PlannedMutation } from './mutations.ts';

export type ViolationKind =
  | 'lost'
  | 'twice'
  | 'false'
  | 'changed'
  | 'shape'
  | 'unanswered'
  | 'unsettled'
  | 'leak'
  | 'died';

export interface Violation {
  readonly kind: ViolationKind;
  readonly text: string;
}

/** Everything that happened to one key. */
export interface KeyStory {
  readonly mutation: PlannedMutation;
  /** In the order in which they began. */
  readonly tries: Try[];
}

export interface Stories {
  readonly all: ReadonlyMap<string, KeyStory>;
  readonly violations: Violation[];
  /** Notes that a request is on its way. */
  begin(mutation: PlannedMutation, attempt: Try): void;
  /** Notes something that went wrong besides. */
  blame(kind: ViolationKind, text: string): void;
  /** Mutations with records whose last answer invites to send them again, or does not say what became of them. */
  open(kinds: readonly Openness[]): PlannedMutation[];
}

export function createStories(): Stories {
  const all = new Map<string, KeyStory>();
  const violations: Violation[] = [];
  return {
    all,
    violations,
    begin(mutation, attempt) {
      const story = all.get(mutation.key) ?? { mutation, tries: [] };
      story.tries.push(attempt);
      all.set(mutation.key, story);
    },
    blame: (kind, text) => violations.push({ kind, text }),
    open: (kinds) =>
      [...all.values()]
        .filter((story) => lastOf(story)?.payload?.results.some((result) => kinds.includes(openness(result))))
        .map(({ mutation }) => mutation),
  };
}

/** The answer that came last; undefined where none came. */
export function lastOf({ tries }: KeyStory): Try | undefined {
  return tries.reduce<Try | undefined>(
    (last, attempt) => (attempt.payload !== null && attempt.endedAt >= (last?.endedAt ?? 0) ? attempt : last),
    undefined,
  );
}

export type Openness = 'settled' | 'unknown' | 'retryable';

/** What asking again may do about a result. */
export function openness(result: Result): Openness {
  if (result.__typename === 'OutcomeUnknownError') return 'unknown';
  return 'retryable' in result && result.retryable ? 'retryable' : 'settled';
}

/** What is wrong with an answer's form, or null. */
export function shapeOf({ leads }: PlannedMutation, payload: NonNullable<Try['payload']>): string | null {
  const { results, summary } = payload;
  if (results.length !== leads.length || summary.total !== leads.length)
    return `${results.length} results for ${leads.length} records`;
  const { scheduled, valid, failed, skipped, unknown, total } = summary;
  if (scheduled + valid + failed + skipped + unknown !== total) return 'a summary that does not add up';
  if (results.filter(({ __typename }) => __typename === 'ScheduledRecord').length !== scheduled)
    return 'a summary that counts otherwise';
  for (const [at, result] of results.entries()) {
    const lead = leads[at];
    if (!('index' in result) || result.index !== at) return `result ${at} has another index`;
    if (result.reference !== lead?.record.reference) return `result ${at} has another reference`;
    if (result.__typename === 'ScheduledRecord' && !result.phoneNumber.endsWith(lead?.number ?? ''))
      return `result ${at} has another number`;
  }
  return null;
}
