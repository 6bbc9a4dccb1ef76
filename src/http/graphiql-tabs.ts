// The tabs of the GraphiQL page: operations that run as they are. Each is a document in graphql's own print, one field a line,
// with what it sends in variables, as a front end would write it.

import { parse, print } from 'graphql';

export interface Tab {
  query: string;
  /** JSON, laid out for a person. */
  variables?: string;
}

/** `time`: an ISO 8601 time at which a lead may be called. `live`: whether the dialer calls people; then no tab sends anything. */
export function createTabs(time: string, live: boolean): Tab[] {
  const input = { campaignName: 'Sales_Demo', records: leads(time) };
  const validated = { input: { ...input, validateOnly: true } };
  const schedule = tab(
    [
      'Three leads; one has no number that can be called.',
      'What is sent stands below, in the variables.',
      ...(live
        ? ['This server calls people, so the tab validates.', 'Without validateOnly it schedules.']
        : ['The sandbox dialer takes it, and calls nobody.']),
    ],
    mutation('Schedule'),
    live ? validated : { input },
  );
  const validate = tab(['The same checks, and nothing is sent.'], mutation('Validate'), validated);
  const errors = tab(
    [
      'Every error of a record alone: the reference',
      'says which. In this campaign of the sandbox the name',
      'of a record decides what the dialer makes of it.',
    ],
    errorsMutation,
    {
      input: { campaignName: 'Errors_Demo', records: errorRecords(time) },
      agentWise: {
        campaignName: 'Agents_Demo',
        records: [{ reference: 'MissingAgentIdError', phoneNumber: '+91 98765 00099', scheduledTime: time }],
      },
    },
  );
  return [
    schedule,
    validate,
    ...(live ? [] : [errors]),
    tab(
      ['For a form, as a person types: the same checks as a', 'query, which takes nothing from your rate.'],
      liveForm,
      { input: { ...input, records: [leads(time)[1]] } },
    ),
    tab(
      ['What is scheduled with the dialer, and what became', 'of it at its time: the first page of a list.'],
      records,
      { first: 20, filter: { campaignName: 'Sales_Demo' } },
    ),
    tab(
      [
        'A lead is cancelled by its number, and another gets',
        'a new time by its id, which the tab before tells.',
        ...(live ? ['This server calls people, so the tab validates.'] : []),
      ],
      changeMind,
      {
        cancel: { campaignName: 'Sales_Demo', phoneNumber: '+44 20 7946 0958', validateOnly: live },
        reschedule: { records: [{ id: '1', scheduledTime: time }], validateOnly: live },
      },
    ),
    tab(
      [
        'A file of leads: it goes to uploadUrl next, as with',
        'curl -T leads.csv <uploadUrl>. AFTER_REVIEW: it is',
        'checked, and nothing is sent before confirmImport.',
      ],
      startImport,
      {
        input: {
          campaignName: 'Sales_Demo',
          fileName: 'leads.csv',
          fileSize: 1000,
          start: 'AFTER_REVIEW',
        },
      },
    ),
    tab(['The files of leads, the newest first, and what', 'became of their rows.'], imports, { first: 20 }),
    tab(
      ['Who you are, and the campaigns that you may use:', 'what is configured, and what the dialer says.'],
      campaigns,
    ),
    tab(['What this API takes at most, and what it assumes.'], limits),
  ];
}

function tab(comments: readonly string[], document: string, variables?: object): Tab {
  const query = `${comments.map((line) => `# ${line}\n`).join('')}${print(parse(document))}\n`;
  return { query, ...(variables && { variables: JSON.stringify(variables, null, 2) }) };
}

const limits = `query Limits {
  limits { maxRecordsPerMutation recordsPerDialerRequest horizonDays maxRowBytes minPriority maxPriority timeZone region }
}`;

const campaigns = `query Campaigns {
  viewer { name account scopes campaigns rate { recordsPerMinute recordsLeft fullInSeconds } }
  campaigns { name exists id position headers routing timeZone }
}`;

const records = `query Records($first: Int!, $after: String, $filter: CampaignRecordFilter) {
  campaignRecords(first: $first, after: $after, filter: $filter) {
    totalCount
    edges { node {
      id campaignName phoneNumber scheduledTime dialerTime
      headers { header value }
      handoff { status rejection dialerMessage }
    } }
    pageInfo { hasNextPage endCursor }
    error { ... on RequestError { message } }
  }
}`;

const startImport = `mutation Start_import($input: StartImportInput!) {
  startImport(input: $input) {
    __typename
    ... on ImportPayload { import { id state uploadUrl } }
    ... on RequestError { message }
    ... on InvalidInputError { issues { path message } }
  }
}`;

const imports = `query Imports($first: Int!, $after: String) {
  imports(first: $first, after: $after) {
    nodes {
      id campaignName fileName state waitingFor estimatedFinishAt
      counts { total valid scheduled failed skipped unknown notSent }
      firstErrors { line column message }
      resultsUrl
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

const changeMind = `mutation Change_mind($cancel: CancelCampaignRecordsInput!, $reschedule: RescheduleCampaignRecordsInput!) {
  cancelCampaignRecords(input: $cancel) {
    __typename
    ... on CancelCampaignRecordsPayload {
      status
      results {
        __typename
        ... on CancelledRecord { id dialerTime message }
        ... on CancellableRecord { id dialerTime message }
        ... on RecordError { index code message retryable }
      }
    }
    ... on RequestError { message }
  }
  rescheduleCampaignRecords(input: $reschedule) {
    __typename
    ... on RescheduleCampaignRecordsPayload {
      status
      results {
        __typename
        ... on RescheduledRecord { id newId dialerTime message }
        ... on ReschedulableRecord { id dialerTime message }
        ... on RecordError { index code message retryable }
      }
    }
    ... on RequestError { message }
  }
}`;

const liveForm = `query Live_form($input: ValidateCampaignDataInput!) {
  validateCampaignData(input: $input) {
    __typename
    ... on ScheduleCampaignDataPayload {
      results {
        __typename
        ... on ValidRecord { index phoneNumber scheduledTime dialerTime }
        ... on RecordError { index problems { field reason message } }
      }
    }
    ... on RequestError { message }
  }
}`;

const accepted = 'index reference phoneNumber scheduledTime dialerTime message';

const outcome = `{
  __typename
  ... on ScheduleCampaignDataPayload {
    status
    summary { total scheduled valid failed skipped unknown }
    results {
      __typename
      ... on ScheduledRecord { ${accepted} }
      ... on ValidRecord { ${accepted} }
      ... on RecordError { index reference code field message retryable }
    }
  }
  ... on RequestError { message }
  ... on InvalidInputError { issues { path message } }
}`;

function mutation(name: string): string {
  return `mutation ${name}($input: ScheduleCampaignDataInput!) { scheduleCampaignData(input: $input) ${outcome} }`;
}

const errorsMutation = `mutation Errors_Demo($input: ScheduleCampaignDataInput!, $agentWise: ScheduleCampaignDataInput!) {
  scheduleCampaignData(input: $input) { ...Outcome }
  agentWise: scheduleCampaignData(input: $agentWise) { ...Outcome }
}
fragment Outcome on ScheduleCampaignDataResult ${outcome}`;

function leads(scheduledTime: string): object[] {
  return [
    { reference: 'lead-1', phoneNumber: '098765 43210', scheduledTime, name: 'Asha Rao' },
    { reference: 'lead-2', phoneNumber: '12345', scheduledTime, name: 'A number that is none' },
    { reference: 'lead-3', phoneNumber: '+44 20 7946 0958', scheduledTime, priority: 50 },
  ];
}

/** Each record is answered with what its reference says: by the dialer for its name, or by this service for another field. */
function errorRecords(scheduledTime: string): object[] {
  const byName: [reference: string, name: string][] = [
    ['ScheduledRecord', 'Asha Rao'],
    ['DialerRejectionError', 'REJECTED'],
    ['DuplicateRecordError', 'DUPLICATE'],
    ['MissingPhoneNumberError', 'NO_NUMBER'],
    ['MissingScheduledTimeError', 'NO_TIME'],
    ['InvalidDateFormatError', 'WRONG_DATE'],
    ['InvalidApiKeyOrCampaignError', 'WRONG_ACCOUNT'],
    ['MissingBulkDataError', 'NO_DATA'],
    ['DialerThrottledError', 'THROTTLED'],
    ['DialerUnavailableError', 'UNAVAILABLE'],
    ['OutcomeUnknownError', 'UNKNOWN'],
  ];
  const byField: [reference: string, field: object][] = [
    ['MissingPhoneNumberError', { phoneNumber: '' }],
    ['MissingScheduledTimeError', { scheduledTime: '' }],
    ['InvalidPhoneNumberError', { phoneNumber: '12345' }],
    ['InvalidDateFormatError', { scheduledTime: 'soon' }],
    ['ScheduledTimeOutOfRangeError', { scheduledTime: '2001-01-01T00:00:00Z' }],
    ['InvalidFieldError', { priority: 100 }],
    ['UnknownHeaderError', { customFields: [{ header: 'Company', value: 'Acme' }] }],
  ];
  const fields = [
    ...byName.map(([reference, name]) => ({ reference, name })),
    ...byField.map(([reference, field]) => ({ reference, ...field })),
  ];
  return fields.map(({ reference, ...field }, n) => ({
    reference,
    phoneNumber: `+91 98765 000${String(n).padStart(2, '0')}`,
    scheduledTime,
    ...field,
  }));
}
