// A scheduled record, which can be cancelled. One that is cancelled leaves the list as the store has it: no list is asked for again.

import { useRef, useState } from 'react';
import { graphql, useFragment, useMutation } from 'react-relay';
import { ConnectionHandler, type RecordSourceSelectorProxy } from 'relay-runtime';
import { Pill } from '../../web/src/parts/pill.tsx';
import type { recordRow_record$key } from './__generated__/recordRow_record.graphql.ts';
import type { recordRowCancelMutation } from './__generated__/recordRowCancelMutation.graphql.ts';
import { isSignedOut, messageOf } from './failure.tsx';
import { t } from './texts.ts';

type Response = recordRowCancelMutation['response'];

const tones: Record<string, 'good' | 'bad' | 'plain'> = { ADDED: 'good', REJECTED: 'bad' };

interface RecordRowProps {
  record: recordRow_record$key;
  /** The list's id in the store. */
  connection: string;
  onCancelled(message: string): void;
}

export function RecordRow({ record: key, connection, onCancelled }: RecordRowProps) {
  const record = useFragment(
    graphql`
      fragment recordRow_record on CampaignRecord {
        __id
        id
        phoneNumber
        dialerTime
        campaignName
        headers { header value }
        handoff { status dialerMessage }
      }
    `,
    key,
  );
  const { problem, isCancelling, cancel } = useCancel(record, connection, onCancelled);
  const { phoneNumber, dialerTime, campaignName, headers, handoff } = record;
  const [, name, time, campaign, state] = t.records.columns;
  return (
    <tr>
      <th scope="row">{phoneNumber}</th>
      <td data-label={name}>{headers.find(({ header }) => header === 'Name')?.value ?? '–'}</td>
      <td data-label={time}>{dialerTime}</td>
      <td data-label={campaign}>{campaignName}</td>
      <td data-label={state}>
        <Pill tone={tones[handoff.status] ?? 'plain'}>{t.handoffOf(handoff.status)}</Pill>
        {handoff.dialerMessage && <p className="hint">{handoff.dialerMessage}</p>}
      </td>
      <td>
        {handoff.status === 'PENDING' && (
          <button
            type="button"
            className="danger"
            aria-label={t.records.cancelOf(phoneNumber, dialerTime)}
            disabled={isCancelling}
            onClick={cancel}
          >
            {t.records.cancel}
          </button>
        )}
        {problem && (
          <p className="problems" role="alert">
            {problem}
          </p>
        )}
      </td>
    </tr>
  );
}

function useCancel(
  { __id, id, phoneNumber }: { __id: string; id: string; phoneNumber: string },
  connection: string,
  onCancelled: (message: string) => void,
) {
  const [commit, isCancelling] = useMutation<recordRowCancelMutation>(graphql`
    mutation recordRowCancelMutation($input: CancelCampaignRecordsInput!) {
      cancelCampaignRecords(input: $input) {
        __typename
        ... on CancelCampaignRecordsPayload @alias(as: "payload") {
          results {
            __typename
            ... on RecordError @alias(as: "error") {
              code
              message
            }
          }
        }
        ... on RequestError @alias(as: "refusal") {
          message
        }
      }
    }
  `);
  const [problem, setProblem] = useState('');
  const [error, setError] = useState<Error | null>(null);
  // Made once for a press of the button, and kept until it is known what became of it.
  const idempotencyKey = useRef<string>(undefined);
  if (error !== null) throw error;

  const cancel = () => {
    idempotencyKey.current ??= crypto.randomUUID();
    setProblem('');
    commit({
      variables: { input: { ids: [id], idempotencyKey: idempotencyKey.current } },
      updater(store, response) {
        if (response && isGone(response)) removeFromList(store, connection, __id);
      },
      onCompleted(response) {
        if (resultOf(response)?.error?.code !== 'OUTCOME_UNKNOWN') idempotencyKey.current = undefined;
        if (isGone(response)) return onCancelled(t.records.cancelled(phoneNumber));
        setProblem(problemOf(response));
      },
      onError(reason) {
        if (isSignedOut(reason)) setError(reason);
        else setProblem(messageOf(reason));
      },
    });
  };
  return { problem, isCancelling, cancel };
}

function resultOf({ cancelCampaignRecords: answer }: Response) {
  return answer?.payload?.results[0];
}

/** Nobody is called for a record that is not there, whoever cancelled it. */
function isGone(response: Response): boolean {
  const result = resultOf(response);
  return result?.__typename === 'CancelledRecord' || result?.error?.code === 'CAMPAIGN_RECORD_NOT_FOUND';
}

function problemOf(response: Response): string {
  const answer = response.cancelCampaignRecords;
  const result = resultOf(response);
  const kind = result?.__typename ?? answer?.__typename ?? '';
  return answer?.refusal?.message ?? result?.error?.message ?? t.otherwise(kind);
}

function removeFromList(store: RecordSourceSelectorProxy, connection: string, record: string): void {
  const list = store.get(connection);
  if (!list) return;
  ConnectionHandler.deleteNode(list, record);
  list.setValue(Number(list.getValue('totalCount')) - 1, 'totalCount');
}
