// Which records are listed.

import type { CampaignRecordFilter, HandoffStatus } from '@dialgraph/client';
import { useState } from 'react';
import { Field } from '../parts/field.tsx';
import { useSession } from '../session.tsx';
import { t } from '../texts.ts';

const statuses: readonly HandoffStatus[] = ['PENDING', 'ADDED', 'REJECTED', 'UNKNOWN'];

interface RecordFiltersProps {
  onSearch(filter: CampaignRecordFilter): void;
  onRefresh(): void;
  isAsking: boolean;
}

export function RecordFilters({ onSearch, onRefresh, isAsking }: RecordFiltersProps) {
  const { campaigns, limits } = useSession();
  const [values, setValues] = useState({
    campaignName: '',
    handoff: '',
    phoneNumber: '',
    scheduledFrom: '',
    scheduledBefore: '',
  });
  const set =
    (name: keyof typeof values) => (event: React.ChangeEvent<HTMLInputElement | HTMLSelectElement>) =>
      setValues({ ...values, [name]: event.target.value });
  const search = (event: React.FormEvent) => {
    event.preventDefault();
    // What is empty is left out.
    onSearch(Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== '')));
  };
  return (
    <form className="card filter-form" onSubmit={search} aria-label={t.filters.label}>
      <Field label={t.campaign.label}>
        {(control) => (
          <select {...control} value={values.campaignName} onChange={set('campaignName')}>
            <option value="">{t.filters.anyCampaign}</option>
            {campaigns.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t.filters.status}>
        {(control) => (
          <select {...control} value={values.handoff} onChange={set('handoff')}>
            <option value="">{t.filters.anyStatus}</option>
            {statuses.map((status) => (
              <option key={status} value={status}>
                {t.handoff[status]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t.fields.phoneNumber}>
        {(control) => (
          <input
            {...control}
            type="search"
            inputMode="tel"
            value={values.phoneNumber}
            onChange={set('phoneNumber')}
          />
        )}
      </Field>
      <Field label={t.filters.from}>
        {(control) => (
          <input
            {...control}
            type="datetime-local"
            value={values.scheduledFrom}
            onChange={set('scheduledFrom')}
          />
        )}
      </Field>
      <Field label={t.filters.before}>
        {(control) => (
          <input
            {...control}
            type="datetime-local"
            value={values.scheduledBefore}
            onChange={set('scheduledBefore')}
          />
        )}
      </Field>
      <div className="actions">
        <button type="submit" className="primary">
          {t.filters.search}
        </button>
        <button type="button" onClick={onRefresh} disabled={isAsking}>
          {t.filters.refresh}
        </button>
      </div>
      {limits && <p className="hint wide">{t.filters.zone(limits.timeZone)}</p>}
    </form>
  );
}
