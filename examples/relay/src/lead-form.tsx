// One lead: a short form, and what became of it.

import { useState } from 'react';
import { graphql, type PreloadedQuery, usePreloadedQuery } from 'react-relay';
import { Field } from '../../web/src/parts/field.tsx';
import { tomorrow } from '../../web/src/time.ts';
import type { leadFormQuery } from './__generated__/leadFormQuery.graphql.ts';

import { LeadAnswer, Unsettled } from './lead-answer.tsx';
import { t } from './texts.ts';
import { useSchedule } from './use-schedule.ts';

const inputs = { phoneNumber: 'tel', name: 'text', scheduledTime: 'datetime-local' } as const;
type FieldName = keyof typeof inputs;
const fields = Object.keys(inputs) as FieldName[];

interface LeadFormProps {
  queryRef: PreloadedQuery<leadFormQuery>;
  onScheduled(): void;
}

export function LeadForm({ queryRef, onScheduled }: LeadFormProps) {
  const { campaigns, limits } = usePreloadedQuery<leadFormQuery>(
    graphql`
      query leadFormQuery {
        campaigns { name timeZone }
        limits { region timeZone }
      }
    `,
    queryRef,
  );
  const [campaignName, setCampaignName] = useState('');
  const zone = campaigns?.find(({ name }) => name === campaignName)?.timeZone ?? limits?.timeZone ?? 'UTC';
  const [lead, setLead] = useState(() => ({ phoneNumber: '', name: '', scheduledTime: tomorrow(zone) }));

  const { isSending, unsettled, answer, error, schedule, sendAgain } = useSchedule(() => {
    // Another press of the button would be another call to the same person.
    setLead({ ...lead, phoneNumber: '', name: '' });
    onScheduled();
  });

  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    // A field that is left empty is none.
    const { name, ...record } = lead;
    schedule({ campaignName, records: [{ ...record, ...(name.trim() !== '' && { name }) }] });
  };

  const problems = answer?.payload?.results[0]?.error?.problems ?? [];
  const problemsOf = (name: FieldName) =>
    problems.filter(({ field }) => field === name).map(({ message }) => message);
  const hints: Partial<Record<FieldName, string>> = {
    phoneNumber: t.lead.phoneHint(limits?.region ?? ''),
    scheduledTime: t.lead.timeHint(zone),
  };
  return (
    <form className="stack" onSubmit={submit}>
      <fieldset className="form-fields" disabled={isSending || unsettled !== null}>
        <div className="fields">
          <Field label={t.fields.campaignName}>
            {(control) => (
              <select
                {...control}
                required
                value={campaignName}
                onChange={(event) => setCampaignName(event.target.value)}
              >
                <option value="">{t.lead.choose}</option>
                {campaigns?.map(({ name }) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            )}
          </Field>
          {fields.map((field) => (
            <Field key={field} label={t.fields[field]} hint={hints[field]} problems={problemsOf(field)}>
              {(control) => (
                <input
                  {...control}
                  type={inputs[field]}
                  autoComplete="off"
                  required={field !== 'name'}
                  value={lead[field]}
                  onChange={(event) => setLead({ ...lead, [field]: event.target.value })}
                />
              )}
            </Field>
          ))}
        </div>
        <div className="actions">
          <button type="submit" className="primary">
            {isSending ? t.lead.sending : t.lead.submit}
          </button>
        </div>
      </fieldset>
      {unsettled ? (
        <Unsettled input={unsettled.input} answer={answer} error={error} onAgain={sendAgain} />
      ) : (
        <LeadAnswer answer={answer} error={error} beside={fields.flatMap(problemsOf)} />
      )}
    </form>
  );
}
