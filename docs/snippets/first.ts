// Two leads, and what became of each. Every kind of result is typed.

import { fetchTransport, match, schedule } from '@dialgraph/client';

export async function scheduleTwo(url: string, token: string): Promise<string[]> {
  const transport = fetchTransport({ url, headers: () => ({ authorization: `Bearer ${token}` }) });
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  const { results } = await schedule(transport, {
    campaignName: 'Sales_Demo',
    idempotencyKey: crypto.randomUUID(),
    records: [
      { reference: 'lead-1', phoneNumber: '098765 43210', scheduledTime: tomorrow, name: 'Asha Rao' },
      { reference: 'lead-2', phoneNumber: '12345', scheduledTime: tomorrow },
    ],
  });
  return results.map((result) =>
    match(result, {
      ScheduledRecord: ({ reference, dialerTime }) => `${reference}: will be called at ${dialerTime}`,
      ValidRecord: ({ reference }) => `${reference}: is fine`,
      RecordError: ({ reference, message }) => `${reference}: ${message}`,
      otherwise: ({ message = 'something that this page does not know yet' }) => message,
    }),
  );
}
