// zod's rules for the texts that several inputs take: each is the same wherever it stands.

import { isTimeZone } from '../foundation/time-zone.ts';
import { cleanText } from '../scheduling/text.ts';

type Refinement = [(text: string) => boolean, { message: string }];
type MaxLength = [number, { message: string }];

const maxLength: MaxLength = [255, { message: 'must not be longer than 255 characters' }];

export const campaignNameRules: { refine: Refinement; maxLength: MaxLength } = {
  refine: [
    (name) => cleanText(name) !== '',
    { message: 'must not be empty: name the campaign that the records go to' },
  ],
  maxLength,
};

export const idempotencyKeyRules: { refine: Refinement; maxLength: MaxLength } = {
  refine: [(key) => cleanText(key) !== '', { message: 'must have at least one character that is seen' }],
  maxLength,
};

export const timeZoneRules: { refine: Refinement } = {
  refine: [
    (name) => isTimeZone(cleanText(name)),
    {
      message:
        'must be an IANA time zone, such as Asia/Kolkata or Europe/Berlin; abbreviations such as BST, CST and IST stand for several',
    },
  ],
};
