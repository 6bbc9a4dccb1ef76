// Why a request as a whole is turned away here, before any of its records is looked at. Thrown, and answered as data.

/** More records are in flight than this process may hold. */
export class Overloaded extends Error {
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super(
      `Nothing was sent: this service is busy with as many records as it takes. Send the same request again in ${retryAfterSeconds} s.`,
    );
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The caller has scheduled as many records as its rate allows. */
export class RateLimited extends Error {
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super(
      `Nothing was sent: you have scheduled as many records as you may for now. Send the same request again in ${retryAfterSeconds} s.`,
    );
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The idempotency key stands for another request. */
export class IdempotencyConflict extends Error {
  constructor() {
    super(
      'Nothing was sent: this idempotencyKey was used for another request within the last hours. Send what was sent with it, or use a new key.',
    );
  }
}
