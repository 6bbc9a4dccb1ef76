// Which headers a caller may name. The dialer replays a row as a query string, in which a header is a parameter's name: one
// that PHP reads as a parameter of the replay itself would call another number, or for another account.

import { memoize } from '../foundation/memo.ts';
import { headers, standardHeaders } from '../upstream/contract.ts';
import type { RecordProblemReason } from './record-problem.ts';

export interface HeaderProblem {
  reason: RecordProblemReason;
  /** In words that fit behind the header. */
  problem: string;
}

/** Parameters of the replay and of the requests, as the vendor's documents name them; a campaign cannot map them. */
const parameters = [
  ...[
    'api_key',
    'campaign_name',
    'action',
    'userName',
    'bulkData',
    'checkDuplicate',
    'format',
    'ScheduleTime',
  ],
  ...[headers.phoneNumber, headers.scheduledTime],
];
const byLetters = new Map(parameters.map((name) => [lettersOf(name), name]));
const byPhpName = new Map(standardHeaders.map((name) => [phpNameOf(name).toLowerCase(), name]));

/** Letters of any script with their joiners, digits, and marks that end no name in a query and open no array in PHP. */
const form = /^[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}\p{Sc}_ .\-()/:,'?*@]|\u200C|\u200D)*$/u;
const maxLength = 128;

/** What is wrong with a header, which comes from `cleanText` and is not empty; null where nothing is. */
export function headerProblem(name: string): HeaderProblem | null {
  if (name.length > maxLength)
    return { reason: 'INVALID_HEADER', problem: `has ${name.length} characters; ${maxLength} is the most` };
  return knownProblem(name);
}

/** The records of a list have the same few headers. */
const knownProblem = memoize(1000, (name: string): HeaderProblem | null => {
  if (!form.test(name))
    return {
      reason: 'INVALID_HEADER',
      problem: "is no name of a header: letters, digits, blanks and _ - . ( ) / : , ' ? * @ make one",
    };
  const standard = byPhpName.get(phpNameOf(name).toLowerCase());
  const parameter = byLetters.get(lettersOf(name));
  if (standard === undefined && parameter === undefined) return null;
  const isField = standardHeaders.includes(standard ?? parameter ?? '');
  return {
    reason: 'RESERVED_HEADER',
    problem: isField
      ? `is no custom field: ${standard ?? parameter} has a field of its own in the record, so use that`
      : `is the dialer's own parameter ${parameter}, and no header`,
  };
});

/** The name under which PHP files a parameter of a query: it takes no blank and no dot. */
export function phpNameOf(name: string): string {
  return name.replace(/[ .]/g, '_');
}

/** How the dialer itself reads `Api-Key` or `phone number` is not documented. */
function lettersOf(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
