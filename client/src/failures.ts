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

/** Of an answer that never reached GraphQL. A 500 may come from a proxy after the server has done its work. */
export function failureOf(status: number, message: string, retryAfter: string | null): Error | undefined {
  switch (status) {
    case 401:
      return new UnauthenticatedError(message);
    case 403:
      return new ForbiddenError(message);
    case 413:
      return new TooLargeError(message);
    case 429:
    case 503:
    case 507:
      return new BusyError(message, secondsOf(retryAfter));
    case 404:
    case 405:
    case 406:
    case 412:
    case 415:
      return new RequestRefusedError(`HTTP_${status}`, message);
    default:
      return status >= 500 ? new NetworkError(message) : undefined;
  }
}

function secondsOf(retryAfter: string | null): number | null {
  const number = Number(retryAfter ?? Number.NaN);
  // Else it is a date, as HTTP writes one.
  const seconds = Number.isNaN(number) ? (Date.parse(retryAfter ?? '') - Date.now()) / 1000 : number;
  return seconds > 0 && Number.isFinite(seconds) ? seconds : null;
}

/** Of clients of other makers: what they throw has the status of HTTP somewhere, or the errors of the answer. */
export function errorOfClient(error: unknown): Error {
  const { statusCode, status, response, networkError, errors, graphQLErrors, message } = error as {
    statusCode?: number;
    status?: number;
    response?: { status?: number; headers?: Headers };
    networkError?: unknown;
    errors?: readonly AnswerError[] | undefined;
    graphQLErrors?: readonly AnswerError[] | undefined;
    message?: string;
  };
  const [first] = errors ?? graphQLErrors ?? [];
  const code = statusCode ?? status ?? response?.status;
  const failure =
    typeof code === 'number'
      ? failureOf(code, message ?? `HTTP ${code}`, response?.headers?.get?.('retry-after') ?? null)
      : undefined;
  if (failure !== undefined) return failure;
  if (first !== undefined) return errorOfAnswer(first);
  if (networkError) return errorOfClient(networkError);
  return new NetworkError(message ?? String(error), { cause: error });
}

export function errorOfAnswer({ message, extensions }: AnswerError): Error {
  const code = typeof extensions?.code === 'string' ? extensions.code : '';
  const isUnknownOperation =
    ['GRAPHQL_VALIDATION_FAILED', 'PERSISTED_OPERATION_NOT_FOUND'].includes(code) ||
    /^(Cannot query field|Unknown (type|argument|fragment)|Field ".*" is not defined|Schema is not configured to)/.test(
      message,
    );
  if (isUnknownOperation) return new ServerTooOldError(`The server does not know this operation: ${message}`);
  if (code === 'UNAUTHENTICATED') return new UnauthenticatedError(message);
  if (code === 'FORBIDDEN') return new ForbiddenError(message);
  // Its store is out of reach for the moment.
  if (code === 'IMPORTS_UNAVAILABLE') return new NetworkError(message);
  // Whatever failed may have done its work.
  if (code === '' || code === 'INTERNAL_SERVER_ERROR') return new MalformedAnswerError(message);
  return new RequestRefusedError(code, message);
}
