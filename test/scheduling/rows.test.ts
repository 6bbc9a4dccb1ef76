// What of a record reaches the dialer, and in which words.

import { describe, expect, it } from 'vitest';
import { lead, startStack } from '../harness.ts';

describe('a record', () => {
  it('is sent as the dialer wants it', async () => {
    const { scheduled, sandbox } = await startStack();
    const { status } = await scheduled({
      records: [
        lead(0, {
          phoneNumber: '+91 98765 43210',
          scheduledTime: '2026-11-26T00:00:00Z',
          name: ' Asha Rao ',
          priority: 7,
          expiryDate: '2026-11-30',
          agentId: 'agent-1',
          skill: 'hindi',
          customFields: [{ header: 'City', value: 'Pune' }],
        }),
      ],
    });
    expect(status).toBe('SCHEDULED');
    expect(sandbox.ledger[0]?.fields).toEqual({
      PhoneNumber: '9876543210',
      ScheduledTime: '2026-11-26 05:30:00',
      Name: 'Asha Rao',
      Priority: '7',
      ExpiryDate: '2026-11-30 23:59:59',
      AgentID: 'agent-1',
      skill: 'hindi',
      City: 'Pune',
    });
  });

  it('of another country goes out with %2B and the country code', async () => {
    const { scheduled, sandbox } = await startStack();
    await scheduled({ records: [lead(0, { phoneNumber: '+44 20 7946 0958' })] });
    expect(sandbox.ledger[0]?.fields.PhoneNumber).toBe('%2B442079460958');
  });

  it('of the configured region goes out in national digits', async () => {
    const { scheduled, sandbox } = await startStack({ env: { DIALER_REGION: 'GB' } });
    await scheduled({
      records: [lead(0, { phoneNumber: '020 7946 0958' }), lead(1, { phoneNumber: '+919876543210' })],
    });
    expect(sandbox.ledger.map(({ fields }) => fields.PhoneNumber)).toEqual(['2079460958', '%2B919876543210']);
  });

  it('needs an agent in an agent-wise campaign', async () => {
    const { scheduled, sandbox } = await startStack();
    const { results } = await scheduled({
      campaignName: 'Agents_Demo',
      records: [lead(0), lead(1, { agentId: 'agent-1' }), lead(2, { agentId: ' ' })],
    });
    expect(results.map(({ __typename }) => __typename)).toEqual([
      'MissingAgentIdError',
      'ScheduledRecord',
      'MissingAgentIdError',
    ]);
    expect(sandbox.ledger).toHaveLength(1);
  });

  it('of a campaign that is not listed may use any header', async () => {
    const { scheduled } = await startStack();
    const { results } = await scheduled({
      campaignName: 'Elsewhere',
      validateOnly: true,
      records: [lead(0, { customFields: [{ header: 'Anything', value: 'goes' }] })],
    });
    expect(results[0]?.__typename).toBe('ValidRecord');
  });

  it('is never shown with its whole number in a message', async () => {
    const { scheduled } = await startStack();
    const { results } = await scheduled({
      records: [lead(0, { phoneNumber: '98765432101234' }), lead(1, { phoneNumber: '9876543210x' })],
    });
    expect(JSON.stringify(results)).not.toMatch(/987654/);
  });

  it('whose columns were mixed up names the number in no message either', async () => {
    const { scheduled } = await startStack();
    const { results } = await scheduled({
      records: [
        lead(0, { scheduledTime: '9876543210' }),
        lead(1, { expiryDate: '+91 98765 43210' }),
        lead(2, { customFields: [{ header: '9876543210', value: 'x' }] }),
      ],
    });
    for (const result of results) {
      expect(result.__typename).toMatch(/Error$/);
      expect(result.message).not.toMatch(/98765/);
    }
  });
});
