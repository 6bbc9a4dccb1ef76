// The rows that the sandbox has accepted, in order of acceptance: what a test compares with what it sent.
// Owns row ids (from 1, never reused until emptied) and the numbers a campaign already holds.
// Rows never leave it: a deleted row stays as history, marked, and its number is free again.

export type Dialect = 'v1' | 'v2';

export interface LedgerRow {
  readonly id: string;
  readonly campaignName: string;
  readonly dialect: Dialect;
  /** As received, save that the vendor's `%2B` inside the text stands here as `+`. */
  readonly phoneNumber: string;
  readonly scheduledTime: string;
  /** Every header and value exactly as received. */
  readonly fields: Readonly<Record<string, string>>;
  /** Those that the replay would say otherwise, or add: a raw `&` ends a value, `%41` becomes an `A`. */
  readonly replayed?: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** The number of the SeenRequest that brought it. */
  readonly requestNumber: number;
  /** Present once the row was deleted through the API. */
  deleted?: true;
}

export type NewRow = Omit<LedgerRow, 'id' | 'deleted'>;

export class Ledger {
  readonly rows: LedgerRow[] = [];
  #numbers = new Map<string, Map<string, number>>();

  accept(row: NewRow): void {
    this.rows.push({ id: String(this.rows.length + 1), ...row });
    this.#count(row, 1);
  }

  /** Whether a campaign holds a number in a row that was not deleted. */
  holds(campaignName: string, phoneNumber: string): boolean {
    return (this.#numbers.get(campaignName)?.get(phoneNumber) ?? 0) > 0;
  }

  /** The rows with ids in the span, both ends included, that were not deleted. */
  live(fromId: number, toId: number): LedgerRow[] {
    return this.rows.slice(Math.max(0, fromId - 1), Math.max(0, toId)).filter((row) => row.deleted !== true);
  }

  delete(row: LedgerRow): void {
    if (row.deleted === true) return;
    row.deleted = true;
    this.#count(row, -1);
  }

  clear(): void {
    this.rows.length = 0;
    this.#numbers.clear();
  }

  #count({ campaignName, phoneNumber }: NewRow, by: 1 | -1): void {
    let numbers = this.#numbers.get(campaignName);
    if (numbers === undefined) {
      numbers = new Map();
      this.#numbers.set(campaignName, numbers);
    }
    numbers.set(phoneNumber, (numbers.get(phoneNumber) ?? 0) + by);
  }
}
