// Numbers of a workbook whose format shows more of them than they are: what people see is what is read.

import { expect, it } from 'vitest';
import { formatNumber, numberFormatOf } from '../../src/imports/files/cell-text.ts';

const seen = (code: string, raw = '9812345678') => formatNumber(raw, numberFormatOf(164, code), false);

it.each([
  ['"+49 "0', '+49 9812345678'],
  ['\\+\\1\\ 000\\-000\\-0000', '+1 9812345678'],
  ['"0044"0', '00449812345678'],
  ['+General', '+9812345678'],
  ['"+91"00000000000;-0', '+9109812345678'],
  ['[Red]"+49 "0;[Blue]0', '+49 9812345678'],
  ['000000000000', '009812345678'],
  ['"Tel. "0', '9812345678'],
  ['#,##0', '9812345678'],
  ['0" (2)"', '9812345678 (2)'],
  ['00000"1"00000', '9812345678 (digits within the number format)'],
  ['General', '9812345678'],
])('%s', (code, text) => {
  expect(seen(code)).toBe(text);
});

it('a date stays one, whatever is written beside it', () => {
  expect(seen('"Q1 "yyyy\\-mm\\-dd', '46000')).toBe('2025-12-09');
});
