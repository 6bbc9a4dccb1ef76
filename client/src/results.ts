// What became of each record: results by their kind.

import type { ScheduleMutation } from './generated/graphql.ts';
import { possibleTypes } from './generated/possible-types.ts';

export type SchedulePayload = Extract<
  NonNullable<ScheduleMutation['scheduleCampaignData']>,
  { __typename: 'ScheduleCampaignDataPayload' }
>;

/** What became of one record that was to be scheduled. */
export type RecordResult = SchedulePayload['results'][number];

/** Anything with a kind. */
export interface Kind {
  __typename: string;
}

/** What every error of a record has, also one of a kind that this version does not know. */
export interface RecordErrorFields extends Kind {
  index: number;
  code: string;
  message: string;
  retryable: boolean;
}

type ErrorOf<Result> = Extract<Result, { code: unknown; retryable: unknown }>;

/** Whether a result is an error, also of a kind that a newer server has. */
export function isRecordError<Result extends Kind>(result: Result): result is ErrorOf<Result> {
  return 'code' in result && 'retryable' in result;
}

type Of<Result extends Kind, Name extends string> = Extract<Result, { __typename: Name }>;
type ErrorName<Result extends Kind> = ErrorOf<Result>['__typename' & keyof ErrorOf<Result>] & string;
type OtherName<Result extends Kind> = Exclude<Result['__typename'], ErrorName<Result>>;

/**
 * A function for each kind; of the errors, for those that the page treats in a way of their own, and `RecordError` for all others.
 * `otherwise` is for kinds that a newer server has, errors or not: show its `message`, if it has one.
 */
export type Handlers<Result extends Kind, Value> = {
  [Name in OtherName<Result>]: (result: Of<Result, Name>) => Value;
} & {
  [Name in ErrorName<Result>]?: (result: Of<Result, Name>) => Value;
} & {
  RecordError: (result: ErrorOf<Result>) => Value;
  otherwise: (result: Kind & Partial<RecordErrorFields>) => Value;
};

/** Calls the function of the result's kind. It does not compile where a kind has none. */
export function match<Result extends Kind, Value>(result: Result, handlers: Handlers<Result, Value>): Value {
  const given = handlers as unknown as Record<string, (result: Kind) => Value>;
  const own = Object.hasOwn(given, result.__typename) ? given[result.__typename] : undefined;
  const isKnownError = knownErrors.has(result.__typename) && Object.hasOwn(given, 'RecordError');
  const handle = own ?? (isKnownError ? given.RecordError : given.otherwise);
  if (handle === undefined) throw new TypeError('match needs otherwise');
  return handle(result);
}

const knownErrors = new Set(possibleTypes.RecordError);

export type Problem = ErrorOf<RecordResult>['problems'][number];

/**
 * What is wrong with a record, by the field of the form that it stands beside; `''` has what speaks of no field. Empty for a
 * record that is well.
 */
export function problemsByField(result: Kind): Map<string, Problem[]> {
  const fields = new Map<string, Problem[]>();
  if (!isRecordError(result)) return fields;
  const {
    problems = [],
    message,
    field,
  } = result as unknown as {
    problems?: readonly Problem[];
    message: string;
    field?: string | null;
  };
  const told =
    problems.length > 0 ? problems : [{ field: field ?? null, reason: null, message } as unknown as Problem];
  for (const problem of told) {
    const name = problem.field ?? '';
    fields.set(name, [...(fields.get(name) ?? []), problem]);
  }
  return fields;
}
