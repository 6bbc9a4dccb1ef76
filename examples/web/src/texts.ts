// Every English text of the page. What the server says of a record is shown as it says it.

const many = (count: number, one: string, several = `${one}s`) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : several}`;

const bytes = (count: number) =>
  count < 1_000_000
    ? `${Math.ceil(count / 1000).toLocaleString('en')} kB`
    : `${(count / 1_000_000).toFixed(1)} MB`;

const joined = (parts: readonly (string | false)[]) => parts.filter(Boolean).join(' · ');

interface Counts {
  total: number | null;
  valid: number;
  scheduled: number;
  failed: number;
  skipped: number;
  unknown: number;
  notSent: number;
}

const days = { MON: 'Mon', TUE: 'Tue', WED: 'Wed', THU: 'Thu', FRI: 'Fri', SAT: 'Sat', SUN: 'Sun' };
type Day = keyof typeof days;
const week = Object.keys(days) as Day[];

/** `Mon–Fri`, or each by name where they are no row. */
function daysText(given: readonly Day[]): string {
  const sorted = week.filter((day) => given.includes(day));
  const [first] = sorted;
  const last = sorted.at(-1);
  if (first === undefined || last === undefined) return '';
  const isRow = sorted.length > 2 && week.indexOf(last) - week.indexOf(first) === sorted.length - 1;
  return isRow ? `${days[first]}–${days[last]}` : sorted.map((day) => days[day]).join(', ');
}

const fields = {
  phoneNumber: 'Phone number',
  name: 'Name',
  scheduledTime: 'Call at',
  reference: 'Your own id',
  priority: 'Priority',
  expiryDate: 'Not after',
  agentId: 'Agent',
  skill: 'Skill',
};

const scopes = { READ: 'look things up', SCHEDULE: 'schedule calls', CANCEL: 'cancel and move calls' };

export const t = {
  app: {
    name: 'Dialgraph',
    title: (view: string) => `${view} · Dialgraph`,
    opening: 'Opening…',
    skip: 'Skip to the content',
    over: 'Over',
  },
  nav: {
    label: 'Views',
    lead: 'One lead',
    list: 'A list',
    scheduled: 'Scheduled',
    campaigns: 'Campaigns',
  },
  viewer: {
    label: 'Who you are',
    account: (account: string) => `account ${account}`,
    may: (given: readonly (keyof typeof scopes)[]) =>
      given.length === 0
        ? 'You may do nothing here.'
        : `You may ${given.map((scope) => scopes[scope]).join(', ')}.`,
    rate: ({ recordsLeft, recordsPerMinute }: { recordsLeft: number; recordsPerMinute: number }) =>
      `${recordsLeft.toLocaleString('en')} of ${recordsPerMinute.toLocaleString('en')} records left this minute`,
    mayNotSchedule: 'You may not schedule calls. Ask whoever gave you your key for the scope “schedule”.',
  },
  signIn: {
    title: 'Sign in',
    key: 'API key or token',
    hint: 'It is kept for as long as this tab is open.',
    submit: 'Sign in',
  },
  failure: {
    again: 'Send it again',
    network: 'The server did not answer',
    signedOut: 'You are signed out. Reload the page to sign in; a list goes on where it stopped.',
    forbidden: 'You may not do this',
    busy: 'The server asks to come again later',
    elsewhere: 'This list is at work in another tab',
    otherList: 'This is not the list that was begun. Nothing was sent.',
    store: 'This browser keeps nothing for this page, so nothing was sent',
    refused: 'It was not carried out',
  },
  field: {
    optional: 'optional',
    wholeNumber: 'This is no whole number.',
  },
  fields,
  campaign: {
    label: 'Campaign',
    choose: 'Choose one…',
    missing: 'The dialer does not have this campaign.',
    zone: (zone: string, offset: string) =>
      `Times are on the clock of ${zone.replaceAll('_', ' ')}, ${offset}.`,
  },
  lead: {
    title: 'One lead',
    lead: 'Schedule a call to one person. What you type is checked as you go.',
    phoneHint: (region: string) => `With + and country code, or as it is dialled in ${region}.`,
    timeHint: (zone: string) => `On the campaign’s clock: ${zone.replaceAll('_', ' ')}.`,
    priorityHint: (min: number, max: number) => `${min} to ${max}. Higher is dialled sooner.`,
    expiryHint: 'After this nobody calls any more.',
    more: 'More about this call',
    submit: 'Schedule the call',
    sending: 'Scheduling…',
    checking: 'Checking…',
    notChecked: (reason: string) => `Not checked yet: ${reason}`,
    valid: (time: string, dialerTime: string) =>
      `Ready: ${time}. The dialer’s clock will show ${dialerTime}.`,
    notValid: 'Something has to be corrected first.',
    missing: (names: readonly string[]) =>
      `Still needed: ${names.map((name) => fields[name as keyof typeof fields] ?? name).join(', ')}.`,
    told: 'Just scheduled',
    nothingTold: 'Calls that you schedule are shown here.',
    scheduled: (time: string, dialerTime: string) =>
      `Will be called ${time}. The dialer’s clock will show ${dialerTime}.`,
    refused: 'It is not scheduled',
    unsettled: (number: string) => `Nobody knows yet whether ${number} is scheduled`,
    unsettledReload: 'The page was closed before the answer came.',
    unsettledAdvice:
      'Send it again: it is the same request under the same key, so that nobody is called twice. Until it is answered, the form waits.',
  },
  list: {
    title: 'A list',
    lead: 'Paste rows from a spreadsheet, or drop a file. You see what is wrong before anybody is called.',
    column: (position: number) => `Column ${position + 1}`,
    rowReference: (position: number) => `row ${position + 1}`,
    rows: 'Rows of the list',
    number: 'Row',
    state: 'State',
    filter: 'Which rows are shown',
    cell: (column: string, row: number) => `${column} of row ${row}`,
    sending: 'Sending the list',
    summary: 'Where the list stands',
    counts: (counts: {
      scheduled: number;
      ready: number;
      toCorrect: number;
      unknown: number;
      skipped: number;
    }) =>
      joined([
        counts.scheduled > 0 && `${many(counts.scheduled, 'row')} scheduled`,
        counts.ready > 0 && `${counts.ready.toLocaleString('en')} ready`,
        counts.toCorrect > 0 && `${counts.toCorrect.toLocaleString('en')} to correct`,
        counts.skipped > 0 && `${counts.skipped.toLocaleString('en')} left out as duplicates`,
        counts.unknown > 0 && `${counts.unknown.toLocaleString('en')} unknown`,
      ]) || 'Nothing is ready yet.',
    send: (count: number) => (count === 0 ? 'Nothing to schedule' : `Schedule ${many(count, 'call')}`),
    progress: (done: number, total: number) =>
      `${done.toLocaleString('en')} of ${many(total, 'row')} answered`,
    waiting: 'It waits, and goes on by itself',
    waitingAdvice: 'Nothing is lost. You may close this page: the list goes on when you open it again.',
    stop: 'Stop',
    stopped: 'Stopped. What was sent until then is scheduled.',
    done: (scheduled: number, total: number) =>
      `${scheduled.toLocaleString('en')} of ${many(total, 'row')} scheduled.`,
    scheduledFor: (time: string) => time,
    askUnknown: 'Ask again about the unknown',
    skipDuplicates: 'Leave out numbers that are there already',
    another: 'Another list',
    notChecked: (reason: string) => `The rows could not be checked: ${reason}`,
  },
  rowStates: {
    toCorrect: 'Correct it',
    checking: 'Checking…',
    ready: 'Ready',
    sending: 'On its way',
    scheduled: 'Scheduled',
    skipped: 'Duplicate',
    unknown: 'Unknown',
  },
  rowFilters: {
    all: 'All',
    toCorrect: 'To correct',
    checking: 'Being checked',
    ready: 'Ready',
    sending: 'On their way',
    scheduled: 'Scheduled',
    skipped: 'Duplicates',
    unknown: 'Unknown',
  },
  paste: {
    label: 'Rows from a spreadsheet',
    placeholder: 'Phone, name, call at … copied with their headings, and pasted here',
    use: 'Use these rows',
    choose: 'Choose a file',
    example: 'Try an example',
    noCampaign: 'Choose a campaign before a file.',
    hint: 'Or drop a file anywhere in this box: CSV, TSV, Excel (.xlsx) or JSON lines, up to a million rows.',
  },
  mapping: {
    label: 'What the columns are',
    columnIs: (column: string) => `What ${column} is`,
    leftOut: 'Left out',
    headers: 'The campaign’s own',
    noPhoneNumber: 'Say which column has the phone numbers.',
    dates: 'How dates are written',
    dateOrders: {
      asWritten: 'Year first: 2026-12-31 10:00',
      dayFirst: 'Day first: 31/12/2026 10:00',
      monthFirst: 'Month first: 12/31/2026 10:00',
    },
    commonTime: 'Call at, for rows without a time',
    commonTimeHint: (zone: string) => `On the clock of ${zone.replaceAll('_', ' ')}.`,
  },
  unfinished: {
    title: (total: number, campaign: string) =>
      `A list of ${many(total, 'row')} for ${campaign} is not finished`,
    text: 'It goes on where it stopped, and calls nobody twice.',
    goOn: 'Go on',
    forget: 'Forget it',
  },
  files: {
    opening: 'Opening…',
    waiting: 'The server cannot be reached. It goes on by itself when it can.',
    back: '← All lists',
    about: (campaign: string, size: number) => `${campaign} · ${bytes(size)}`,
    uploading: 'Uploading the file',
    received: (received: number, size: number) => `${bytes(received)} of ${bytes(size)} have arrived`,
    checking: (rows: number) => `Checking the file: ${many(rows, 'row')} so far. Nothing is sent.`,
    failed: 'The file could not be used',
    ready: (counts: Counts) =>
      `${many(counts.total ?? 0, 'row')}: ${joined([
        `${counts.valid.toLocaleString('en')} can be scheduled`,
        counts.failed > 0 && `${counts.failed.toLocaleString('en')} to correct`,
        counts.skipped > 0 && `${counts.skipped.toLocaleString('en')} left out`,
      ])}. Nothing is sent yet.`,
    sending: 'Sending the file’s rows',
    sent: (counts: Counts) =>
      joined([
        `${many(counts.scheduled, 'row')} scheduled`,
        counts.failed > 0 && `${counts.failed.toLocaleString('en')} failed`,
        counts.unknown > 0 && `${counts.unknown.toLocaleString('en')} unknown`,
        counts.skipped > 0 && `${counts.skipped.toLocaleString('en')} left out`,
        counts.valid + counts.notSent > 0 &&
          `${(counts.valid + counts.notSent).toLocaleString('en')} not sent`,
      ]),
    until: (time: string) => `It will be done about ${time}.`,
    waitingFor: {
      DIALER_UNAVAILABLE: 'The dialer cannot be reached. It goes on by itself.',
      LOOK_UP: 'The answer to some rows was lost, and they are looked up.',
      OVERLOADED: 'The service is at work on as much as it takes. It goes on by itself.',
      RATE_LIMITED: 'You may schedule no more for now. It goes on by itself.',
      THROTTLED: 'The dialer asks for a pause. It goes on by itself.',
      TURN: 'Other files come first. It goes on by itself.',
    },
    pause: 'Pause',
    resume: 'Go on',
    cancel: 'Cancel this file',
    again: (name: string) => `Choose ${name} once more`,
    againText: (received: number, size: number) =>
      `${bytes(received)} of ${bytes(size)} have arrived. The page was reloaded, and the rest of the file is needed: it goes on where it stopped.`,
    other: 'This is another file: its name or its size differs.',
    errors: (count: number) => `${many(count, 'row')} to correct`,
    line: 'Line',
    column: 'Column',
    problem: 'What is wrong',
    recent: 'Files of late',
    line2: (campaign: string, counts: Counts) =>
      joined([
        campaign,
        counts.total !== null && many(counts.total, 'row'),
        counts.failed > 0 && `${counts.failed} failed`,
      ]),
  },
  importStates: {
    AWAITING_FILE: 'Uploading',
    CHECKING: 'Checking',
    READY: 'Waits for you',
    RUNNING: 'Sending',
    PAUSED: 'Paused',
    CANCELING: 'Cancelling',
    FINISHED: 'Finished',
    CANCELED: 'Cancelled',
    FAILED: 'Failed',
    EXPIRED: 'Expired',
  },
  review: {
    title: 'Look at it before anything is sent',
    decisions: {
      DATE_FORMAT: 'Say how dates are written: 01/12/2026 can be read in two ways.',
      ERRORS: 'Some rows are wrong, and you asked that nothing is sent then.',
      MAPPING: 'Two columns are said to be the same, or one is not there.',
      PHONE_NUMBER_COLUMN: 'Say which column has the phone numbers.',
      SCHEDULED_TIME_COLUMN: 'Say which column has the times of the calls.',
      SHEET: 'Say which sheet of the workbook it is.',
    },
    sheet: 'Sheet of the workbook',
    noSheet: 'Choose one',
    dateFormats: {
      '': 'Found out from the file',
      ISO: 'Year first: 2026-12-31',
      DAY_MONTH_YEAR: 'Day first: 31/12/2026',
      MONTH_DAY_YEAR: 'Month first: 12/31/2026',
    },
    checkAgain: 'Check it again like this',
    send: (count: number) => (count === 0 ? 'Nothing to schedule' : `Schedule ${many(count, 'call')}`),
  },
  results: {
    title: 'Results',
    correct: (count: number) => `Correct ${many(count, 'row')} here`,
    failed: 'Download what failed',
    all: 'Download all results',
    hint: 'A corrected download can be dropped here again: rows that are scheduled are never sent twice by it.',
  },
  scheduled: {
    title: 'Scheduled',
    lead: 'What the dialer has, whoever scheduled it.',
    noList: 'The list cannot be shown',
    none: 'Nothing is scheduled that fits.',
    asking: 'Asking the dialer…',
    total: (total: number) => many(total, 'record'),
    selection: 'What to do with those that are selected',
    selected: (count: number) =>
      count === 0 ? 'Select records to change them' : `${many(count, 'record')} selected`,
    select: (number: string, time: string) => `Select ${number}, ${time}`,
    selectAll: 'Select all of this page',
    cancel: 'Cancel these calls',
    move: 'Move to another time',
  },
  changes: {
    running: 'Changing…',
    done: (kind: 'cancel' | 'reschedule', done: number, total: number) =>
      `${done.toLocaleString('en')} of ${many(total, 'call')} ${kind === 'cancel' ? 'cancelled' : 'moved'}`,
  },
  move: {
    title: (count: number) => `Move ${many(count, 'call')}`,
    time: 'Call at',
    submit: 'Move',
    keep: 'Leave as it is',
  },
  filters: {
    label: 'Which records are shown',
    anyCampaign: 'All',
    status: 'State',
    anyStatus: 'Any',
    from: 'From',
    before: 'Before',
    search: 'Show',
    refresh: 'Refresh',
    zone: (zone: string) => `Times are on the clock of ${zone.replaceAll('_', ' ')}.`,
  },
  handoff: {
    PENDING: 'Waits for its time',
    ADDED: 'In its campaign',
    REJECTED: 'Refused',
    UNKNOWN: 'Not known',
  },
  rejections: {
    ACCOUNT_NOT_FOUND: 'The dialer did not find the account.',
    DO_NOT_DISTURB: 'The number is on the do-not-disturb list.',
    DUPLICATE: 'The campaign has the number already.',
    EMPTY_NUMBER: 'The record has no number.',
  },
  campaigns: {
    title: 'Campaigns',
    lead: 'Where leads go, when they may be called, and which columns each campaign takes.',
    none: 'No campaigns are configured here. Name one by hand when you schedule.',
    clock: 'Clock',
    zone: (zone: string, offset: string, time: string) =>
      `${time} in ${zone.replaceAll('_', ' ')}, ${offset}`,
    routing: 'Agents',
    routings: {
      AGENT_WISE: 'Each lead names its agent',
      SKILL_WISE: 'By the lead’s skill',
      NONE: 'Whoever is free',
    },
    hours: 'Calls are made',
    asking: '…',
    anyTime: 'At any time',
    window: (given: readonly Day[], from: string, to: string) => `${daysText(given)} ${from}–${to}`,
    zones: { CAMPAIGN: 'on the campaign’s clock', RECIPIENT: 'on the clock of whoever is called' },
    policies: {
      ALLOW: 'other times are allowed too',
      REJECT: 'other times are refused',
      SHIFT: 'other times are moved into these hours',
    },
    rule: (rule: string, zone: string, policy: string) => `${rule}: ${zone}, and ${policy}.`,
    holidays: (given: readonly string[]) => `Not on ${given.join(', ')}.`,
    headers: 'Columns',
    anyHeader: 'Any',
    position: (exists: boolean | null, position: string | null) =>
      exists === false ? 'Not in the dialer' : position === null ? 'Not known' : capitalised(position),
    schedule: 'Schedule a call',
    into: (name: string) => `into ${name}`,
  },
  pager: {
    label: 'Pages',
    previous: 'Previous',
    next: 'Next',
    page: (page: number, pages: number) =>
      `Page ${page.toLocaleString('en')} of ${pages.toLocaleString('en')}`,
  },
};

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}
