// A new time for the records that are selected. The browser's own dialog keeps the focus, and closes with Escape.

import { useEffect, useRef, useState } from 'react';
import { Field } from '../parts/field.tsx';
import { useCampaign } from '../session.tsx';
import { t } from '../texts.ts';
import { offsetOf, tomorrow } from '../time.ts';
import type { ScheduledRecord } from './use-change.ts';

interface RescheduleDialogProps {
  records: readonly ScheduledRecord[];
  onMove(scheduledTime: string): void;
  onClose(): void;
}

export function RescheduleDialog({ records, onMove, onClose }: RescheduleDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { zone } = useCampaign(records[0]?.campaignName ?? '');
  const [time, setTime] = useState(() => tomorrow(zone));
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const move = (event: React.FormEvent) => {
    event.preventDefault();
    onMove(time);
  };
  return (
    <dialog ref={dialog} aria-labelledby="move" onClose={onClose}>
      <form className="stack" onSubmit={move}>
        <h2 id="move">{t.move.title(records.length)}</h2>
        <Field label={t.move.time} hint={t.campaign.zone(zone, offsetOf(zone))}>
          {(control) => (
            <input
              {...control}
              type="datetime-local"
              required
              value={time}
              onChange={(event) => setTime(event.target.value)}
            />
          )}
        </Field>
        <div className="actions">
          <button type="submit" className="primary">
            {t.move.submit}
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            {t.move.keep}
          </button>
        </div>
      </form>
    </dialog>
  );
}
