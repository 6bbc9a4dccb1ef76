// What the upstream counts between two resets. `refused` are requests and rows that no contestant should ever send.

export interface Counts {
  requests: number;
  rows: number;
  twice: number;
  refused: number;
}
