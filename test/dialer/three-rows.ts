// A chunk of three rows, and what may be replied to it.

import type { Chunk } from '../../src/dialer/chunk.ts';
import type { HttpReply } from '../../src/dialer/transport/http-client.ts';
import { lead } from '../harness.ts';

export const numbers = [0, 1, 2].map((n) => lead(n).phoneNumber);

export const chunk: Chunk = {
  campaignName: 'Sales_Demo',
  checkDuplicate: false,
  timeZone: 'Asia/Kolkata',
  bulkData: {
    map: ['PhoneNumber', 'ScheduledTime'],
    data: numbers.map((number) => [number, '2026-11-26 10:00:00']),
  },
};

export function replyOf(body: string, status = 200): HttpReply & { kind: 'response' } {
  return { kind: 'response', status, headers: {}, body, complete: true };
}
