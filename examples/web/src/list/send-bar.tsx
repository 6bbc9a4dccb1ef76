// What is ready, the button that sends it, and how far the sending is.

import { Notice } from '../parts/notice.tsx';
import { Progress } from '../parts/progress.tsx';
import { t } from '../texts.ts';
import { stateOf } from './rows.ts';
import type { List } from './use-list.ts';

interface SendBarProps {
  list: List;
  ready: number;
  skipsDuplicates: boolean;
  onSkipsDuplicates(skips: boolean): void;
  /** Null: one may not. */
  onSend: (() => void) | null;
}

export function SendBar({ list, ready, skipsDuplicates, onSkipsDuplicates, onSend }: SendBarProps) {
  const { rows, reading, state, error, progress, stop, goOn, askUnknown, open } = list;
  const isStopped = state === 'failed' && error?.name === 'AbortError';
  if (state === 'running')
    return (
      <section className="card stack send" aria-label={t.list.sending}>
        <Progress
          label={t.list.sending}
          done={progress?.done ?? 0}
          total={progress?.total ?? 0}
          text={t.list.progress(progress?.done ?? 0, progress?.total ?? 0)}
        />
        {progress?.waitingFor && (
          <Notice tone="warn" title={t.list.waiting} isUrgent>
            <p>{progress.waitingFor}</p>
            <p>{t.list.waitingAdvice}</p>
          </Notice>
        )}
        <div className="actions">
          <button type="button" onClick={stop}>
            {t.list.stop}
          </button>
        </div>
      </section>
    );
  const counts = new Map<string, number>();
  for (const row of rows) {
    const name = stateOf(row, reading.mapping);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const count = (name: string) => counts.get(name) ?? 0;
  return (
    <section className="card stack send" aria-label={t.list.summary}>
      <p className="summary" role="status">
        {t.list.counts({
          scheduled: count('scheduled'),
          ready,
          toCorrect: count('toCorrect'),
          unknown: count('unknown'),
          skipped: count('skipped'),
        })}
      </p>
      {isStopped && <Notice tone="warn" title={t.list.stopped} />}
      <div className="actions">
        {count('sending') > 0 ? (
          isStopped && (
            <button type="button" className="primary" onClick={goOn}>
              {t.unfinished.goOn}
            </button>
          )
        ) : (
          <button
            type="button"
            className="primary"
            disabled={ready === 0 || onSend === null}
            onClick={() => onSend?.()}
          >
            {t.list.send(ready)}
          </button>
        )}
        {count('unknown') > 0 && (
          <button type="button" onClick={askUnknown}>
            {t.list.askUnknown}
          </button>
        )}
        <label className="check">
          <input
            type="checkbox"
            checked={skipsDuplicates}
            onChange={(event) => onSkipsDuplicates(event.target.checked)}
          />
          {t.list.skipDuplicates}
        </label>
        <button type="button" className="quiet" onClick={() => open(null)}>
          {t.list.another}
        </button>
      </div>
    </section>
  );
}
