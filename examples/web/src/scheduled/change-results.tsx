// What became of each record that was cancelled or moved.

import { Failure, Notice } from '../parts/notice.tsx';
import { t } from '../texts.ts';
import type { Change } from './use-change.ts';

export function ChangeResults({ change: { changed, error, isLost, isRunning, again } }: { change: Change }) {
  if (error !== null) return <Failure error={error} {...(isLost && { onAgain: again })} />;
  if (isRunning) return <p role="status">{t.changes.running}</p>;
  if (changed === null) return null;
  const done = changed.results.filter(({ isDone }) => isDone);
  const others = changed.results.filter(({ isDone }) => !isDone);
  return (
    <Notice
      tone={others.length === 0 ? 'good' : 'warn'}
      title={t.changes.done(changed.kind, done.length, changed.results.length)}
    >
      <ul className="results">
        {[...others, ...done].slice(0, 25).map(({ id, phoneNumber, message }) => (
          <li key={id}>
            <strong>{phoneNumber}</strong> {message}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
