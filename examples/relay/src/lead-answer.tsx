// What became of the lead: scheduled, an error of its own, a refusal of the whole request, or a kind that this page does not know yet.

import type { ScheduleCampaignDataInput } from './__generated__/useScheduleMutation.graphql.ts';
import { Failure, isSignedOut, messageOf } from './failure.tsx';
import { Notice } from './notice.tsx';
import { t } from './texts.ts';
import type { Answer, Result } from './use-schedule.ts';

interface LeadAnswerProps {
  answer: Answer | null;
  error: Error | null;
  /** What is said beside the fields is not said twice. */
  beside: readonly string[];
}

export function LeadAnswer({ answer, error, beside }: LeadAnswerProps) {
  if (error !== null) return <Failure error={error} />;
  if (answer === null) return null;
  if (answer.refusal) return <NotScheduled message={answer.refusal.message} />;
  const [result] = answer.payload?.results ?? [];
  return result ? (
    <LeadResult result={result} beside={beside} />
  ) : (
    <NotScheduled message={t.otherwise(answer.__typename)} />
  );
}

interface LeadResultProps {
  result: Result;
  beside: readonly string[];
}

function LeadResult({ result: { __typename, scheduled, error }, beside }: LeadResultProps) {
  if (scheduled)
    return (
      <Notice tone="good" title={t.lead.scheduled(scheduled.phoneNumber)}>
        <p>{t.lead.willBeCalled(scheduled.dialerTime)}</p>
      </Notice>
    );
  if (!error) return <NotScheduled message={t.otherwise(__typename)} />;
  const { code, message } = error;
  return <NotScheduled code={code} message={beside.includes(message) ? '' : message} />;
}

function NotScheduled({ code, message }: { code?: string; message: string }) {
  return (
    <Notice tone="bad" title={t.lead.notScheduled}>
      {message && <p>{message}</p>}
      {code && (
        <p>
          <code>{code}</code>
        </p>
      )}
    </Notice>
  );
}

interface UnsettledProps extends Omit<LeadAnswerProps, 'beside'> {
  input: ScheduleCampaignDataInput;
  onAgain(): void;
}

/** Nobody knows yet whether it is scheduled. The only thing to do is to send the same request again. */
export function Unsettled({ input, answer, error, onAgain }: UnsettledProps) {
  if (error !== null && isSignedOut(error)) throw error;
  const [result] = answer?.payload?.results ?? [];
  const message = error ? messageOf(error) : (answer?.refusal?.message ?? result?.error?.message);
  return (
    <Notice tone="warn" title={t.lead.unsettled(input.records[0]?.phoneNumber ?? '')}>
      {message && <p>{message}</p>}
      <p>{t.lead.unsettledAdvice}</p>
      <p>
        <button type="button" className="primary" onClick={onAgain}>
          {t.failure.again}
        </button>
      </p>
    </Notice>
  );
}
