// One rule: the same request with the same idempotencyKey, as often as you like. What is settled is told again, what is unknown is
// looked up, and only what was certainly not accepted is sent.

import {
  BusyError,
  isRecordError,
  MalformedAnswerError,
  NetworkError,
  type ScheduleInput,
  type SchedulePayload,
  schedule,
  type Transport,
} from '@dialgraph/client';

const attempts = 6;
const longestSeconds = 300;
const inSeconds = (seconds: number) => new Promise<unknown>((resolve) => setTimeout(resolve, seconds * 1000));

export async function scheduleSurely(
  transport: Transport,
  input: ScheduleInput & { idempotencyKey: string },
  wait = inSeconds,
): Promise<SchedulePayload> {
  for (let attempt = 1; ; attempt++) {
    let seconds = 2 ** attempt;
    try {
      const payload = await schedule(transport, input);
      const errors = payload.results.filter(isRecordError);
      const isUnknown = errors.some(({ __typename }) => __typename === 'OutcomeUnknownError');
      const isOpen = isUnknown || errors.some(({ retryable }) => retryable);
      if (!isOpen || attempt === attempts) return payload;
      if (isUnknown) seconds = 60;
    } catch (error) {
      const mayPass = [BusyError, NetworkError, MalformedAnswerError].some((kind) => error instanceof kind);
      if (!mayPass || attempt === attempts) throw error;
      // At least as long as the last time, whatever it asks for.
      const { retryAfterSeconds = null } = error as Partial<BusyError>;
      seconds = Math.min(Math.max(seconds, retryAfterSeconds ?? 0), longestSeconds);
    }
    await wait(seconds);
  }
}
