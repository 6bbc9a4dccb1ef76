// What this package throws. Business failures are never thrown: they are results. Each of these says whether to ask again helps.

/** The server could not be reached, or something in between answered in its place: nobody can tell whether it did what was asked. */
export class NetworkError extends Error {
  override name = 'NetworkError';
  /** Where something in between says when to come again; else null. */
  readonly retryAfterSeconds: number | null;

  constructor(message: string, options: ErrorOptions & { retryAfterSeconds?: number | null } = {}) {
    super(message, options);
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}

/** 401, whoever says so: the credential is missing, wrong or has expired. Nothing was done. */
export class UnauthenticatedError extends Error {
  override name = 'UnauthenticatedError';
}

/** The credential does not allow this. Nothing was done. */
export class ForbiddenError extends Error {
  override name = 'ForbiddenError';
}

/** 413: the request is longer than the server takes, or a proxy in front. Nothing was done. */
export class TooLargeError extends Error {
  override name = 'TooLargeError';
}

/** The server asks to come again later. Nothing was done. */
export class BusyError extends Error {
  override name = 'BusyError';
  /** Null where it does not say when. */
  readonly retryAfterSeconds: number | null;

  constructor(message: string, retryAfterSeconds: number | null) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The server does not know the operation: it is older than this package. Nothing was done. */
export class ServerTooOldError extends Error {
  override name = 'ServerTooOldError';
}

/** The request as a whole was refused: an unknown campaign, a key that stands for other records, a value of a wrong type. Nothing was done now. */
export class RequestRefusedError extends Error {
  override name = 'RequestRefusedError';
  /** The type's name in the schema, such as `UnknownCampaignError`; else the error's code, such as `BAD_USER_INPUT`. */
  readonly kind: string;

  constructor(kind: string, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** What came is no answer that this package can read. Nobody can tell whether the server did what was asked. */
export class MalformedAnswerError extends Error {
  override name = 'MalformedAnswerError';
}

/** Another tab, or another call in this one, works on the same job. */
export class JobRunsElsewhereError extends Error {
  override name = 'JobRunsElsewhereError';
}

/** What must outlive the page cannot be saved: IndexedDB is full, or forbidden. Nothing was sent since. */
export class StoreUnavailableError extends Error {
  override name = 'StoreUnavailableError';
}

/** The records, or how they are to be scheduled, are not those that the job was begun with. Nothing was sent. */
export class OtherRecordsError extends Error {
  override name = 'OtherRecordsError';
}

/** The file is not the one that the upload was begun with. Nothing was sent of it. */
export class OtherFileError extends Error {
  override name = 'OtherFileError';
}

/** The file cannot be read any more: it was changed, moved or removed. Ask for it again, and go on. */
export class FileUnreadableError extends Error {
  override name = 'FileUnreadableError';
}
