// An import's mutations: each resolves to the import as it is then. All but the start may be sent again as they are.

import { MalformedAnswerError, NetworkError, RequestRefusedError } from './errors.ts';
import {
  CancelImportDocument,
  ConfirmImportDocument,
  type ConfirmImportInput,
  ImportDocument,
  type ImportStateFragment,
  PauseImportDocument,
  ResumeImportDocument,
  StartImportDocument,
  type StartImportInput,
} from './generated/graphql.ts';
import { ask, type Transport } from './transport.ts';

/** An import at one moment. */
export type Import = ImportStateFragment;

/** With an `idempotencyKey` it may be sent again as it is, and starts nothing twice. */
export async function startImport(
  transport: Transport,
  input: StartImportInput,
  signal?: AbortSignal,
): Promise<Import> {
  const { data } = await ask(transport, StartImportDocument, { input }, signal);
  return importOf(data.startImport);
}

export async function confirmImport(
  transport: Transport,
  input: ConfirmImportInput,
  signal?: AbortSignal,
): Promise<Import> {
  const { data } = await ask(transport, ConfirmImportDocument, { input }, signal);
  return importOf(data.confirmImport);
}

export async function pauseImport(transport: Transport, id: string, signal?: AbortSignal): Promise<Import> {
  return importOf((await ask(transport, PauseImportDocument, { id }, signal)).data.pauseImport);
}

export async function resumeImport(transport: Transport, id: string, signal?: AbortSignal): Promise<Import> {
  return importOf((await ask(transport, ResumeImportDocument, { id }, signal)).data.resumeImport);
}

export async function cancelImport(transport: Transport, id: string, signal?: AbortSignal): Promise<Import> {
  return importOf((await ask(transport, CancelImportDocument, { id }, signal)).data.cancelImport);
}

/** Rejects with a RequestRefusedError where there is none, or the credential may not use its campaign. */
export async function findImport(transport: Transport, id: string, signal?: AbortSignal): Promise<Import> {
  const found = (await ask(transport, ImportDocument, { id }, signal)).data.import;
  if (found === null || found === undefined)
    throw new RequestRefusedError(
      'NOT_FOUND',
      'There is no such import, or your credential may not use its campaign.',
    );
  return found;
}

function importOf(
  answer: { __typename: 'ImportPayload'; import: Import } | { __typename: string } | null | undefined,
): Import {
  if (answer === null || answer === undefined)
    throw new MalformedAnswerError('The mutation was not answered.');
  if ('import' in answer) return answer.import;
  const { __typename: kind, message = `The request was refused: ${kind}` } = answer as {
    __typename: string;
    message?: string;
  };
  // It does not know whether this was done.
  if (kind === 'ImportsUnavailableError') throw new NetworkError(message);
  throw new RequestRefusedError(kind, message);
}
