// What is scheduled, as the dialer lists it: filtered, a page at a time, and to be cancelled or moved.

import { type CampaignRecordFilter, CampaignRecordsDocument } from '@dialgraph/client';
import { useMemo, useState } from 'react';
import { Heading } from '../parts/heading.tsx';
import { Failure, Notice } from '../parts/notice.tsx';
import { ChangeResults } from '../scheduled/change-results.tsx';
import { RecordFilters } from '../scheduled/record-filters.tsx';
import { RecordsTable } from '../scheduled/records-table.tsx';
import { RescheduleDialog } from '../scheduled/reschedule-dialog.tsx';
import { type Changed, useChange } from '../scheduled/use-change.ts';
import { useSession } from '../session.tsx';
import { t } from '../texts.ts';
import { useAnswer } from '../use-answer.ts';

const pageSize = 25;

export function ScheduledView() {
  const { mayCancel } = useSession();
  const [filter, setFilter] = useState<CampaignRecordFilter>({});
  // Where each page that was seen begins; the last is the one that is shown.
  const [starts, setStarts] = useState<readonly (string | null)[]>([null]);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [isMoving, setMoving] = useState(false);
  const variables = useMemo(
    () => ({ first: pageSize, after: starts.at(-1) ?? null, filter }),
    [starts, filter],
  );
  const { data, error, isAsking, askAgain } = useAnswer(CampaignRecordsDocument, variables);
  const page = data?.campaignRecords ?? null;
  const records = useMemo(() => (page?.edges ?? []).map(({ node }) => node), [page]);
  const change = useChange((changed: Changed) => {
    setSelected(new Set(changed.results.filter(({ isDone }) => !isDone).map(({ id }) => id)));
    askAgain();
  });

  const search = (next: CampaignRecordFilter) => {
    setFilter(next);
    setStarts([null]);
    setSelected(new Set());
  };
  const turn = (next: readonly (string | null)[]) => {
    setStarts(next);
    setSelected(new Set());
  };
  const chosen = records.filter(({ id }) => selected.has(id));
  return (
    <>
      <Heading title={t.scheduled.title} lead={t.scheduled.lead} />
      <RecordFilters onSearch={search} onRefresh={askAgain} isAsking={isAsking} />
      {error && <Failure error={error} onAgain={askAgain} />}
      {page?.error && (
        <Notice tone="bad" title={t.scheduled.noList} isUrgent>
          <p>{page.error.message}</p>
        </Notice>
      )}
      <ChangeResults change={change} />
      {mayCancel && (
        <fieldset className="selection">
          <legend className="visually-hidden">{t.scheduled.selection}</legend>
          <p role="status">{t.scheduled.selected(chosen.length)}</p>
          <button
            type="button"
            disabled={chosen.length === 0 || change.isRunning || change.isLost}
            onClick={() => setMoving(true)}
          >
            {t.scheduled.move}
          </button>
          <button
            type="button"
            className="danger"
            disabled={chosen.length === 0 || change.isRunning || change.isLost}
            onClick={() => change.cancel(chosen)}
          >
            {t.scheduled.cancel}
          </button>
        </fieldset>
      )}
      <RecordsTable
        records={records}
        total={page?.totalCount ?? null}
        isAsking={isAsking}
        selected={selected}
        onSelect={mayCancel ? setSelected : null}
      />
      <nav className="pager" aria-label={t.pager.label}>
        <button type="button" disabled={starts.length < 2} onClick={() => turn(starts.slice(0, -1))}>
          {t.pager.previous}
        </button>
        <span className="muted">
          {t.pager.page(starts.length, Math.max(1, Math.ceil((page?.totalCount ?? 0) / pageSize)))}
        </span>
        <button
          type="button"
          disabled={!page?.pageInfo.hasNextPage}
          onClick={() => turn([...starts, page?.pageInfo.endCursor ?? null])}
        >
          {t.pager.next}
        </button>
      </nav>
      {isMoving && (
        <RescheduleDialog
          records={chosen}
          onClose={() => setMoving(false)}
          onMove={(scheduledTime) => {
            setMoving(false);
            change.reschedule(chosen, scheduledTime);
          }}
        />
      )}
    </>
  );
}
