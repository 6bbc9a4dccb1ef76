// A decision: what the upstream would answer to a call, and what that answer changes.
// The decision itself changes nothing, `commit` does. A fault can therefore answer and accept nothing, accept and answer nothing,
// or accept a part.

export type ReplyBody = Readonly<Record<string, unknown>>;

export interface Decision {
  readonly reply: ReplyBody;
  /** The text of a reply that is too long to be written at once. */
  readonly pieces?: () => Iterable<string>;
  /** Rows in the request, accepted or not. */
  readonly rows: number;
  /** Carries out what the reply says. With a limit, only for the request's rows before that index. */
  commit(limit?: number): void;
}

export function answered(reply: ReplyBody): Decision {
  return { reply, rows: 0, commit() {} };
}

export function refused(message: unknown, status = 'error'): Decision {
  return answered({ status, message });
}
