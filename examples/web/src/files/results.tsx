// What became of an import's rows: as files, and what failed as a list that is corrected on the page.

import { type Import, NetworkError } from '@dialgraph/client';
import { useState } from 'react';
import { authorization, endpoint } from '../endpoint.ts';
import type { Sheet } from '../list/sheet.ts';
import { Failure } from '../parts/notice.tsx';
import { t } from '../texts.ts';

/** More than anybody corrects by hand. */
const maxCorrected = 2000;

interface ResultsProps {
  state: Import;
  onCorrect(sheet: Sheet, campaignName: string): void;
}

export function Results({ state, onCorrect }: ResultsProps) {
  const { counts, resultsUrl, campaignName, fileName } = state;
  const [error, setError] = useState<Error | null>(null);
  if (resultsUrl === null) return null;
  const download = async (filter: ResultFilter) => {
    setError(null);
    try {
      const response = await fetchResults(state, filter, 'csv');
      save(await response.blob(), `${fileName.replace(/\.\w+$/, '')}-${filter}.csv`);
    } catch (reason) {
      setError(reason as Error);
    }
  };
  const correct = async () => {
    setError(null);
    try {
      onCorrect(sheetOf(await (await fetchResults(state, 'failed', 'jsonl')).text()), campaignName);
    } catch (reason) {
      setError(reason as Error);
    }
  };
  return (
    <section className="card stack" aria-labelledby="results">
      <h2 id="results">{t.results.title}</h2>
      {error && <Failure error={error} />}
      <div className="actions">
        {counts.failed > 0 && counts.failed <= maxCorrected && (
          <button type="button" className="primary" onClick={() => void correct()}>
            {t.results.correct(counts.failed)}
          </button>
        )}
        {counts.failed > 0 && (
          <button type="button" onClick={() => void download('failed')}>
            {t.results.failed}
          </button>
        )}
        <button type="button" onClick={() => void download('all')}>
          {t.results.all}
        </button>
      </div>
      <p className="hint">{t.results.hint}</p>
    </section>
  );
}

type ResultFilter = 'all' | 'failed' | 'unknown' | 'not-sent' | 'scheduled';

/** The rows as they came, and what became of each. */
async function fetchResults(
  { resultsUrl }: Import,
  filter: ResultFilter,
  format: 'csv' | 'jsonl',
): Promise<Response> {
  const url = new URL((resultsUrl ?? '').replace(/\.csv$/, `.${format}`), endpoint);
  url.searchParams.set('outcome', filter);
  const response = await fetch(url, { headers: authorization() });
  if (!response.ok) throw new NetworkError(`HTTP ${response.status}`);
  return response;
}

/** The file's own columns, without what the server says beside them. */
function sheetOf(lines: string): Sheet {
  const rows = lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Object.entries(JSON.parse(line) as Record<string, unknown>));
  const own = rows.map((row) => row.filter(([name]) => !name.startsWith('dialgraph_')));
  return {
    columns: (own[0] ?? []).map(([name]) => name),
    rows: own.map((row) => row.map(([, value]) => String(value ?? ''))),
  };
}

function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
