// One query as a hook: asked anew when its variables change, and when it is told to. An answer that comes too late is not shown.

import { ask } from '@dialgraph/client';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { useCallback, useEffect, useState } from 'react';
import { useSession } from './session.tsx';

export interface Asked<Data> {
  /** The last answer, also while the next one is on its way. */
  data: Data | null;
  /** What was thrown: see errors.ts of the client. */
  error: Error | null;
  isAsking: boolean;
  askAgain(): void;
}

/** `variables` must be the same object for as long as they are the same: useMemo. Null: nothing is asked. */
export function useAnswer<Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables | null,
): Asked<Data> {
  const { transport } = useSession();
  const [round, setRound] = useState(0);
  const [data, setData] = useState<Data | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const [isAsking, setAsking] = useState(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` has it asked again
  useEffect(() => {
    if (variables === null) return;
    const controller = new AbortController();
    setAsking(true);
    ask(transport, document, variables, controller.signal)
      .then(
        (answer) => {
          if (controller.signal.aborted) return;
          setData(answer.data);
          setError(null);
        },
        (reason: Error) => {
          if (!controller.signal.aborted) setError(reason);
        },
      )
      .finally(() => {
        if (!controller.signal.aborted) setAsking(false);
      });
    return () => controller.abort();
  }, [transport, document, variables, round]);

  return { data, error, isAsking, askAgain: useCallback(() => setRound((n) => n + 1), []) };
}
