// Acceptances still to come: of requests that are carried out a while after they arrived, whoever still waits.
// Each comes once or, when cancelled, never. None may outlive its sandbox, or reach past a reset into the next
// test's ledger.

export class LateAcceptances {
  #timers = new Set<NodeJS.Timeout>();

  add(delayMs: number, accept: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      accept();
    }, delayMs);
    this.#timers.add(timer);
  }

  cancel(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
