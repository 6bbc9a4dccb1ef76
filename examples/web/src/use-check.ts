// A record checked while a person types: a moment after the last key, and never an older answer over a newer one.

import { ask, type CampaignRecordInput, ValidateDocument, type ValidateQuery } from '@dialgraph/client';
import { useEffect, useState } from 'react';
import { useSession } from './session.tsx';

/** What the check made of one record. */
export type Checked = Extract<
  NonNullable<ValidateQuery['validateCampaignData']>,
  { __typename: 'ScheduleCampaignDataPayload' }
>['results'][number];

const debounceMs = 350;

export interface Check {
  /** Of the record as it stands now; null: not known yet. */
  result: Checked | null;
  isChecking: boolean;
  /** Why it cannot be checked. It can be sent all the same: the server checks it anyway. */
  error: Error | null;
}

interface Answer extends Omit<Check, 'isChecking'> {
  of: string;
}

const none: Answer = { of: '', result: null, error: null };

/** `record` null: nothing is checked. */
export function useCheck(campaignName: string, record: CampaignRecordInput | null): Check {
  const { transport } = useSession();
  const [answer, setAnswer] = useState(none);
  const text = record === null ? '' : JSON.stringify({ campaignName, records: [record] });
  useEffect(() => {
    if (text === '') return;
    const controller = new AbortController();
    const show = (next: Omit<Answer, 'of'>) => {
      if (!controller.signal.aborted) setAnswer({ ...next, of: text });
    };
    const timer = setTimeout(() => {
      ask(transport, ValidateDocument, { input: JSON.parse(text) }, controller.signal).then(
        ({ data: { validateCampaignData: checked } }) => {
          if (checked?.__typename === 'ScheduleCampaignDataPayload')
            show({ result: checked.results[0] ?? null, error: null });
          else show({ result: null, error: new Error(checked?.message) });
        },
        (error: Error) => show({ result: null, error }),
      );
    }, debounceMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [transport, text]);
  const isCurrent = answer.of === text;
  return {
    result: isCurrent ? answer.result : null,
    error: isCurrent ? answer.error : null,
    isChecking: text !== '' && !isCurrent,
  };
}
