// The tabs of the GraphiQL page: what they hold, and that they show everything. graphiql.browser.ts runs them.

import { type GraphQLUnionType, parse, print, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createTabs, type Tab } from '../../src/http/graphiql-tabs.ts';
import { demonstrations } from '../../src/sandbox/errors-demo.ts';
import { schema } from '../../src/schema/index.ts';
import { now, startStack } from '../harness.ts';

describe('the tabs', () => {
  const time = new Date(now + 86_400_000).toISOString();

  it.each([true, false])('are valid, one field a line, and select every error (live: %j)', (live) => {
    const tabs = createTabs(time, live);
    expect(tabs).toHaveLength(live ? 9 : 10);
    for (const { query } of tabs) {
      const document = parse(query);
      expect(validate(schema, document)).toEqual([]);
      const code = query.replace(/^#.*\n/gm, '');
      expect(code).toBe(`${print(document)}\n`);
      expect(query.match(/^# .{53,}$/gm), 'a comment is longer than the editor is wide').toBeNull();
      if (!query.includes('scheduleCampaignData')) continue;
      const union = schema.getType('ScheduleCampaignDataResult') as GraphQLUnionType;
      for (const type of union.getTypes()) {
        const names = [type, ...type.getInterfaces()].map(({ name }) => `... on ${name} {`);
        expect(
          names.some((name) => code.includes(name)),
          type.name,
        ).toBe(true);
      }
    }
  });

  it('send nothing where the dialer calls people', () => {
    const mutations = createTabs(time, true).filter(({ query }) => /^mutation/m.test(query));
    expect(mutations).toHaveLength(4);
    // An import waits for its file, and then for whoever confirms it.
    for (const { variables = '' } of mutations)
      for (const input of Object.values<{ validateOnly?: boolean; start?: string }>(JSON.parse(variables)))
        expect(input.validateOnly === true || input.start === 'AFTER_REVIEW').toBe(true);
  });

  it('show each result of a record, and each name of Errors_Demo', async () => {
    const stack = await startStack();
    const { variables = '' } = createTabs(
      new Date(stack.clock.now + 86_400_000).toISOString(),
      false,
    )[2] as Tab;
    const { input, agentWise } = JSON.parse(variables);
    const results = (await Promise.all([stack.scheduled(input), stack.scheduled(agentWise)])).flatMap(
      (payload) => payload.results,
    );
    for (const { reference, __typename } of results) expect(__typename).toBe(reference);
    const possible = (schema.getType('RecordResult') as GraphQLUnionType).getTypes();
    // These are of all records of a request, and of none alone; or they need calling hours, or a file of numbers.
    const ofRequest = ['ValidRecord', 'InvalidApiKeyError', 'CampaignNotFoundError'];
    const notShown = [...ofRequest, 'OutsideCallingHoursError', 'SuppressedNumberError'];
    expect(new Set(results.map(({ __typename }) => __typename as string))).toEqual(
      new Set(possible.map(({ name }) => name).filter((name) => !notShown.includes(name))),
    );
    for (const name of Object.keys(demonstrations)) expect(variables).toContain(`"${name}"`);
  });
});
