// A list to try the page with: some of its rows are wrong on purpose.

import { localTime } from '../time.ts';

export function exampleList(): string {
  const day = (days: number) => localTime(Date.now() + days * 86_400_000, 'UTC').slice(0, 10);
  return [
    'Phone\tName\tCall at\tCity\tPriority',
    `098765 43210\tAsha Rao\t${day(1)} 10:00\tPune\t5`,
    `+91 98765 43211\tVikram Singh\t${day(1)} 10:15\tDelhi\t5`,
    `12345\tMeera Iyer\t${day(1)} 10:30\tChennai\t5`,
    `098765 43213\tJohn D'Souza\t31/02/2027 11:00\tGoa\t5`,
    `098765 43214\tSunita Patel\t${day(2)} 11:15\tSurat\t500`,
    `098765 43215\tArjun Nair\t${day(2)} 12:00\tKochi\t5`,
  ].join('\n');
}
