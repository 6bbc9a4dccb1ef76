// When calls may be made, as files state it: the hours of each day, on whose clock, and what becomes of a record outside of them.
// No law is shipped. Whoever writes a rule says where it comes from, and of which day it is.

import { z } from 'zod';
import { readJsonFile } from './json-file.ts';

/** In the order of `Date.getUTCDay`. */
export const weekDays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const;
export type WeekDay = (typeof weekDays)[number];

/** Open from `from` (included) to `to` (excluded). Where `to` is not later, it is the next day's. */
export interface CallingWindow {
  /** On which it begins. */
  readonly days: readonly WeekDay[];
  /** `HH:mm`. */
  readonly from: string;
  /** `HH:mm`, or `24:00`. */
  readonly to: string;
}

export interface CallingHours {
  /** What people call it: the error of a record shows it. */
  readonly rule: string;
  /** Where it comes from: a law, a contract, a decision. */
  readonly source: string;
  /** The day on which it was last compared with its source, `YYYY-MM-DD`. */
  readonly asOf: string;
  /** On whose clock: that of the campaign's zone, or those of all zones that the number may be in. */
  readonly zone: 'CAMPAIGN' | 'RECIPIENT';
  /** A record outside of them is refused, or moved into them, or they are only told. */
  readonly policy: 'REJECT' | 'SHIFT' | 'ALLOW';
  readonly windows: readonly CallingWindow[];
  /** Days without calls, `YYYY-MM-DD`: from midnight to midnight, and no window that begins on them. */
  readonly holidays: readonly string[];
}

const startTime = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'not a time of the day from 00:00 to 23:59');
const endTime = z
  .string()
  .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'not a time of the day from 00:00 to 24:00');
const day = z.iso.date('not a day of the calendar as YYYY-MM-DD');

const windowSchema = z
  .strictObject({
    days: z.array(z.enum(weekDays)).min(1, 'it never opens: name at least one of its days'),
    from: startTime,
    to: endTime,
  })
  .refine(({ from, to }) => from !== to, {
    message: 'it never opens, as it closes when it opens: a whole day is from 00:00 to 24:00',
    path: ['to'],
  });

const ruleSchema = z
  .strictObject({
    rule: z.string().trim().min(1, 'a rule needs a name').max(200),
    source: z.string().trim().min(1, 'a rule needs its source').max(500),
    asOf: day,
    zone: z.enum(['CAMPAIGN', 'RECIPIENT']),
    policy: z.enum(['REJECT', 'SHIFT', 'ALLOW']),
    windows: z.array(windowSchema).max(100).default([]),
    holidays: z.array(day).max(1000).default([]),
  })
  .refine(({ policy, windows }) => policy === 'ALLOW' || windows.length > 0, {
    message: 'no call could ever be made: name at least one window, or set the policy to ALLOW',
    path: ['windows'],
  });

/** The rule itself, or `{"file": "<path>"}` of a file that has nothing but the rule. */
export const callingHours: z.ZodType<CallingHours> = z.preprocess(
  (given) => (isFile(given) ? readJsonFile('callingHours', given.file, ruleSchema) : given),
  ruleSchema,
);

function isFile(given: unknown): given is { file: string } {
  const [[name, value] = [], ...others] = Object.entries(given ?? {});
  return name === 'file' && typeof value === 'string' && others.length === 0;
}

/** The rule in a line, as an error shows it. */
export function ruleText({ rule, source, asOf }: CallingHours): string {
  return `${rule} (${source}, as of ${asOf})`;
}
