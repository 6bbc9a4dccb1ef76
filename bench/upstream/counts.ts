// What the upstream counts between two resets. `refused` counts requests and rows that no contestant should send.

export interface Counts {
  requests: number;
  rows: number;
  twice: number;
  refused: number;
}
