// Two ways to check a record. `light`: the form of the number and of the time, by two regular expressions. `sameRules`: all of
// Dialgraph's rules for these two fields, with the obvious libraries and without optimisation.

import dayjs from 'dayjs';
import customParseFormat from 'dayjs/plugin/customParseFormat.js';
import utc from 'dayjs/plugin/utc.js';
import { parsePhoneNumber } from 'libphonenumber-js/max';
import type { Check, Checked } from './dialer.ts';

dayjs.extend(customParseFormat);
dayjs.extend(utc);

const phone = /^\+?[1-9][0-9]{9,14}$/;
const time = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;
const format = 'YYYY-MM-DD HH:mm:ss';
/** The offset of Asia/Kolkata, which is the same all year. */
const offsetMinutes = 330;
const horizonMs = 30 * 86_400_000;

export const light: Check = ({ phoneNumber, scheduledTime }) => {
  if (!phone.test(phoneNumber)) return invalidPhoneNumber;
  if (!time.test(scheduledTime)) return invalidTime;
  return { phoneNumber: phoneNumber.replace(/^\+91/, ''), dialerTime: scheduledTime };
};

export const sameRules: Check = ({ phoneNumber, scheduledTime }) => {
  const national = nationalNumber(phoneNumber);
  if (national === null) return invalidPhoneNumber;
  const local = dayjs.utc(scheduledTime, format, true);
  if (!local.isValid()) return invalidTime;
  const ahead = local.subtract(offsetMinutes, 'minute').valueOf() - Date.now();
  if (ahead < 0 || ahead > horizonMs) return invalidTime;
  return { phoneNumber: national, dialerTime: local.format(format) };
};

function nationalNumber(text: string): string | null {
  try {
    const parsed = parsePhoneNumber(text, 'IN');
    return parsed.isValid() ? parsed.nationalNumber : null;
  } catch {
    return null;
  }
}

const invalidPhoneNumber: Checked = {
  kind: 'InvalidPhoneNumberError',
  code: 'INVALID_PHONE_NUMBER',
  message: 'This is not a dialable phone number.',
};

const invalidTime: Checked = {
  kind: 'InvalidDateFormatError',
  code: 'INVALID_DATE_FORMAT',
  message: `Write the time as ${format}, within the next 30 days.`,
};
