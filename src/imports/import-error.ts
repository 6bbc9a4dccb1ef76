// Why a request for an import is not carried out. Thrown, and answered as data.

import type { ImportState } from './import.ts';

/** There is none of this id, or the caller may not see it. */
export class ImportNotFound extends Error {
  readonly id: string;

  constructor(id: string) {
    super('There is no such import: it was never started, or your credential may not use its campaign.');
    this.id = id;
  }
}

/** The import is in a state in which this cannot be done. */
export class ImportStateConflict extends Error {
  readonly state: ImportState;

  constructor(state: ImportState, what: string) {
    super(`${what} The import is ${state}.`);
    this.state = state;
  }
}

/** As many imports of the account are under way as may be. */
export class TooManyImports extends Error {
  readonly limit: number;

  constructor(limit: number) {
    super(
      `Nothing was started: ${limit} imports are under way, which is as many as one account may have. Wait for one to end, or cancel one.`,
    );
    this.limit = limit;
  }
}

/** What is asked for cannot be: an import has other columns, say. `path`: where, within the input. */
export class InvalidImport extends Error {
  readonly path: string[];

  constructor(path: string[], message: string) {
    super(message);
    this.path = path;
  }
}

/** The store of this service is out of reach: what was asked for may or may not have been done. */
export class ImportsUnavailable extends Error {
  readonly retryAfterSeconds = 5;

  constructor(options?: ErrorOptions) {
    super(
      'This service cannot reach its store at the moment. Ask again in 5 s. If something was to be changed, nobody knows whether it was; with the same idempotencyKey nothing is started twice.',
      options,
    );
  }
}
