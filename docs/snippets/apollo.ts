// Apollo Client 4. Without possibleTypes its cache drops what is selected through an interface, such as ... on RecordError. What has
// an index belongs to the answer in which it stands, and is not kept by its id.

import { ApolloClient, defaultDataIdFromObject, HttpLink, InMemoryCache } from '@apollo/client';
import { possibleTypes } from '@dialgraph/client/possible-types';

export const createCache = () =>
  new InMemoryCache({
    possibleTypes,
    dataIdFromObject: (object) => ('index' in object ? undefined : defaultDataIdFromObject(object)),
  });

export const createApolloClient = (uri: string, token: string) =>
  new ApolloClient({
    link: new HttpLink({ uri, headers: { authorization: `Bearer ${token}` } }),
    cache: createCache(),
  });
