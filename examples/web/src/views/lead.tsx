// One lead: a form that is checked as one types, and what became of it. States of what is sent: none → sending → told, or lost (its
// answer never came): then the very same request is sent again under its key, which calls nobody twice, before anything else is.

import { type CampaignRecordInput, isRecordError, match, type ScheduleInput } from '@dialgraph/client';
import { useSchedule } from '@dialgraph/client/react';
import { useEffect, useRef, useState } from 'react';
import { announce } from '../announce.ts';
import { emptyLead, type LeadForm, problemsOf, recordOf } from '../lead-form.ts';
import { CampaignSelect, useCampaignChoice } from '../parts/campaign-select.tsx';
import { Heading } from '../parts/heading.tsx';
import { LeadFields } from '../parts/lead-fields.tsx';
import { Failure, isLost, Notice } from '../parts/notice.tsx';
import { useRoute } from '../route.ts';
import { useCampaign, useSession } from '../session.tsx';
import { t } from '../texts.ts';
import { showTime } from '../time.ts';
import { type Check, useCheck } from '../use-check.ts';

/** A request that was sent and not answered outlives a reload: what it was, so that it can be sent again as it is. */
const pendingKey = 'dialgraph pending lead';

function readPending(): ScheduleInput | null {
  const text = sessionStorage.getItem(pendingKey);
  return text === null ? null : (JSON.parse(text) as ScheduleInput);
}

interface Told {
  key: string;
  name: string;
  text: string;
}

export function LeadView() {
  const { transport, maySchedule } = useSession();
  const { detail } = useRoute();
  const [campaignName, setCampaignName] = useCampaignChoice(detail);
  const { campaign, zone } = useCampaign(campaignName);
  const [form, setForm] = useState(() => emptyLead(zone));
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [pending, setPending] = useState(readPending);
  // Whether what is pending was sent before, with nothing known of it. Then a refusal of the next attempt settles nothing.
  const mayBeDone = useRef(pending !== null);
  const [told, setTold] = useState<readonly Told[]>([]);
  const { state, result: payload, error, schedule } = useSchedule(transport);
  const formElement = useRef<HTMLFormElement>(null);

  const record = recordOf(form, campaign);
  const isBegun = touched.size > 0 && campaignName !== '';
  const check = useCheck(campaignName, isBegun && Number.isInteger(record.priority ?? 0) ? record : null);
  const problems = problemsOf(form, campaign, check.result);
  const visible = new Map([...problems].filter(([name]) => touched.has(name) || name === ''));

  const send = async (input: ScheduleInput) => {
    sessionStorage.setItem(pendingKey, JSON.stringify(input));
    setPending(input);
    await schedule(input);
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each answer
  useEffect(() => {
    const [result] = payload?.results ?? [];
    if (state === 'running' || (result === undefined && state !== 'failed')) return;
    // An outcome that is unknown is asked for again, under the same key.
    if (isLost(error) || result?.__typename === 'OutcomeUnknownError') mayBeDone.current = true;
    else if (result !== undefined) mayBeDone.current = false;
    if (mayBeDone.current) return;
    sessionStorage.removeItem(pendingKey);
    setPending(null);
    if (result === undefined || isRecordError(result) || !('dialerTime' in result)) return;
    const text = t.lead.scheduled(showTime(result.scheduledTime, zone), result.dialerTime);
    announce(text);
    setTold((before) => [
      { key: `${Date.now()}`, name: result.name ?? result.phoneNumber, text },
      ...before.slice(0, 4),
    ]);
    setForm({ ...emptyLead(zone), scheduledTime: form.scheduledTime });
    setTouched(new Set());
  }, [state, payload]);

  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (problems.size > 0 || campaignName === '' || record.phoneNumber === undefined) {
      setTouched(new Set(fieldsOf(form)));
      // After the problems are shown.
      requestAnimationFrame(() =>
        formElement.current?.querySelector<HTMLElement>('[aria-invalid], :invalid:not(fieldset)')?.focus(),
      );
      return;
    }
    void send({ campaignName, records: [record], idempotencyKey: crypto.randomUUID() });
  };

  const isSending = state === 'running';
  const isUnsettled = pending !== null && !isSending;
  return (
    <>
      <Heading title={t.lead.title} lead={t.lead.lead} />
      {!maySchedule && <Notice tone="warn" title={t.viewer.mayNotSchedule} />}
      <div className="columns">
        <form className="card stack" ref={formElement} noValidate onSubmit={submit}>
          <fieldset className="form-fields" disabled={!maySchedule || isSending || isUnsettled}>
            <legend className="visually-hidden">{t.lead.title}</legend>
            <CampaignSelect value={campaignName} onChange={setCampaignName} />
            <LeadFields
              form={form}
              campaign={campaign}
              problems={visible}
              onChange={setForm}
              onTouched={(name) => setTouched((before) => new Set([...before, name]))}
            />
            <div className="actions">
              <button type="submit" className="primary">
                {isSending ? t.lead.sending : t.lead.submit}
              </button>
              <CheckLine
                check={check}
                isBegun={isBegun}
                zone={zone}
                missing={[...problems.keys()].filter((name) => !visible.has(name))}
              />
            </div>
          </fieldset>
          {isUnsettled && (
            <Unsettled
              pending={pending}
              error={error}
              message={payload?.results[0]?.message ?? null}
              onAgain={() => void send(pending)}
            />
          )}
          {pending === null && state === 'failed' && error !== null && <Failure error={error} />}
          {pending === null && <Refused problems={payload?.results ?? []} />}
        </form>
        <section className="stack" aria-labelledby="told">
          <h2 id="told">{t.lead.told}</h2>
          {told.length === 0 && <p className="empty">{t.lead.nothingTold}</p>}
          {told.map(({ key, name, text }) => (
            <Notice key={key} tone="good" title={name}>
              <p>{text}</p>
            </Notice>
          ))}
        </section>
      </div>
    </>
  );
}

function fieldsOf({ custom: _, ...fields }: LeadForm): string[] {
  return [...Object.keys(fields), ''];
}

interface CheckLineProps {
  check: Check;
  isBegun: boolean;
  zone: string;
  /** Fields with a problem that nobody has come to yet. */
  missing: readonly string[];
}

/** What the server says of the record as it stands, beside the button. */
function CheckLine({ check, isBegun, zone, missing }: CheckLineProps) {
  const { result, isChecking, error } = check;
  const text = () => {
    if (!isBegun) return '';
    if (isChecking) return t.lead.checking;
    if (error !== null) return t.lead.notChecked(error.message);
    if (result === null) return '';
    return match(result, {
      ValidRecord: ({ scheduledTime, dialerTime }) => t.lead.valid(showTime(scheduledTime, zone), dialerTime),
      ScheduledRecord: () => '',
      RecordError: () => (missing.length > 0 ? t.lead.missing(missing) : t.lead.notValid),
      otherwise: ({ message = t.lead.notValid }) => message,
    });
  };
  return (
    <p className="muted" role="status">
      {text()}
    </p>
  );
}

interface UnsettledProps {
  pending: ScheduleInput;
  error: Error | null;
  message: string | null;
  onAgain(): void;
}

/** Nobody knows yet whether it is scheduled. The only thing to do is to send the same request again. */
function Unsettled({ pending, error, message, onAgain }: UnsettledProps) {
  const [record] = pending.records as CampaignRecordInput[];
  return (
    <Notice tone="warn" title={t.lead.unsettled(record?.phoneNumber ?? '')} isUrgent>
      <p>{message ?? error?.message ?? t.lead.unsettledReload}</p>
      <p>{t.lead.unsettledAdvice}</p>
      <p>
        <button type="button" className="primary" onClick={onAgain}>
          {t.failure.again}
        </button>
      </p>
    </Notice>
  );
}

/** What the dialer refused though the check let it through. */
function Refused({ problems }: { problems: readonly { __typename: string }[] }) {
  return problems.filter(isRecordError).map((problem) => (
    <Notice key="refused" tone="bad" title={t.lead.refused} isUrgent>
      <p>{(problem as unknown as { message: string }).message}</p>
    </Notice>
  ));
}
