// What Relay's hooks hand to a page: what the store has of an answer.

import {
  commitMutation,
  createOperationDescriptor,
  type Environment,
  type GraphQLTaggedNode,
  getRequest,
  type MutationParameters,
  type OperationType,
  requestSubscription,
} from 'relay-runtime';
import type { Progress } from '../client.ts';

/** As `useMutation` hands it to a page: what the store has of the answer. */
export function mutate<Mutation extends MutationParameters>(
  environment: Environment,
  mutation: GraphQLTaggedNode,
  variables: Mutation['variables'],
): Promise<Mutation['response']> {
  return new Promise((resolve, reject) => {
    commitMutation<Mutation>(environment, {
      mutation,
      variables,
      onCompleted: (response) => resolve(response),
      onError: reject,
    });
  });
}

/** As `useSubscription` hands it to a page. */
export function watch<Subscription extends OperationType & { response: { importProgress: Progress } }>(
  environment: Environment,
  subscription: GraphQLTaggedNode,
  variables: Subscription['variables'],
  see: (progress: Progress) => void,
): Promise<void> {
  return new Promise((onCompleted, onError) => {
    requestSubscription<Subscription>(environment, {
      subscription,
      variables,
      onNext: (response) => response && see(response.importProgress),
      onCompleted,
      onError,
    });
  });
}

/** As `useLazyLoadQuery` hands it to a page, and with nothing sent. */
export function lookUp<Query extends OperationType>(
  environment: Environment,
  query: GraphQLTaggedNode,
  variables: Query['variables'],
): Query['response'] {
  const operation = createOperationDescriptor(getRequest(query), variables);
  return environment.lookup(operation.fragment).data as Query['response'];
}
