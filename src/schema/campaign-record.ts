// CampaignRecord: a scheduled record as the dialer lists it, and its hand-over.

import type { Handoff, RejectionKind, HandoffStatus as Status } from '../records/handoff.ts';
import type { CampaignRecord as Listed } from '../records/row-reader.ts';
import { builder } from './builder.ts';

export const HandoffStatus = builder.enumType('HandoffStatus', {
  description: 'Whether a record was handed over to its campaign at its time, and what came of it.',
  values: {
    PENDING: { description: 'It waits for its time. It can be cancelled and rescheduled.' },
    ADDED: { description: 'The campaign has it: it is called, or was, or will be.' },
    REJECTED: { description: 'The campaign refused it: nobody is called for it. `rejection` says why.' },
    UNKNOWN: {
      description: 'It was handed over, or may have been, and the dialer does not say what came of it.',
    },
  } satisfies Record<Status, object>,
});

const HandoffRejection = builder.enumType('HandoffRejection', {
  description: 'Why the campaign refused a record, as a constant.',
  values: {
    DO_NOT_DISTURB: { description: 'The number is on the do-not-disturb list.' },
    DUPLICATE: { description: 'The campaign has the number already.' },
    EMPTY_NUMBER: { description: 'The record has no number.' },
    ACCOUNT_NOT_FOUND: {
      description: 'The dialer did not find the account. Tell the people who run this service.',
    },
  } satisfies Record<RejectionKind, object>,
});

const RecordHeader = builder.objectRef<Listed['headers'][number]>('RecordHeader').implement({
  description: "A column of the campaign's mapping file, and the record's value in it.",
  fields: (t) => ({
    header: t.exposeString('header', { description: 'The header, such as `Name`, `Priority` or `City`.' }),
    value: t.exposeString('value', { description: 'The value as the dialer has it. It may be empty.' }),
  }),
});

export const HandoffType = builder.objectRef<Handoff & { time: number | null }>('Handoff').implement({
  description: "What became of a record at its time, as the dialer's list says.",
  fields: (t) => ({
    status: t.expose('status', { type: HandoffStatus, description: 'In a word.' }),
    rejection: t.expose('rejection', {
      type: HandoffRejection,
      nullable: true,
      description:
        'Why it was rejected. Null otherwise, and for a reason that is not known: see `dialerMessage`.',
    }),
    dialerMessage: t.exposeString('dialerMessage', {
      nullable: true,
      description:
        "The campaign's own words, with keys and phone numbers taken out. Null where there are none, as before the hand-over.",
    }),
    time: t.expose('time', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was handed over. Null before that, and where the dialer does not say.',
    }),
  }),
});

export const CampaignRecord = builder.objectRef<Listed>('CampaignRecord').implement({
  description:
    'A scheduled record as the dialer lists it, whoever scheduled it. It stays in the list after its hand-over, for as long as the dialer keeps it there.',
  fields: (t) => ({
    id: t.exposeID('id', {
      description:
        "The dialer's own id of the record, unique within the account. `cancelCampaignRecords` and `rescheduleCampaignRecords` take it.",
    }),
    campaignName: t.exposeString('campaignName', { description: 'The campaign that it is scheduled for.' }),
    phoneNumber: t.exposeString('phoneNumber', {
      description:
        'The number in E.164, such as `+919876543210`. Where the dialer has something that is no number, that, which may be an empty text.',
    }),
    scheduledTime: t.expose('scheduledTime', {
      type: 'DateTime',
      nullable: true,
      description: 'The instant of the call. Null where the text in `dialerTime` is no time.',
    }),
    dialerTime: t.exposeString('dialerTime', {
      description:
        "The same time on the dialer's own clock, `YYYY-MM-DD HH:mm:ss`, as the call centre's staff see it.",
    }),
    createdTime: t.expose('createdTime', {
      type: 'DateTime',
      nullable: true,
      description: 'When the dialer took it. Null where it does not say.',
    }),
    headers: t.field({
      type: [RecordHeader],
      description:
        "Its columns besides the number and the time: name, priority, agent, skill and the campaign's own.",
      resolve: ({ headers }) => [...headers],
    }),
    handoff: t.field({
      type: HandoffType,
      description: 'Whether it was handed over to its campaign, and what came of it.',
      resolve: ({ handoff, handoffTime }) => ({ ...handoff, time: handoffTime }),
    }),
  }),
});
