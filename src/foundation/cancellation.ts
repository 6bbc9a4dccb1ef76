// Why work is stopped before its end. The cause is the reason of an aborted signal; the words are for the records that were not
// sent for it.

export type CancellationCause = 'caller-gone' | 'shutting-down';

const texts: Record<CancellationCause, string> = {
  'caller-gone': 'the caller went away',
  'shutting-down': 'the service is shutting down',
};

export function cancel(controller: AbortController, cause: CancellationCause): void {
  controller.abort(cause);
}

/** Of an aborted signal, which has been aborted by `cancel`, or with the reason of one that was. */
export function causeOf({ reason }: AbortSignal): CancellationCause {
  return reason === 'shutting-down' ? reason : 'caller-gone';
}

/** The cause in words. */
export function causeText(signal: AbortSignal): string {
  return texts[causeOf(signal)];
}
