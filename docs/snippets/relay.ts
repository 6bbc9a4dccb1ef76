// Relay 21. It knows the schema from its compiler. Ids of different types may be alike, and a result has an index: it belongs to
// the answer in which it stands, and is not kept by its id. An artifact that is persisted has an id, and no text. An error is thrown,
// though other fields have data: Relay by itself shows such a field as null.

import { Environment, type GraphQLResponse, Network, Observable, RecordSource, Store } from 'relay-runtime';
import { subscribe } from './subscribe.ts';

export const createRelayEnvironment = (url: string, token: string) =>
  new Environment({
    network: Network.create(
      async ({ id, text }, variables) => {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: JSON.stringify(id ? { documentId: id, variables } : { query: text, variables }),
        });
        const answer = await response.json();
        return answer.errors ? { ...answer, data: null } : answer;
      },
      ({ id, text }, variables) =>
        Observable.create<GraphQLResponse>((sink) => {
          const leaving = new AbortController();
          const body = id ? { documentId: id, variables } : { query: text, variables };
          const read = async () => {
            for await (const data of subscribe<object>(url, token, body, leaving.signal))
              sink.next({ data } as GraphQLResponse);
          };
          read().then(sink.complete, (error) => leaving.signal.aborted || sink.error(error));
          return () => leaving.abort();
        }),
    ),
    store: new Store(new RecordSource()),
    getDataID: ({ id, index }, typename) => (id == null || index != null ? null : `${typename}:${id}`),
  });
