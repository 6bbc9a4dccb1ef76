// One import on the page, from its upload to its end: what is found in the file is looked at before anything is sent.

import { cancelImport, type Import, pauseImport, resumeImport } from '@dialgraph/client';
import { useState } from 'react';
import type { Sheet } from '../list/sheet.ts';
import { Failure, Notice, type Tone } from '../parts/notice.tsx';
import { Pill } from '../parts/pill.tsx';
import { Progress } from '../parts/progress.tsx';
import { hrefOf } from '../route.ts';
import { useCampaign, useSession } from '../session.tsx';
import { t } from '../texts.ts';
import { showTime } from '../time.ts';
import { Results } from './results.tsx';
import { Review } from './review.tsx';
import { useImport, type WatchedImport } from './use-import.ts';

export const importTones: Record<Import['state'], Tone> = {
  ...{ AWAITING_FILE: 'plain', CHECKING: 'plain', READY: 'warn', RUNNING: 'plain', PAUSED: 'warn' },
  ...{ CANCELING: 'warn', FINISHED: 'good', CANCELED: 'warn', FAILED: 'bad', EXPIRED: 'bad' },
};

interface ImportPanelProps {
  id: string;
  /** The rows that failed, to be corrected on the page. */
  onCorrect(sheet: Sheet, campaignName: string): void;
}

export function ImportPanel({ id, onCorrect }: ImportPanelProps) {
  const { transport } = useSession();
  const watched = useImport(id);
  const { state, error, isWaiting, show } = watched;
  const [changeError, setChangeError] = useState<Error | null>(null);
  const change = async (mutation: typeof pauseImport) => {
    setChangeError(null);
    await mutation(transport, id).then(show, setChangeError);
  };
  if (error !== null)
    return (
      <>
        <Failure error={error} />
        <BackLink />
      </>
    );
  if (state === null)
    return (
      <p className="muted" role="status">
        {isWaiting ? t.files.waiting : t.files.opening}
      </p>
    );
  const hasEnded = state.pollAfterSeconds === null;
  return (
    <>
      <BackLink />
      <section className="card stack" aria-labelledby="file">
        <div className="title-line">
          <h2 id="file">{state.fileName}</h2>
          <Pill tone={importTones[state.state]}>{t.importStates[state.state]}</Pill>
          <span className="muted">{t.files.about(state.campaignName, state.fileSize)}</span>
        </div>
        {isWaiting && <Notice tone="warn" title={t.files.waiting} isUrgent />}
        <Stage watched={watched} state={state} />
        {changeError && <Failure error={changeError} />}
        {!hasEnded && (
          <div className="actions">
            {state.state === 'RUNNING' && (
              <button type="button" onClick={() => void change(pauseImport)}>
                {t.files.pause}
              </button>
            )}
            {state.state === 'PAUSED' && (
              <button type="button" className="primary" onClick={() => void change(resumeImport)}>
                {t.files.resume}
              </button>
            )}
            {state.state !== 'CANCELING' && (
              <button type="button" className="quiet" onClick={() => void change(cancelImport)}>
                {t.files.cancel}
              </button>
            )}
          </div>
        )}
      </section>
      {state.state === 'READY' && <Review key={state.version} state={state} onState={show} />}
      {state.firstErrors.length > 0 && state.state !== 'READY' && <FirstErrors state={state} />}
      {hasEnded && <Results state={state} onCorrect={onCorrect} />}
    </>
  );
}

function BackLink() {
  return (
    <p>
      <a href={hrefOf('list')}>{t.files.back}</a>
    </p>
  );
}

/** What happens at the moment. */
function Stage({ watched, state }: { watched: WatchedImport; state: Import }) {
  const { needsFile, giveFile } = watched;
  const { zone } = useCampaign(state.campaignName);
  const { counts, fileSize, receivedBytes, failure, waitingFor, estimatedFinishAt } = state;
  if (needsFile) return <FileAgain state={state} onFile={giveFile} />;
  if (state.state === 'AWAITING_FILE')
    return (
      <Progress
        label={t.files.uploading}
        done={receivedBytes}
        total={fileSize}
        text={t.files.received(receivedBytes, fileSize)}
      />
    );
  const { scheduled, failed, unknown, skipped, valid, notSent } = counts;
  if (state.state === 'CHECKING')
    return (
      <p className="muted" role="status">
        {t.files.checking(valid + failed + skipped)}
      </p>
    );
  if (failure !== null)
    return (
      <Notice tone="bad" title={t.files.failed} isUrgent>
        <p>{failure.message}</p>
      </Notice>
    );
  if (state.state === 'READY') return <p>{t.files.ready(counts)}</p>;
  const settled = scheduled + failed + unknown + skipped;
  return (
    <>
      <Progress
        label={t.files.sending}
        done={settled}
        total={settled + valid + notSent}
        text={t.files.sent(counts)}
      />
      {waitingFor !== null && <Notice tone="warn" title={t.files.waitingFor[waitingFor]} />}
      {estimatedFinishAt !== null && (
        <p className="muted">{t.files.until(showTime(estimatedFinishAt, zone))}</p>
      )}
    </>
  );
}

/** After a reload: the browser gives no file to a page that was not handed it. */
function FileAgain({ state, onFile }: { state: Import; onFile(file: File): Promise<boolean> }) {
  const [isOther, setOther] = useState(false);
  return (
    <Notice tone="warn" title={t.files.again(state.fileName)}>
      <p>{t.files.againText(state.receivedBytes, state.fileSize)}</p>
      {isOther && <p className="problems">{t.files.other}</p>}
      <p>
        <label className="button">
          {t.paste.choose}
          <input
            type="file"
            className="visually-hidden"
            onChange={(event) => {
              const [file] = event.target.files ?? [];
              if (file !== undefined) void onFile(file).then((isSame) => setOther(!isSame));
            }}
          />
        </label>
      </p>
    </Notice>
  );
}

export function FirstErrors({ state }: { state: Import }) {
  return (
    <section className="card stack" aria-labelledby="errors">
      <h2 id="errors">{t.files.errors(state.counts.failed)}</h2>
      <table className="rows">
        <thead>
          <tr>
            <th scope="col">{t.files.line}</th>
            <th scope="col">{t.files.column}</th>
            <th scope="col">{t.files.problem}</th>
          </tr>
        </thead>
        <tbody>
          {state.firstErrors.map(({ line, column, message }) => (
            <tr key={`${line} ${message}`}>
              <th scope="row">{line}</th>
              <td data-label={t.files.column}>{column ?? '–'}</td>
              <td data-label={t.files.problem}>{message}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
