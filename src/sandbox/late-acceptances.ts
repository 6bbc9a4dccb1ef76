// Acceptances that come some time after their requests, whether or not anybody still waits for the answer.
// States of one: pending (added) → accepted (its delay is over) or cancelled. All are cancelled when the sandbox is reset or
// closed, so that none reaches the ledger of the next test.

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
