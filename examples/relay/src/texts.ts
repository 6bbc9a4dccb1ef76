// Every English text of the page. What the server says of a record is shown as it says it.

const handoff: Record<string, string> = {
  PENDING: 'Waits for its time',
  ADDED: 'In its campaign',
  REJECTED: 'Refused',
  UNKNOWN: 'Not known',
};

export const t = {
  app: {
    name: 'Dialgraph',
    title: 'Calls, over Relay',
    lead: 'Schedule a call to one person, and see what the dialer has.',
    asking: 'Asking…',
  },
  signIn: {
    title: 'Sign in',
    key: 'API key or token',
    hint: 'It is kept for as long as this tab is open.',
    submit: 'Sign in',
  },
  failure: {
    title: 'It was not carried out',
    noAnswer: 'The server did not answer.',
    again: 'Send it again',
  },
  fields: {
    campaignName: 'Campaign',
    phoneNumber: 'Phone number',
    name: 'Name, if you know it',
    scheduledTime: 'Call at',
  },
  lead: {
    title: 'One lead',
    choose: 'Choose one…',
    phoneHint: (region: string) => `With + and country code, or as it is dialled in ${region}.`,
    timeHint: (zone: string) => `On the campaign’s clock: ${zone.replaceAll('_', ' ')}.`,
    submit: 'Schedule the call',
    sending: 'Scheduling…',
    scheduled: (number: string) => `${number} is scheduled`,
    willBeCalled: (time: string) => `The call is made when the dialer’s clock shows ${time}.`,
    notScheduled: 'It is not scheduled',
    unsettled: (number: string) => `Nobody knows yet whether ${number} is scheduled`,
    unsettledAdvice:
      'Send it again: it is the same request under the same key, so that nobody is called twice. Until it is answered, the form waits.',
  },
  records: {
    title: 'Scheduled',
    columns: ['Phone number', 'Name', 'Call at', 'Campaign', 'State', 'What to do'],
    refresh: 'Refresh',
    more: 'Show more',
    none: 'Nothing is scheduled.',
    noList: 'The list cannot be shown',
    shown: (shown: number, total: number) => `${shown.toLocaleString('en')} of ${total.toLocaleString('en')}`,
    cancel: 'Cancel',
    cancelOf: (number: string, time: string) => `Cancel the call to ${number}, ${time}`,
    cancelled: (number: string) => `The call to ${number} is cancelled.`,
  },
  otherwise: (kind: string) =>
    `The server answered with something that this page does not know yet: ${kind}.`,
  handoffOf: (status: string) => handoff[status] ?? status,
};
