// The calling hours of a campaign, as they are configured.

import { type CallingHours, type CallingWindow, ruleText } from '../config/calling-hours.ts';
import { builder } from './builder.ts';

export const CallingHoursType = builder.objectRef<CallingHours>('CallingHours').implement({
  description:
    'When calls may be made. A record outside of them is an `OutsideCallingHoursError`, or is moved into them and says so in `shiftedFrom`.',
  fields: (t) => ({
    rule: t.string({
      description:
        'The rule, with its source and the day of which it is, as errors show it: `Office hours (decision of 3 May, as of 2026-05-03)`.',
      resolve: ruleText,
    }),
    zone: t.expose('zone', { type: CallingHoursZone, description: 'On whose clock the windows are.' }),
    policy: t.expose('policy', {
      type: CallingHoursPolicy,
      description: 'What becomes of a record outside of them.',
    }),
    windows: t.expose('windows', {
      type: [CallingWindowType],
      description: 'The hours in which calls may be made, several a day if need be.',
    }),
    holidays: t.exposeStringList('holidays', {
      description: 'Days without calls, as `YYYY-MM-DD`: all of the day, and the night that begins on it.',
    }),
  }),
});

const CallingWindowType = builder.objectRef<CallingWindow>('CallingWindow').implement({
  description: 'Hours in which calls may be made.',
  fields: (t) => ({
    days: t.expose('days', { type: [WeekDay], description: 'The days on which it begins.' }),
    from: t.exposeString('from', { description: 'When it opens, `HH:mm`.' }),
    to: t.exposeString('to', {
      description:
        'When it closes, `HH:mm`, or `24:00`. Where it is not later than `from`, it is on the next day.',
    }),
  }),
});

const CallingHoursZone = builder.enumType('CallingHoursZone', {
  description: 'On whose clock calling hours are.',
  values: {
    CAMPAIGN: { description: "The clock of the campaign's `timeZone`." },
    RECIPIENT: {
      description:
        'The clock of the person who is called, as far as the number tells: where it may be in several zones, all of them must be open.',
    },
  },
});

const CallingHoursPolicy = builder.enumType('CallingHoursPolicy', {
  description: 'What becomes of a record outside of the calling hours.',
  values: {
    REJECT: { description: 'It is refused: `OutsideCallingHoursError`.' },
    SHIFT: {
      description:
        'It is moved to the next time inside of them, within its expiry and the horizon, and says so in `shiftedFrom`; where there is none, it is refused.',
    },
    ALLOW: { description: 'It is scheduled as it is: the hours are only told here.' },
  },
});

const WeekDay = builder.enumType('WeekDay', {
  description: 'A day of the week.',
  values: {
    SUN: { description: 'Sunday' },
    MON: { description: 'Monday' },
    TUE: { description: 'Tuesday' },
    WED: { description: 'Wednesday' },
    THU: { description: 'Thursday' },
    FRI: { description: 'Friday' },
    SAT: { description: 'Saturday' },
  },
});
