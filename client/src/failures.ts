// Which of our errors a failure is: of HTTP, of a GraphQL answer, or of another maker's client.

import {
  BusyError,
  ForbiddenError,
  MalformedAnswerError,
  NetworkError,
  RequestRefusedError,
  ServerTooOldError,
  TooLargeError,
  UnauthenticatedError,
} from './errors.ts';

/** As it stands among the `errors` of an answer. */
export interface AnswerError {
  message: string;
  extensions?: Readonly<Record<string, unknown>> | undefined;
}

const ownErrors = [
  NetworkError,
  UnauthenticatedError,
  ForbiddenError,
  TooLargeError,
  BusyError,
  MalformedAnswerError,
  ServerTooOldError,
  RequestRefusedError,
];

export function isOwnError(error: unknown): error is Error {
  return ownErrors.some((one) => error instanceof one);
}

/** Not done, and not for long. */
const comeAgain = new Set([
  'REQUEST_TIMEOUT',
  'TOO_MUCH_IN_FLIGHT',
  'OVERLOADED',
  'AUTHENTICATION_UNAVAILABLE',
  'STORAGE_FULL',
]);
const tooLarge = new Set(['BODY_TOO_LARGE', 'REQUEST_TOO_LARGE', 'FILE_SIZE_DIFFERS']);

/** Undefined where a text is no answer of GraphQL, such as the page of a proxy. */
export function parseAnswer(text: string): { data?: unknown; errors?: readonly AnswerError[] } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('data' in value || 'errors' in value))
      return undefined;
    const answer = value as { errors?: readonly AnswerError[] };
    return (answer.errors ?? []).every((error) => typeof error.message === 'string') ? answer : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Of an answer of HTTP, whose errors begin with `first`. Undefined where the answer itself has to be looked at. What has a code is
 * the server's own word. Anything else comes from something in between, which may have sent the request on before.
 */
export function failureOf(
  status: number,
  first: AnswerError | undefined,
  retryAfter: string | null,
  message = first?.message ?? `HTTP ${status}`,
): Error | undefined {
  // An old server's 400 has no code.
  if (status <= 400) return undefined;
  const code = codeOf(first);
  if (first !== undefined && code !== '' && (status < 500 || comeAgain.has(code)))
    return errorOfAnswer(first, retryAfter);
  const retryAfterSeconds = secondsOf(retryAfter);
  switch (status) {
    case 401:
      return new UnauthenticatedError(message);
    case 413:
      return new TooLargeError(message);
    case 425:
    case 429:
      return new BusyError(message, retryAfterSeconds);
    default:
      return new NetworkError(message, { retryAfterSeconds });
  }
}

function codeOf(error: AnswerError | undefined): string {
  return typeof error?.extensions?.code === 'string' ? error.extensions.code : '';
}

function secondsOf(retryAfter: string | null): number | null {
  const number = Number(retryAfter ?? Number.NaN);
  // Else it is a date, as HTTP writes one.
  const seconds = Number.isNaN(number) ? (Date.parse(retryAfter ?? '') - Date.now()) / 1000 : number;
  return seconds > 0 && Number.isFinite(seconds) ? seconds : null;
}

/** Of clients of other makers: what they throw has the status of HTTP somewhere, and the answer or its errors. */
export function errorOfClient(error: unknown): Error {
  const { statusCode, status, response, networkError, bodyText, result, message, ...more } = error as {
    statusCode?: number;
    status?: number;
    response?: { status?: number; headers?: Headers; errors?: readonly AnswerError[] };
    networkError?: unknown;
    bodyText?: string;
    result?: { errors?: readonly AnswerError[] };
    errors?: readonly AnswerError[] | undefined;
    graphQLErrors?: readonly AnswerError[] | undefined;
    message?: string;
  };
  const lists = [more.errors, more.graphQLErrors, response?.errors, result?.errors];
  const [first] = [...lists, parseAnswer(bodyText ?? '')?.errors].find((list) => list?.length) ?? [];
  const code = statusCode ?? status ?? response?.status;
  const failure =
    typeof code === 'number'
      ? failureOf(code, first, response?.headers?.get?.('retry-after') ?? null, first?.message ?? message)
      : undefined;
  if (failure !== undefined) return failure;
  if (first !== undefined) return errorOfAnswer(first);
  if (networkError) return errorOfClient(networkError);
  return new NetworkError(message ?? String(error), { cause: error });
}

/** `retryAfter`: the header, where it is known. */
export function errorOfAnswer(error: AnswerError, retryAfter: string | null = null): Error {
  const { message, extensions } = error;
  const code = codeOf(error);
  const isUnknownOperation =
    ['GRAPHQL_VALIDATION_FAILED', 'PERSISTED_QUERY_NOT_FOUND'].includes(code) ||
    /^(Cannot query field|Unknown (type|argument|fragment)|Field ".*" is not defined|Schema is not configured to)/.test(
      message,
    );
  if (isUnknownOperation) return new ServerTooOldError(`The server does not know this operation: ${message}`);
  if (code === 'UNAUTHENTICATED') return new UnauthenticatedError(message);
  if (code === 'FORBIDDEN') return new ForbiddenError(message);
  if (tooLarge.has(code)) return new TooLargeError(message);
  if (comeAgain.has(code)) {
    const { retryAfterSeconds } = extensions as { retryAfterSeconds?: unknown };
    return new BusyError(
      message,
      typeof retryAfterSeconds === 'number' ? retryAfterSeconds : secondsOf(retryAfter),
    );
  }
  // Its store is out of reach for the moment.
  if (code === 'IMPORTS_UNAVAILABLE') return new NetworkError(message);
  // Whatever failed may have done its work.
  if (code === '' || code === 'INTERNAL_SERVER_ERROR') return new MalformedAnswerError(message);
  return new RequestRefusedError(code, message);
}
