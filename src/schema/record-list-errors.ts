// Why the dialer's list of records cannot be read or changed: request errors of the queries and mutations over it.

import { RecordListTooLong, RecordListUnavailable, RecordsNotSupported } from '../records/request-error.ts';
import { builder } from './builder.ts';
import { RequestError } from './request-errors.ts';

/** The classes that a resolver may throw, for the `errors` option of a field. */
export const recordListErrors = [RecordsNotSupported, RecordListUnavailable, RecordListTooLong];

builder.objectType(RecordsNotSupported, {
  name: 'RecordsNotSupportedError',
  interfaces: [RequestError],
  description:
    "The account's dialer API (v1) can neither list scheduled records nor take one back. Nothing was changed, and another try does not help.",
});

builder.objectType(RecordListUnavailable, {
  name: 'RecordListUnavailableError',
  interfaces: [RequestError],
  description:
    "The dialer's list of scheduled records could not be had: it is out of reach, asks for fewer requests, refuses the account, or its answer was cut off. A part of a list is never shown as the whole. Nothing was changed. Ask again.",
  fields: (t) => ({
    retryAfterSeconds: t.exposeInt('retryAfterSeconds', {
      description: 'How many seconds to wait before another try.',
    }),
  }),
});

builder.objectType(RecordListTooLong, {
  name: 'RecordListTooLongError',
  interfaces: [RequestError],
  description:
    'The account has more scheduled records than are read. The dialer can only list all of them at once, so none are shown and nothing was changed. Tell the people who run this service.',
  fields: (t) => ({
    maxRecords: t.exposeInt('maxRecords', { description: 'How many are read at most.' }),
  }),
});
