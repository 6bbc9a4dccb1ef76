// A list: pasted, and sent by this page; or a file, and imported by the server.

import { useState } from 'react';
import { ImportPanel } from '../files/import-panel.tsx';
import { RecentImports } from '../files/recent-imports.tsx';
import { sendFile } from '../files/uploads.ts';
import { guessMapping, type Target } from '../list/mapping.ts';
import { DateOrderSelect, MappingPanel } from '../list/mapping-panel.tsx';
import { PasteArea } from '../list/paste-area.tsx';
import { isSendable } from '../list/rows.ts';
import { RowsTable } from '../list/rows-table.tsx';
import { SendBar } from '../list/send-bar.tsx';
import type { Sheet } from '../list/sheet.ts';
import { Unfinished } from '../list/unfinished.tsx';
import { type List, useList, useRowChecks } from '../list/use-list.ts';
import { CampaignSelect, useCampaignChoice } from '../parts/campaign-select.tsx';
import { Field } from '../parts/field.tsx';
import { Heading } from '../parts/heading.tsx';
import { Failure, Notice } from '../parts/notice.tsx';
import { go, useRoute } from '../route.ts';
import { useCampaign, useSession } from '../session.tsx';
import { t } from '../texts.ts';

export function ListView() {
  const { transport, maySchedule } = useSession();
  const { detail } = useRoute();
  const [campaignName, setCampaignName] = useCampaignChoice();
  const { campaign } = useCampaign(campaignName);
  const list = useList();
  const checkError = useRowChecks(list, campaignName);
  const [fileError, setFileError] = useState<Error | null>(null);

  const open = (sheet: Sheet, mapping: readonly Target[] = guessMapping(sheet.columns, campaign)) => {
    list.open(sheet, mapping);
    go('list');
    toTop();
  };
  const takeFile = async (file: File) => {
    setFileError(null);
    try {
      go('list', await sendFile(transport, campaignName, file));
    } catch (error) {
      setFileError(error as Error);
    }
  };

  const isEmpty = list.rows.length === 0;
  return (
    <>
      <Heading title={t.list.title} lead={t.list.lead} />
      {!maySchedule && <Notice tone="warn" title={t.viewer.mayNotSchedule} />}
      {detail !== null ? (
        <ImportPanel
          key={detail}
          id={detail}
          onCorrect={(sheet, name) => {
            setCampaignName(name);
            open(sheet);
          }}
        />
      ) : (
        <>
          {isEmpty && (
            <Unfinished
              onGoOn={(job) => {
                setCampaignName(job.campaignName);
                void list.adopt(job);
              }}
            />
          )}
          <section className="card stack">
            <CampaignSelect
              value={campaignName}
              isDisabled={list.state === 'running'}
              onChange={(name) => {
                setCampaignName(name);
                list.forgetChecks();
              }}
            />
            {isEmpty && maySchedule && (
              <PasteArea onSheet={open} onFile={campaignName === '' ? null : (file) => void takeFile(file)} />
            )}
            {!isEmpty && <Columns list={list} campaignName={campaignName} />}
          </section>
          {fileError && <Failure error={fileError} />}
          {isEmpty ? (
            <RecentImports />
          ) : (
            <Sending list={list} campaignName={campaignName} checkError={checkError} />
          )}
        </>
      )}
    </>
  );
}

/** What one was at is gone: the keyboard and the screen reader begin at the top of what is there now. */
function toTop(): void {
  requestAnimationFrame(() => {
    document.querySelector('h1')?.focus({ preventScroll: true });
    scrollTo(0, 0);
  });
}

/** What the columns are, and how they are read. */
function Columns({ list, campaignName }: { list: List; campaignName: string }) {
  const { campaign, zone } = useCampaign(campaignName);
  const { columns, rows, reading, reread, state } = list;
  const isTaken = (field: string) =>
    reading.mapping.some((target) => target?.kind === 'field' && target.field === field);
  const samples = (column: number) => rows.slice(0, 3).map(({ cells }) => cells[column] ?? '');
  return (
    <>
      <MappingPanel
        columns={columns.map((name, n) => ({ name, samples: samples(n) }))}
        mapping={reading.mapping}
        campaign={campaign}
        isDisabled={state === 'running'}
        onChange={(mapping) => reread({ mapping })}
      />
      {!isTaken('phoneNumber') && <Notice tone="warn" title={t.mapping.noPhoneNumber} />}
      <div className="fields">
        {isTaken('scheduledTime') && (
          <DateOrderSelect value={reading.dateOrder} onChange={(dateOrder) => reread({ dateOrder })} />
        )}
        <Field label={t.mapping.commonTime} hint={t.mapping.commonTimeHint(zone)} isOptional>
          {(control) => (
            <input
              {...control}
              type="datetime-local"
              value={reading.commonTime}
              onChange={(event) => reread({ commonTime: event.target.value })}
            />
          )}
        </Field>
      </div>
    </>
  );
}

interface SendingProps {
  list: List;
  campaignName: string;
  checkError: Error | null;
}

function Sending({ list, campaignName, checkError }: SendingProps) {
  const { maySchedule } = useSession();
  const { zone } = useCampaign(campaignName);
  const { columns, rows, reading, state, error, edit } = list;
  const [skips, setSkips] = useState(false);
  const ready = rows.filter((row) => isSendable(row, reading.mapping)).length;
  return (
    <>
      <SendBar
        list={list}
        ready={campaignName === '' ? 0 : ready}
        skipsDuplicates={skips}
        onSkipsDuplicates={setSkips}
        onSend={maySchedule ? () => list.send(campaignName, skips) : null}
      />
      {state === 'failed' && error !== null && error.name !== 'AbortError' && (
        <Failure error={error} onAgain={list.goOn} />
      )}
      {checkError && <Notice tone="warn" title={t.list.notChecked(checkError.message)} />}
      <RowsTable columns={columns} mapping={reading.mapping} rows={rows} zone={zone} onEdit={edit} />
    </>
  );
}
