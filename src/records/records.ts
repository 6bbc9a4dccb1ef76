// The account's scheduled records, and this room's public face: they are listed, cancelled and rescheduled.

import type { Dialer } from '../dialer/dialer.ts';
import { parseTime } from '../scheduling/dialer-time.ts';
import { cleanNumeral } from '../scheduling/text.ts';
import type { Origin } from '../telemetry/events.ts';
import { pageOf, type RecordPage, type RecordQuery } from './record-list.ts';
import { RecordsNotSupported } from './request-error.ts';
import { createRowReader, type RowReaderOptions } from './row-reader.ts';
import { createSnapshots, type Snapshot } from './snapshots.ts';

export interface RecordsOptions extends RowReaderOptions {}

export interface RecordsParts {
  dialer: Dialer;
  /** Epoch milliseconds. */
  now: () => number;
}

export interface Records {
  /**
   * The dialer's list, some seconds old at most. Rejects with a RecordsNotSupported, a RecordListUnavailable or a
   * RecordListTooLong.
   */
  list(origin: Origin): Promise<Snapshot>;
  pageOf(list: Snapshot, query: RecordQuery): Promise<RecordPage>;
  /** A number as callers write it, in E.164; undefined where it is none. */
  numberOf(text: string): string | undefined;
  /** A time as callers write it, in epoch milliseconds, without an offset on the account's clock; or what is wrong with it. */
  timeOf(text: string): number | { problem: string };
}

export function createRecords(options: RecordsOptions, { dialer, now }: RecordsParts): Records {
  const { scheduled } = dialer;
  const reader = createRowReader(options);
  const snapshots = scheduled && createSnapshots(scheduled, reader.timeOf, now);

  return {
    async list(origin) {
      if (snapshots === null) throw new RecordsNotSupported();
      return snapshots.recent(origin);
    },
    pageOf: (list, query) => pageOf(list, query, reader),
    numberOf: reader.numberOf,
    timeOf: (text) => parseTime(cleanNumeral(text), reader.zoneOf('')),
  };
}
