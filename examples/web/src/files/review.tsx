// A file that was checked, before anything of it is sent: what its columns are, what has to be decided, and which rows are wrong.

import { type ConfirmImportInput, confirmImport, type Import } from '@dialgraph/client';
import { useState } from 'react';
import { keyOf, type RecordFieldName, type Target } from '../list/mapping.ts';
import { MappingPanel } from '../list/mapping-panel.tsx';
import { Field } from '../parts/field.tsx';
import { Failure, Notice } from '../parts/notice.tsx';
import { useCampaign, useSession } from '../session.tsx';
import { t } from '../texts.ts';
import { FirstErrors } from './import-panel.tsx';

type ServerField = NonNullable<Import['mapping'][number]['field']>;

const fieldNames: Record<ServerField, RecordFieldName> = {
  PHONE_NUMBER: 'phoneNumber',
  SCHEDULED_TIME: 'scheduledTime',
  NAME: 'name',
  REFERENCE: 'reference',
  PRIORITY: 'priority',
  EXPIRY_DATE: 'expiryDate',
  AGENT_ID: 'agentId',
  SKILL: 'skill',
};
const serverFields = new Map(Object.entries(fieldNames).map(([server, own]) => [own, server as ServerField]));

function targetsOf({ preview, mapping }: Import): Target[] {
  return (preview?.columns ?? []).map(({ index }) => {
    const own = mapping.find(({ column }) => column === index);
    if (own?.field != null) return { kind: 'field', field: fieldNames[own.field] };
    return own?.header != null ? { kind: 'header', header: own.header } : null;
  });
}

type FileDates = NonNullable<Import['dateFormat']>;

interface ReviewProps {
  state: Import;
  onState(state: Import): void;
}

export function Review({ state, onState }: ReviewProps) {
  const { transport } = useSession();
  const { campaign } = useCampaign(state.campaignName);
  const found = targetsOf(state);
  const [mapping, setMapping] = useState(found);
  const [dateFormat, setDateFormat] = useState(state.dateFormat);
  const [sheet, setSheet] = useState('');
  const [error, setError] = useState<Error | null>(null);
  const [isSending, setSending] = useState(false);
  const { preview, decisions, counts, id } = state;
  const changed = mapping.flatMap((target, n) => (keyOf(target) === keyOf(found[n] ?? null) ? [] : [n]));
  const isChanged = changed.length > 0 || dateFormat !== state.dateFormat || sheet !== '';

  const confirm = async () => {
    const input: ConfirmImportInput = { id };
    // What is said of one column holds; the others stay what they were found to be.
    if (changed.length > 0)
      input.mapping = mapping.map((target, n) => ({ column: `#${n + 1}`, ...inputOf(target) }));
    if (dateFormat !== state.dateFormat) input.dateFormat = dateFormat;
    if (sheet !== '') input.sheet = sheet;
    setSending(true);
    setError(null);
    await confirmImport(transport, input).then(onState, setError);
    setSending(false);
  };

  return (
    <>
      <section className="card stack" aria-labelledby="review">
        <h2 id="review">{t.review.title}</h2>
        {decisions.map((decision) => (
          <Notice key={decision} tone="warn" title={t.review.decisions[decision]} />
        ))}
        {preview?.problems.map(({ message }) => (
          <p key={message} className="hint">
            {message}
          </p>
        ))}
        {decisions.includes('SHEET') && (
          <Field label={t.review.sheet}>
            {(control) => (
              <select {...control} value={sheet} onChange={(event) => setSheet(event.target.value)}>
                {['', ...(preview?.sheets ?? [])].map((name) => (
                  <option key={name} value={name}>
                    {name || t.review.noSheet}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <MappingPanel
          columns={(preview?.columns ?? []).map(({ index, header, samples }) => ({
            name: header ?? t.list.column(index),
            samples,
          }))}
          mapping={mapping}
          campaign={campaign}
          onChange={setMapping}
        />
        <Field label={t.mapping.dates}>
          {(control) => (
            <select
              {...control}
              value={dateFormat ?? ''}
              onChange={(event) => setDateFormat((event.target.value || null) as FileDates | null)}
            >
              {(['', 'ISO', 'DAY_MONTH_YEAR', 'MONTH_DAY_YEAR'] as const).map((format) => (
                <option key={format} value={format}>
                  {t.review.dateFormats[format]}
                </option>
              ))}
            </select>
          )}
        </Field>
        {error && <Failure error={error} />}
        <div className="actions">
          <button
            type="button"
            className="primary"
            disabled={isSending || (!isChanged && (decisions.length > 0 || counts.valid === 0))}
            onClick={() => void confirm()}
          >
            {isChanged ? t.review.checkAgain : t.review.send(counts.valid)}
          </button>
        </div>
      </section>
      {state.firstErrors.length > 0 && <FirstErrors state={state} />}
    </>
  );
}

function inputOf(target: Target): { field?: ServerField | null; header?: string | null } {
  if (target === null) return {};
  return target.kind === 'header'
    ? { header: target.header }
    : { field: serverFields.get(target.field) ?? null };
}
