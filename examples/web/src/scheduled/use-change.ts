// Cancelling and moving scheduled records, each with its own result. States: idle → running → done, refused, or lost (the answer never
// came): then the very same request is sent again under its key before anything else is, whatever refuses it on the way → done.

import {
  ask,
  type CampaignRecordsQuery,
  CancelRecordsDocument,
  isRecordError,
  RescheduleRecordsDocument,
} from '@dialgraph/client';
import { useState } from 'react';
import { announce } from '../announce.ts';
import { isLost } from '../parts/notice.tsx';
import { useSession } from '../session.tsx';
import { t } from '../texts.ts';

export type ScheduledRecord = NonNullable<
  NonNullable<CampaignRecordsQuery['campaignRecords']>['edges']
>[number]['node'];

export interface ChangeResult {
  id: string;
  /** Whether it is as it was asked for. */
  isDone: boolean;
  phoneNumber: string;
  message: string;
}

export interface Changed {
  kind: 'cancel' | 'reschedule';
  results: readonly ChangeResult[];
}

interface Request {
  kind: Changed['kind'];
  records: readonly ScheduledRecord[];
  scheduledTime: string;
  idempotencyKey: string;
}

export interface Change {
  isRunning: boolean;
  isLost: boolean;
  changed: Changed | null;
  error: Error | null;
  cancel(records: readonly ScheduledRecord[]): void;
  /** `scheduledTime`: a local time on the clock of the records' campaign. */
  reschedule(records: readonly ScheduledRecord[], scheduledTime: string): void;
  again(): void;
}

export function useChange(onChanged: (changed: Changed) => void): Change {
  const { transport } = useSession();
  const [request, setRequest] = useState<Request | null>(null);
  const [isRunning, setRunning] = useState(false);
  const [changed, setChanged] = useState<Changed | null>(null);
  const [error, setError] = useState<Error | null>(null);
  // A refusal of a later attempt does not settle what the one before may have done.
  const [mayBeDone, setMayBeDone] = useState(false);

  const send = async (given: Request) => {
    setRequest(given);
    setRunning(true);
    setError(null);
    try {
      const results = await (given.kind === 'cancel' ? cancel(given) : reschedule(given));
      const next = { kind: given.kind, results };
      setMayBeDone(false);
      setChanged(next);
      const done = results.filter(({ isDone }) => isDone).length;
      announce(t.changes.done(given.kind, done, results.length));
      onChanged(next);
    } catch (reason) {
      setError(reason as Error);
      if (isLost(reason as Error)) setMayBeDone(true);
    }
    setRunning(false);
  };

  const cancel = async ({ records, idempotencyKey }: Request): Promise<ChangeResult[]> => {
    const input = { ids: records.map(({ id }) => id), idempotencyKey };
    const { data } = await ask(transport, CancelRecordsDocument, { input });
    const answer = data.cancelCampaignRecords;
    if (answer?.__typename !== 'CancelCampaignRecordsPayload') throw new Error(answer?.message ?? '');
    return resultsOf(records, answer.results);
  };
  const reschedule = async ({ records, scheduledTime, idempotencyKey }: Request): Promise<ChangeResult[]> => {
    const input = { records: records.map(({ id }) => ({ id, scheduledTime })), idempotencyKey };
    const { data } = await ask(transport, RescheduleRecordsDocument, { input });
    const answer = data.rescheduleCampaignRecords;
    if (answer?.__typename !== 'RescheduleCampaignRecordsPayload') throw new Error(answer?.message ?? '');
    return resultsOf(records, answer.results);
  };
  const begin = (kind: Changed['kind'], records: readonly ScheduledRecord[], scheduledTime: string) =>
    void send({ kind, records, scheduledTime, idempotencyKey: crypto.randomUUID() });

  return {
    isRunning,
    isLost: mayBeDone,
    changed,
    error,
    cancel: (records) => begin('cancel', records, ''),
    reschedule: (records, scheduledTime) => begin('reschedule', records, scheduledTime),
    again() {
      if (request !== null) void send(request);
    },
  };
}

function resultsOf(
  records: readonly ScheduledRecord[],
  results: readonly { __typename: string; message: string }[],
): ChangeResult[] {
  return records.map(({ id, phoneNumber }, n) => {
    const result = results[n];
    // Nobody is called for a record that is not there.
    const isDone = result !== undefined && !isRecordError(result);
    return { id, phoneNumber, isDone, message: result?.message ?? '' };
  });
}
