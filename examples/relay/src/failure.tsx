// What Relay throws: no answer, or the errors of one, which are in its `source`.

import { Notice } from './notice.tsx';
import { t } from './texts.ts';

interface Source {
  errors?: { message: string; extensions?: { code?: string } }[] | null;
}

function told(error: Error) {
  return (error as { source?: Source }).source?.errors?.[0];
}

export function isSignedOut(error: Error): boolean {
  return told(error)?.extensions?.code === 'UNAUTHENTICATED';
}

/** Whether the request may have been carried out, though nothing was told of it. */
export function isLost(error: Error): boolean {
  return (told(error)?.extensions?.code ?? 'INTERNAL_SERVER_ERROR') === 'INTERNAL_SERVER_ERROR';
}

export function messageOf(error: Error): string {
  return told(error)?.message ?? t.failure.noAnswer;
}

interface FailureProps {
  error: Error;
  onAgain?: () => void;
}

export function Failure({ error, onAgain }: FailureProps) {
  // To sign in is the business of the boundary around all.
  if (isSignedOut(error)) throw error;
  return (
    <Notice tone="bad" title={t.failure.title}>
      <p>{messageOf(error)}</p>
      {onAgain && (
        <p>
          <button type="button" onClick={onAgain}>
            {t.failure.again}
          </button>
        </p>
      )}
    </Notice>
  );
}
