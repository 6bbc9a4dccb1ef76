// A page of scheduled records.

import type { HandoffStatus } from '@dialgraph/client';
import type { Tone } from '../parts/notice.tsx';
import { Pill } from '../parts/pill.tsx';
import { useCampaign } from '../session.tsx';
import { t } from '../texts.ts';
import { showTime } from '../time.ts';
import type { ScheduledRecord } from './use-change.ts';

const tones: Record<HandoffStatus, Tone> = {
  PENDING: 'plain',
  ADDED: 'good',
  REJECTED: 'bad',
  UNKNOWN: 'warn',
};

interface RecordsTableProps {
  records: readonly ScheduledRecord[];
  total: number | null;
  isAsking: boolean;
  selected: ReadonlySet<string>;
  /** Null: they cannot be selected. */
  onSelect: ((selected: ReadonlySet<string>) => void) | null;
}

export function RecordsTable({ records, total, isAsking, selected, onSelect }: RecordsTableProps) {
  if (total === 0) return <p className="empty">{t.scheduled.none}</p>;
  const areAll = records.length > 0 && records.every(({ id }) => selected.has(id));
  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect?.(next);
  };
  return (
    <table className="rows" aria-busy={isAsking}>
      <caption className="muted">{total === null ? t.scheduled.asking : t.scheduled.total(total)}</caption>
      <thead>
        <tr>
          {onSelect && (
            <th scope="col">
              <input
                type="checkbox"
                aria-label={t.scheduled.selectAll}
                checked={areAll}
                onChange={() => onSelect(new Set(areAll ? [] : records.map(({ id }) => id)))}
              />
            </th>
          )}
          <th scope="col">{t.fields.phoneNumber}</th>
          <th scope="col">{t.fields.name}</th>
          <th scope="col">{t.fields.scheduledTime}</th>
          <th scope="col">{t.campaign.label}</th>
          <th scope="col">{t.filters.status}</th>
        </tr>
      </thead>
      <tbody>
        {records.map((record) => (
          <RecordLine
            key={record.id}
            record={record}
            isSelected={selected.has(record.id)}
            onToggle={onSelect && (() => toggle(record.id))}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RecordLineProps {
  record: ScheduledRecord;
  isSelected: boolean;
  onToggle: (() => void) | null;
}

function RecordLine({ record, isSelected, onToggle }: RecordLineProps) {
  const { zone } = useCampaign(record.campaignName);
  const { phoneNumber, headers, scheduledTime, dialerTime, handoff, campaignName } = record;
  const name = headers.find(({ header }) => header === 'Name')?.value ?? '–';
  const reason = handoff.rejection === null ? handoff.dialerMessage : t.rejections[handoff.rejection];
  return (
    <tr className={isSelected ? 'selected' : undefined}>
      {onToggle && (
        <td className="tick">
          <input
            type="checkbox"
            aria-label={t.scheduled.select(phoneNumber, dialerTime)}
            checked={isSelected}
            onChange={onToggle}
          />
        </td>
      )}
      <th scope="row">{phoneNumber}</th>
      <td data-label={t.fields.name}>{name}</td>
      <td data-label={t.fields.scheduledTime}>
        {scheduledTime === null ? dialerTime : showTime(scheduledTime, zone)}
      </td>
      <td data-label={t.campaign.label}>{campaignName}</td>
      <td data-label={t.filters.status}>
        <Pill tone={tones[handoff.status]}>{t.handoff[handoff.status]}</Pill>
        {reason && <p className="hint">{reason}</p>}
      </td>
    </tr>
  );
}
