// Every requirement of the GraphQL over HTTP specification, as graphql-http audits them: MUST, SHOULD and MAY. A second time as
// well, since what is known by then is answered another way.

import { serverAudits } from 'graphql-http';
import { afterAll, describe, expect, it } from 'vitest';
import { startStack } from '../harness.ts';

const { url } = await startStack({ onFinished: afterAll });
const audits = serverAudits({ url });

describe.each(['', ', a second time'])('GraphQL over HTTP%s', () => {
  it.each(audits.map(({ id, name, fn }) => [id, name, fn] as const))('%s: %s', async (_id, _name, audit) => {
    const result = await audit();
    expect(result.status, 'reason' in result ? result.reason : '').toBe('ok');
  });
});
