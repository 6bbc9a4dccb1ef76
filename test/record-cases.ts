// A record's fields and what its result must be, as a table: each row is sent alone, and only validated.

import { describe, expect, it } from 'vitest';
import type { CampaignRecordInput } from './gql/graphql.ts';
import { lead, now, type RecordResult, startStack } from './harness.ts';

export interface Case {
  what: string;
  fields: Partial<CampaignRecordInput>;
  expected: Partial<Record<string, unknown>> & { __typename: RecordResult['__typename'] };
}

export const refused = (__typename: RecordResult['__typename'], more: Record<string, unknown> = {}) => ({
  __typename,
  ...more,
});
export const valid = (more: Record<string, unknown> = {}) => ({
  __typename: 'ValidRecord' as const,
  ...more,
});
export const iso = (time: string | Date) => new Date(time).toISOString();
export const horizon = new Date(now + 30 * 86_400_000).toISOString();

export function describeCases(what: string, cases: readonly Case[]): void {
  describe(`${what} of a record`, () => {
    it.each(cases)('$what', async ({ fields, expected }) => {
      const { scheduled, sandbox } = await startStack();
      const { results } = await scheduled({ validateOnly: true, records: [lead(0, fields)] });
      expect(results).toHaveLength(1);
      expect(results[0]).toMatchObject({ index: 0, reference: 'lead-0', ...expected });
      expect(sandbox.requests).toEqual([]);
    });
  });
}
