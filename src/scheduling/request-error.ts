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

/** The dialer has no such campaign. It was asked before anything was sent. */
export class UnknownCampaign extends Error {
  readonly campaignName: string;

  constructor(campaignName: string) {
    super(
      'Nothing was sent: the dialer has no campaign of this name. Compare the name with the dialer, where upper and lower case may matter. A campaign that was made just now is found after some seconds.',
    );
    this.campaignName = campaignName;
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
