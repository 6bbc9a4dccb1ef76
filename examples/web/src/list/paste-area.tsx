// Where a list comes in: pasted as text, or dropped or chosen as a file.

import { useState } from 'react';
import { Icon } from '../parts/icon.tsx';
import { t } from '../texts.ts';
import { exampleList } from './example-list.ts';
import { parseSheet, type Sheet } from './sheet.ts';

interface PasteAreaProps {
  onSheet(sheet: Sheet): void;
  /** Null: no campaign is chosen that it could go to. */
  onFile: ((file: File) => void) | null;
}

export function PasteArea({ onSheet, onFile }: PasteAreaProps) {
  const [text, setText] = useState('');
  const [isOver, setOver] = useState(false);
  const take = (given: string) => {
    const sheet = parseSheet(given);
    if (sheet === null) setText(given);
    else onSheet(sheet);
  };
  const drop = (event: React.DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    const given = event.dataTransfer.getData('text/plain');
    if (file !== undefined) onFile?.(file);
    else if (given !== '') take(given);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one more way; the button and the field are for everybody
    <div
      className={isOver ? 'paste over' : 'paste'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <div className="field">
        <label htmlFor="paste">{t.paste.label}</label>
        <textarea
          id="paste"
          rows={5}
          spellCheck={false}
          placeholder={t.paste.placeholder}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onPaste={(event) => {
            const given = event.clipboardData.getData('text/plain');
            // Further rows of what is typed already stay text.
            if (text !== '' || parseSheet(given) === null) return;
            event.preventDefault();
            take(given);
          }}
        />
      </div>
      <div className="actions">
        {text !== '' && (
          <button type="button" className="primary" onClick={() => take(text)}>
            {t.paste.use}
          </button>
        )}
        <label className={onFile === null ? 'button off' : 'button'}>
          <Icon name="upload" />
          {t.paste.choose}
          <input
            type="file"
            className="visually-hidden"
            disabled={onFile === null}
            accept=".csv,.tsv,.txt,.xlsx,.jsonl,.gz"
            onChange={(event) => {
              const [file] = event.target.files ?? [];
              if (file !== undefined) onFile?.(file);
            }}
          />
        </label>
        <button type="button" className="quiet" onClick={() => take(exampleList())}>
          {t.paste.example}
        </button>
      </div>
      <p className="hint">{onFile === null ? t.paste.noCampaign : t.paste.hint}</p>
    </div>
  );
}
