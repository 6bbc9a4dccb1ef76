// The rows that the sandbox has accepted, in order of acceptance, and what became of each. A test compares them with what it sent.
// Row ids count from 1, and start again only when the ledger is cleared.
// States of a row: waiting (accepted) → deleted (through the API), or handed over at its time (added to its campaign, a duplicate
// there, or refused). A row that was added, and its duplicates, → removed (from the campaign, through the API).
// Every row stays in `rows`. A number counts as one that the campaign has while a row of it waits, or is in the campaign.

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
  /** The number of the SeenRequest that brought it; 0: no request did. */
  readonly requestNumber: number;
  /** Present after the row was deleted through the API, before its time. */
  deleted?: true;
  /** Present after the row was handed over to its campaign. */
  handedOver?: HandOver;
  /** Present after the row's number was removed from the campaign through the API. */
  removed?: true;
}

export interface HandOver {
  /** Epoch milliseconds: the row's own time, or its acceptance where that came later. */
  readonly at: number;
  /** `added`: its lead is called. `duplicate`: the campaign had the number already. `refused`: nobody is called for it. */
  readonly outcome: 'added' | 'duplicate' | 'refused';
  /** The `Response` in the list. */
  readonly response: string;
}

export type NewRow = Omit<LedgerRow, 'id' | 'deleted' | 'handedOver' | 'removed'>;

export class Ledger {
  readonly rows: LedgerRow[] = [];
  #waiting = new PerNumber<number>();
  #inCampaign = new PerNumber<LedgerRow[]>();
  #timetable: Due[] = [];
  #nextDueAt = Infinity;

  /** `dueAt`: the instant of the row's scheduled time, in epoch milliseconds. */
  accept(row: NewRow, dueAt: number): void {
    const accepted: LedgerRow = { id: String(this.rows.length + 1), ...row };
    this.rows.push(accepted);
    this.#countWaiting(accepted, 1);
    this.#timetable.push({ row: accepted, dueAt });
    this.#nextDueAt = Math.min(this.#nextDueAt, dueAt);
  }

  /** Whether a row of the number waits for the campaign, or is in it. */
  holds(campaignName: string, phoneNumber: string): boolean {
    return (
      (this.#waiting.get(campaignName, phoneNumber) ?? 0) > 0 || this.hasAdded(campaignName, phoneNumber)
    );
  }

  hasAdded(campaignName: string, phoneNumber: string): boolean {
    return this.added(campaignName, phoneNumber).length > 0;
  }

  /** The rows for which the number is in the campaign: the one that brought it, and its duplicates. */
  added(campaignName: string, phoneNumber: string): readonly LedgerRow[] {
    return this.#inCampaign.get(campaignName, phoneNumber) ?? [];
  }

  /** The waiting rows with ids from `fromId` to `toId`, both included. */
  waiting(fromId: number, toId: number): LedgerRow[] {
    return this.rows.slice(Math.max(0, fromId - 1), Math.max(0, toId)).filter(isWaiting);
  }

  /** The waiting rows whose time has come by `now`, by time and then by acceptance. Each is returned once. */
  takeDue(now: number): readonly Due[] {
    if (now < this.#nextDueAt) return [];
    const due: Due[] = [];
    const later: Due[] = [];
    this.#nextDueAt = Infinity;
    for (const entry of this.#timetable) {
      if (!isWaiting(entry.row)) continue;
      if (entry.dueAt <= now) {
        due.push(entry);
        continue;
      }
      later.push(entry);
      this.#nextDueAt = Math.min(this.#nextDueAt, entry.dueAt);
    }
    this.#timetable = later;
    return due.sort((one, other) => one.dueAt - other.dueAt);
  }

  handOver(row: LedgerRow, handedOver: HandOver): void {
    row.handedOver = handedOver;
    this.#countWaiting(row, -1);
    if (handedOver.outcome === 'refused') return;
    const { campaignName, phoneNumber } = row;
    this.#inCampaign.set(campaignName, phoneNumber, [...this.added(campaignName, phoneNumber), row]);
  }

  delete(row: LedgerRow): void {
    if (!isWaiting(row)) return;
    row.deleted = true;
    this.#countWaiting(row, -1);
  }

  /** Takes a number out of the campaign. */
  remove(campaignName: string, phoneNumber: string): void {
    for (const row of this.added(campaignName, phoneNumber)) row.removed = true;
    this.#inCampaign.delete(campaignName, phoneNumber);
  }

  clear(): void {
    this.rows.length = 0;
    this.#waiting = new PerNumber();
    this.#inCampaign = new PerNumber();
    this.#timetable = [];
    this.#nextDueAt = Infinity;
  }

  #countWaiting({ campaignName, phoneNumber }: LedgerRow, by: 1 | -1): void {
    const count = (this.#waiting.get(campaignName, phoneNumber) ?? 0) + by;
    if (count > 0) this.#waiting.set(campaignName, phoneNumber, count);
    else this.#waiting.delete(campaignName, phoneNumber);
  }
}

interface Due {
  readonly row: LedgerRow;
  readonly dueAt: number;
}

function isWaiting({ deleted, handedOver }: LedgerRow): boolean {
  return deleted !== true && handedOver === undefined;
}

/** A value for each number of each campaign. */
class PerNumber<Value> {
  #campaigns = new Map<string, Map<string, Value>>();

  get(campaignName: string, phoneNumber: string): Value | undefined {
    return this.#campaigns.get(campaignName)?.get(phoneNumber);
  }

  set(campaignName: string, phoneNumber: string, value: Value): void {
    let numbers = this.#campaigns.get(campaignName);
    if (numbers === undefined) {
      numbers = new Map();
      this.#campaigns.set(campaignName, numbers);
    }
    numbers.set(phoneNumber, value);
  }

  delete(campaignName: string, phoneNumber: string): void {
    this.#campaigns.get(campaignName)?.delete(phoneNumber);
  }
}
