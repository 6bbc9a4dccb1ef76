// Phone numbers in little memory: 16 bytes each, a million of them in 16 MB. E.164 has 15 digits at most, which a double holds
// exactly: no two numbers are taken for one.

import { randomInt } from 'node:crypto';

export interface NumberSet {
  /** Adds a number in E.164. What was given with it when it was added first; undefined: it is added now. */
  add(e164: string, line: number): number | undefined;
}

const smallest = 1024;
/** An odd number that nobody knows, so that nobody finds numbers which meet. */
const seed = randomInt(2 ** 31) * 2 + 1;

export function createNumberSet(): NumberSet {
  let size = 0;
  let numbers = new Float64Array(smallest);
  let lines = new Uint32Array(smallest);

  const placeOf = (number: number): number => {
    const mask = numbers.length - 1;
    let mixed =
      Math.imul(number % 0x4000_0000, seed) ^ Math.imul(Math.floor(number / 0x4000_0000) + 1, 0x85eb_ca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 15), seed);
    let at = (mixed ^ (mixed >>> 13)) & mask;
    while (numbers[at] !== 0 && numbers[at] !== number) at = (at + 1) & mask;
    return at;
  };

  const grow = () => {
    const formerNumbers = numbers;
    const formerLines = lines;
    numbers = new Float64Array(formerNumbers.length * 2);
    lines = new Uint32Array(formerNumbers.length * 2);
    for (const [n, number] of formerNumbers.entries())
      if (number !== 0) {
        const at = placeOf(number);
        numbers[at] = number;
        lines[at] = formerLines[n] ?? 0;
      }
  };

  return {
    add(e164, line) {
      const number = Number(e164.replace(/^\+/, ''));
      const at = placeOf(number);
      if (numbers[at] === number) return lines[at];
      numbers[at] = number;
      lines[at] = line;
      size++;
      if (size * 2 > numbers.length) grow();
      return undefined;
    },
  };
}
