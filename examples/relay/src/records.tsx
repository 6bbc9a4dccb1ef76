// What is scheduled, as the dialer lists it: a page behind the other, each row to be cancelled.

import { useRef, useState } from 'react';
import { graphql, type PreloadedQuery, usePaginationFragment, usePreloadedQuery } from 'react-relay';
import type { records_list$key } from './__generated__/records_list.graphql.ts';
import type { recordsPageQuery } from './__generated__/recordsPageQuery.graphql.ts';
import type { recordsQuery } from './__generated__/recordsQuery.graphql.ts';
import { Failure } from './failure.tsx';
import { Notice } from './notice.tsx';
import { RecordRow } from './record-row.tsx';
import { t } from './texts.ts';

const pageSize = 25;

interface RecordsProps {
  queryRef: PreloadedQuery<recordsQuery>;
  onRefresh(): void;
}

export function Records({ queryRef, onRefresh }: RecordsProps) {
  const query = usePreloadedQuery<recordsQuery>(
    graphql`
      query recordsQuery {
        ...records_list
      }
    `,
    queryRef,
  );
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<
    recordsPageQuery,
    records_list$key
  >(
    graphql`
      fragment records_list on Query
      @argumentDefinitions(first: { type: "Int", defaultValue: 25 }, after: { type: "String" })
      @refetchable(queryName: "recordsPageQuery") {
        campaignRecords(first: $first, after: $after) @connection(key: "records_campaignRecords") {
          __id
          totalCount
          edges { node { id ...recordRow_record } }
          error { ... on RequestError @alias(as: "refusal") { message } }
        }
      }
    `,
    query,
  );
  const [error, setError] = useState<Error | null>(null);
  const [said, setSaid] = useState('');
  const status = useRef<HTMLParagraphElement>(null);
  const list = data.campaignRecords;
  const rows = list?.edges ?? [];

  const onCancelled = (message: string) => {
    setSaid(message);
    // Its button is gone: the keyboard goes on from here.
    status.current?.focus();
  };
  return (
    <>
      <div className="selection">
        <p ref={status} role="status" tabIndex={-1}>
          {said} {list?.totalCount ? <span>{t.records.shown(rows.length, list.totalCount)}</span> : null}
        </p>
        <button type="button" onClick={onRefresh}>
          {t.records.refresh}
        </button>
      </div>
      {list?.error && (
        <Notice tone="bad" title={t.records.noList}>
          <p>{list.error.refusal?.message}</p>
        </Notice>
      )}
      {list?.totalCount === 0 && <p className="empty">{t.records.none}</p>}
      {rows.length > 0 && (
        <table className="rows" aria-label={t.records.title}>
          <thead>
            <tr>
              {t.records.columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ node }) => (
              <RecordRow
                key={node.id}
                record={node}
                connection={list?.__id ?? ''}
                onCancelled={onCancelled}
              />
            ))}
          </tbody>
        </table>
      )}
      {error && <Failure error={error} />}
      {hasNext && (
        <div className="pager">
          <button
            type="button"
            disabled={isLoadingNext}
            onClick={() => {
              setError(null);
              setSaid('');
              loadNext(pageSize, { onComplete: setError });
            }}
          >
            {isLoadingNext ? t.app.asking : t.records.more}
          </button>
        </div>
      )}
    </>
  );
}
