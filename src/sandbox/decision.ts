// A decision: what the upstream would answer to a call, and what answering would change.
// Deciding changes nothing; `commit` does. That split is what lets a fault answer well and accept nothing, accept
// and answer nothing, or stop halfway.

export type ReplyBody = Readonly<Record<string, unknown>>;

export interface Decision {
  readonly reply: ReplyBody;
  /** Rows in the request, accepted or not. */
  readonly rows: number;
  /** Makes the reply true. With a limit, only for the rows of the request before that index. */
  commit(limit?: number): void;
}

export function answered(reply: ReplyBody): Decision {
  return { reply, rows: 0, commit() {} };
}

export function refused(message: unknown, status = 'error'): Decision {
  return answered({ status, message });
}
