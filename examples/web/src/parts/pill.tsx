// A state in a word or two, in its colour.

import type { Tone } from './notice.tsx';

export function Pill({ tone, children }: { tone: Tone; children: string }) {
  return <span className={`pill ${tone}`}>{children}</span>;
}
