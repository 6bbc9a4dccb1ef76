// Relay's environment, for as long as one is signed in, and what the page shows first. With another credential everything is another:
// nothing that was kept may be seen.

import { loadQuery, type PreloadedQuery } from 'react-relay';
import type { IEnvironment } from 'relay-runtime';
import { createRelayEnvironment } from '../../../docs/snippets/relay.ts';
import { credential, endpoint } from '../../web/src/endpoint.ts';
import leadFormDocument, { type leadFormQuery } from './__generated__/leadFormQuery.graphql.ts';
import recordsDocument, { type recordsQuery } from './__generated__/recordsQuery.graphql.ts';

export interface Session {
  id: string;
  environment: IEnvironment;
  leadForm: PreloadedQuery<leadFormQuery>;
  records: PreloadedQuery<recordsQuery>;
}

export function openSession(): Session {
  const environment = createRelayEnvironment(endpoint, credential());
  return {
    id: crypto.randomUUID(),
    environment,
    leadForm: loadQuery<leadFormQuery>(environment, leadFormDocument, {}),
    records: loadQuery<recordsQuery>(environment, recordsDocument, {}),
  };
}
