// What each column is, with its first values, and how its dates are written.

import { customHeaders } from '../lead-form.ts';
import { Field } from '../parts/field.tsx';
import type { Campaign } from '../session.tsx';
import { t } from '../texts.ts';
import { type DateOrder, dateOrders, keyOf, recordFields, type Target, targetOf } from './mapping.ts';

interface TargetSelectProps {
  label: string;
  value: Target;
  campaign: Campaign | undefined;
  isDisabled?: boolean;
  onChange(target: Target): void;
}

export function TargetSelect({ label, value, campaign, isDisabled = false, onChange }: TargetSelectProps) {
  const headers = customHeaders(campaign);
  return (
    <select
      aria-label={t.mapping.columnIs(label)}
      value={keyOf(value)}
      disabled={isDisabled}
      onChange={(event) => onChange(targetOf(event.target.value))}
    >
      <option value="">{t.mapping.leftOut}</option>
      {recordFields.map((field) => (
        <option key={field} value={keyOf({ kind: 'field', field })}>
          {t.fields[field]}
        </option>
      ))}
      {headers.length > 0 && (
        <optgroup label={t.mapping.headers}>
          {headers.map((header) => (
            <option key={header} value={keyOf({ kind: 'header', header })}>
              {header}
            </option>
          ))}
        </optgroup>
      )}
    </select>
  );
}

interface MappingPanelProps {
  columns: readonly { name: string; samples: readonly string[] }[];
  mapping: readonly Target[];
  campaign: Campaign | undefined;
  isDisabled?: boolean;
  onChange(mapping: Target[]): void;
}

export function MappingPanel({
  columns,
  mapping,
  campaign,
  isDisabled = false,
  onChange,
}: MappingPanelProps) {
  return (
    <ul className="mapping" aria-label={t.mapping.label}>
      {columns.map(({ name, samples }, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name
        <li key={n} className={mapping[n] === null ? 'out' : undefined}>
          <p>
            <strong>{name}</strong>
            <span className="samples">{samples.filter((sample) => sample !== '').join(' · ') || '–'}</span>
          </p>
          <TargetSelect
            label={name}
            value={mapping[n] ?? null}
            campaign={campaign}
            isDisabled={isDisabled}
            onChange={(target) => onChange(mapping.map((one, at) => (at === n ? target : one)))}
          />
        </li>
      ))}
    </ul>
  );
}

interface DateOrderSelectProps {
  value: DateOrder;
  onChange(order: DateOrder): void;
}

export function DateOrderSelect({ value, onChange }: DateOrderSelectProps) {
  return (
    <Field label={t.mapping.dates}>
      {(control) => (
        <select {...control} value={value} onChange={(event) => onChange(event.target.value as DateOrder)}>
          {dateOrders.map((order) => (
            <option key={order} value={order}>
              {t.mapping.dateOrders[order]}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
