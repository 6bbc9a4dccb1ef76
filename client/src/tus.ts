// A file on its way to the server by the tus protocol: https://tus.io/protocols/resumable-upload
// States of the offset: unknown (at the beginning, and after whatever failed: the server is asked with HEAD) → known (the next piece
// goes with PATCH) → the file's end.

import { FileUnreadableError, MalformedAnswerError, NetworkError } from './errors.ts';
import { failureOf, parseAnswer } from './failures.ts';
import { type Endpoint, request, textOf } from './http.ts';
import { again, type Patience } from './retry.ts';

export interface FileOnItsWay {
  file: Blob;
  endpoint: Endpoint;
  /** Relative to the endpoint. */
  uploadUrl: string;
  /** Bytes that the server has. */
  onSent(bytes: number): void;
}

/** Pieces take about a second each, for the progress to be seen. Many proxies take a mebibyte, and no more. */
const smallestPiece = 65_536;
const firstPiece = 262_144;
const largestPiece = 1_048_576;
const shortMs = 500;
const longMs = 2000;

const tus = { 'tus-resumable': '1.0.0' };

/**
 * Resolves when the server has all of it. Rejects with a RequestRefusedError where no file is awaited any more, and with a
 * FileUnreadableError, UnauthenticatedError, ForbiddenError or TooLargeError.
 */
export async function sendFile(way: FileOnItsWay, patience: Patience): Promise<void> {
  const { file, onSent } = way;
  const { signal } = patience;
  let known: number | null = null;
  let piece = firstPiece;

  const step = async (): Promise<number> => {
    const offset = known;
    // Whatever fails now, the server knows how far it came.
    known = null;
    if (offset === null) return offsetOf(way, signal);
    const body = await read(file, offset, Math.min(offset + piece, file.size));
    const at = performance.now();
    piece = Math.max(piece / 2, smallestPiece);
    const next = await sendPiece(way, offset, body, signal);
    const tookMs = performance.now() - at;
    if (tookMs < longMs) piece = Math.min(piece * (tookMs < shortMs ? 4 : 2), largestPiece);
    return next;
  };

  // An empty file has come when an empty piece has.
  if (file.size === 0) known = 0;
  do {
    known = await again(step, patience);
    onSent(known);
  } while (known < file.size);
}

async function offsetOf({ endpoint, uploadUrl, file }: FileOnItsWay, signal: AbortSignal): Promise<number> {
  const response = await request(endpoint, uploadUrl, { method: 'HEAD', headers: tus, signal });
  if (!response.ok) throw refusalOf(response);
  return offsetIn(response, file);
}

async function sendPiece(
  { endpoint, uploadUrl, file }: FileOnItsWay,
  offset: number,
  body: ArrayBuffer,
  signal: AbortSignal,
): Promise<number> {
  const response = await request(endpoint, uploadUrl, {
    method: 'PATCH',
    headers: {
      ...tus,
      'content-type': 'application/offset+octet-stream',
      'upload-offset': String(offset),
    },
    body,
    signal,
  });
  const text = await textOf(response, signal).catch(() => '');
  if (!response.ok) throw refusalOf(response, text);
  return offsetIn(response, file);
}

async function read(file: Blob, from: number, to: number): Promise<ArrayBuffer> {
  try {
    return await file.slice(from, to).arrayBuffer();
  } catch (error) {
    throw new FileUnreadableError(`The file cannot be read any more: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function offsetIn({ headers }: Response, file: Blob): number {
  const offset = Number(headers.get('upload-offset') ?? Number.NaN);
  if (!Number.isInteger(offset) || offset < 0 || offset > file.size)
    throw new MalformedAnswerError('The server does not tell how much of the file it has.');
  return offset;
}

/**
 * What is in the way of a file passes, or it is asked where to go on: another connection may still send, or may have sent all. What
 * answers HEAD has no body: then JSON is the server's own word.
 */
function refusalOf({ status, headers }: Response, text?: string): Error {
  const isOwnHead = text === undefined && headers.get('content-type')?.includes('json');
  const [first] = isOwnHead
    ? [{ message: `HTTP ${status}`, extensions: { code: codesOfHead.get(status) } }]
    : (parseAnswer(text ?? '')?.errors ?? []);
  const failure =
    status === 400 || status === 409 ? undefined : failureOf(status, first, headers.get('retry-after'));
  return failure ?? new NetworkError(first?.message ?? `HTTP ${status}`);
}

const codesOfHead = new Map([
  [403, 'FORBIDDEN'],
  [404, 'NOT_FOUND'],
  [412, 'TUS_VERSION_NEEDED'],
]);
