// The list's rows, some at a time: each with its state, and what is wrong with it beside the cell that it is about. Whatever was not
// sent can be corrected where it stands.

import { useState } from 'react';
import { Filters } from '../parts/filters.tsx';
import type { Tone } from '../parts/notice.tsx';
import { Pager } from '../parts/pager.tsx';
import { Pill } from '../parts/pill.tsx';
import { t } from '../texts.ts';
import { showTime } from '../time.ts';
import type { Target } from './mapping.ts';
import { problemsOf, type Row, type RowState, rowStates, stateOf } from './rows.ts';

const pageSize = 50;

const tones: Record<RowState, Tone> = {
  ...{ toCorrect: 'bad', checking: 'plain', ready: 'plain', sending: 'plain' },
  ...{ scheduled: 'good', skipped: 'warn', unknown: 'warn' },
};

export type RowFilter = RowState | 'all';

interface RowsTableProps {
  columns: readonly string[];
  mapping: readonly Target[];
  rows: readonly Row[];
  zone: string;
  onEdit(position: number, column: number, value: string): void;
}

export function RowsTable({ columns, mapping, rows, zone, onEdit }: RowsTableProps) {
  // A row stays where it is while one corrects it: the filter looks at the rows when it is chosen.
  const [filtered, setFiltered] = useState<{ filter: RowFilter; positions: ReadonlySet<number> | null }>({
    filter: 'all',
    positions: null,
  });
  const [page, setPage] = useState(0);
  const states = rows.map((row) => stateOf(row, mapping));
  const choose = (filter: RowFilter) => {
    const positions =
      filter === 'all'
        ? null
        : new Set(rows.flatMap(({ position }, n) => (states[n] === filter ? [position] : [])));
    setFiltered({ filter, positions });
    setPage(0);
  };
  const shown = rows.filter(({ position }) => filtered.positions?.has(position) ?? true);
  const counts = new Map<RowFilter, number>([['all', rows.length]]);
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  const options = (['all', ...rowStates] as const).filter(
    (name) => name === 'all' || name === filtered.filter || counts.has(name),
  );
  const mapped = columns.flatMap((name, column) => (mapping[column] ? [{ name, column }] : []));
  return (
    <div className="stack">
      <Filters
        label={t.list.filter}
        options={options.map((name) => ({ name, text: t.rowFilters[name], count: counts.get(name) ?? 0 }))}
        value={filtered.filter}
        onChange={choose}
      />
      <table className="rows">
        <caption className="visually-hidden">{t.list.rows}</caption>
        <thead>
          <tr>
            <th scope="col">{t.list.number}</th>
            <th scope="col">{t.list.state}</th>
            {mapped.map(({ name, column }) => (
              <th key={column} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        {shown.slice(page * pageSize, (page + 1) * pageSize).map((row) => (
          <RowLines key={row.position} {...{ row, mapped, mapping, zone, onEdit }} />
        ))}
      </table>
      <Pager page={page} pages={Math.ceil(shown.length / pageSize)} onPage={setPage} />
    </div>
  );
}

interface RowLineProps extends Pick<RowsTableProps, 'mapping' | 'zone' | 'onEdit'> {
  row: Row;
  mapped: readonly { name: string; column: number }[];
}

/** A line, and below it what is wrong, over the whole width. */
function RowLines({ row, mapped, mapping, zone, onEdit }: RowLineProps) {
  const state = stateOf(row, mapping);
  const problems = problemsOf(row, mapping);
  const isOpen = ['toCorrect', 'checking', 'ready', 'skipped'].includes(state);
  const number = row.position + 1;
  const idOf = (column: number) => `problems-${number}-${column}`;
  return (
    <tbody className={state}>
      <tr>
        <th scope="row">{number}</th>
        <td data-label={t.list.state}>
          <Pill tone={tones[state]}>{t.rowStates[state]}</Pill>
          <ScheduledFor row={row} zone={zone} />
        </td>
        {mapped.map(({ name, column }) => (
          <td key={column} data-label={name}>
            {isOpen ? (
              <input
                aria-label={t.list.cell(name, number)}
                aria-invalid={problems.has(column) || undefined}
                aria-describedby={problems.has(column) ? idOf(column) : undefined}
                value={row.cells[column] ?? ''}
                onChange={(event) => onEdit(row.position, column, event.target.value)}
              />
            ) : (
              row.cells[column]
            )}
          </td>
        ))}
      </tr>
      {problems.size > 0 && (
        <tr className="detail">
          <td colSpan={mapped.length + 2}>
            <ul className="problems">
              {[...problems].map(([column, texts]) => (
                <li key={column} id={idOf(column)}>
                  {texts.join(' ')}
                </li>
              ))}
            </ul>
          </td>
        </tr>
      )}
    </tbody>
  );
}

function ScheduledFor({ row, zone }: { row: Row; zone: string }) {
  const result = row.sent?.result;
  if (result?.__typename !== 'ScheduledRecord' || !('scheduledTime' in result)) return null;
  return <p className="hint">{showTime(result.scheduledTime, zone)}</p>;
}
