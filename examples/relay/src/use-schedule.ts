// One lead, sent under a key. A request whose answer was lost is kept, over a reload too, until the same request under the same key is
// answered: nobody is called twice.

import { useState } from 'react';
import { graphql, useMutation } from 'react-relay';
import type {
  ScheduleCampaignDataInput,
  useScheduleMutation,
} from './__generated__/useScheduleMutation.graphql.ts';
import { isLost, isSignedOut } from './failure.tsx';

export type Answer = NonNullable<useScheduleMutation['response']['scheduleCampaignData']>;
export type Result = NonNullable<Answer['payload']>['results'][number];

const storageKey = 'dialgraph pending lead of relay';

/** `mayBeDone`: it was sent before, and nobody knows what became of it. */
interface Request {
  input: ScheduleCampaignDataInput;
  mayBeDone: boolean;
}

function readPending(): Request | null {
  const text = sessionStorage.getItem(storageKey);
  return text === null ? null : { input: JSON.parse(text), mayBeDone: true };
}

export function useSchedule(onScheduled: () => void) {
  // An alias keeps what is selected through an interface apart, and typed. The server says which types are errors, those to come too.
  const [commit, isSending] = useMutation<useScheduleMutation>(graphql`
    mutation useScheduleMutation($input: ScheduleCampaignDataInput!) {
      scheduleCampaignData(input: $input) {
        __typename
        ... on ScheduleCampaignDataPayload @alias(as: "payload") {
          results {
            __typename
            ... on ScheduledRecord @alias(as: "scheduled") {
              phoneNumber
              dialerTime
            }
            ... on RecordError @alias(as: "error") {
              code
              message
              problems { field reason message }
            }
          }
        }
        ... on RequestError @alias(as: "refusal") {
          message
        }
      }
    }
  `);
  const [pending, setPending] = useState(readPending);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [error, setError] = useState<Error | null>(null);

  const keep = (request: Request | null) => {
    if (request === null) sessionStorage.removeItem(storageKey);
    else sessionStorage.setItem(storageKey, JSON.stringify(request.input));
    setPending(request);
  };
  /** A refusal says nothing of what was sent before. */
  const refused = (request: Request) => keep(request.mayBeDone ? request : null);

  const send = (request: Request) => {
    keep(request);
    setAnswer(null);
    setError(null);
    commit({
      variables: { input: request.input },
      onCompleted({ scheduleCampaignData }) {
        setAnswer(scheduleCampaignData ?? null);
        const result = scheduleCampaignData?.payload?.results[0];
        if (result === undefined) refused(request);
        else if (result.error?.code === 'OUTCOME_UNKNOWN') keep({ ...request, mayBeDone: true });
        else keep(null);
        if (result?.scheduled) onScheduled();
      },
      onError(reason) {
        setError(reason);
        if (isLost(reason)) keep({ ...request, mayBeDone: true });
        // It goes again once one has signed in.
        else if (!isSignedOut(reason)) refused(request);
      },
    });
  };

  return {
    isSending,
    /** Null: the next one may be sent. */
    unsettled: isSending ? null : pending,
    answer,
    error,
    schedule: (input: Omit<ScheduleCampaignDataInput, 'idempotencyKey'>) =>
      send({ input: { ...input, idempotencyKey: crypto.randomUUID() }, mayBeDone: false }),
    sendAgain: () => pending && send(pending),
  };
}
