// The rules for the argument `idempotencyKey`, which are the same in every mutation that has it.

import { cleanText } from '../scheduling/text.ts';

export const idempotencyKeyRules: {
  refine: [(key: string) => boolean, { message: string }];
  maxLength: [number, { message: string }];
} = {
  refine: [(key) => cleanText(key) !== '', { message: 'must have at least one character that is seen' }],
  maxLength: [255, { message: 'must not be longer than 255 characters' }],
};
