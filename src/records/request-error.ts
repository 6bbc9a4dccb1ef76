// Why rows cannot be listed or changed at all. Thrown, and answered as data.

/** The account's API can neither list rows nor take one back. */
export class RecordsNotSupported extends Error {
  constructor() {
    super(
      "This account's dialer API (v1) can neither list scheduled records nor take one back: look in the dialer itself, or have the people who run this service move the account to v2.",
    );
  }
}

/** A dialer that fails is left alone for so long. */
const usualRetrySeconds = 5;

/** The dialer's list could not be had. Nothing was changed. */
export class RecordListUnavailable extends Error {
  readonly retryAfterSeconds: number;

  constructor(reason: string, retryAfterSeconds: number | null = null) {
    super(`The dialer's list of scheduled records could not be had: ${reason}.`);
    this.retryAfterSeconds = retryAfterSeconds ?? usualRetrySeconds;
  }
}

/** The account has more rows than are read. Nothing was changed. */
export class RecordListTooLong extends Error {
  readonly maxRecords: number;

  constructor(maxRecords: number) {
    super(
      `The dialer lists more than the ${maxRecords} scheduled records that are read here, or far longer ones, and it cannot list a part of them.`,
    );
    this.maxRecords = maxRecords;
  }
}
