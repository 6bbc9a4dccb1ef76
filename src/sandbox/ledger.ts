// The rows that the sandbox has accepted, in order of acceptance. A test compares them with what it sent.
// Row ids count from 1, and start again only when the ledger is cleared.
// States of a row: live (accepted) → deleted (through the API). A deleted row stays in the list, and its number no longer counts
// as one that the campaign has.

export type Dialect = 'v1' | 'v2';

export interface LedgerRow {
  readonly id: string;
  readonly campaignName: string;
  readonly dialect: Dialect;
  /** As received, except that the vendor's `%2B` within the text is `+` here. */
  readonly phoneNumber: string;
  readonly scheduledTime: string;
  /** Every header and value exactly as received. */
  readonly fields: Readonly<Record<string, string>>;
  /** The fields that the replay would change or add: a raw `&` ends a value, `%41` becomes an `A`. */
  readonly replayed?: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** The number of the SeenRequest that brought it. */
  readonly requestNumber: number;
  /** Present after the row was deleted through the API. */
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

  /** Whether a live row of the campaign has the number. */
  holds(campaignName: string, phoneNumber: string): boolean {
    return (this.#numbers.get(campaignName)?.get(phoneNumber) ?? 0) > 0;
  }

  /** The live rows with ids from `fromId` to `toId`, both included. */
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
