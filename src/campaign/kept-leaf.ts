// A leaf as the store keeps it: small, since most rows of a chunk have the same answer, and without the times that were
// sent, which the plan has.

import type { ChunkAnswer, RowAnswer } from '../dialer/dialect.ts';
import { dialerTimeOf, type Plan } from './plan.ts';
import type { Leaf, Span } from './sending.ts';

/** `sentAt` is null for what never came to be sent. */
export type SentLeaf = Leaf & { readonly sentAt: number | null };

export function packLeaves(leaves: readonly SentLeaf[], plan: Plan): string {
  return JSON.stringify(leaves.map((leaf) => ({ ...leaf, answer: pack(leaf.answer, leaf, plan) })));
}

export function unpackLeaves(text: string): SentLeaf[] {
  const leaves = JSON.parse(text) as (Span & { sentAt: number | null; answer: PackedAnswer })[];
  return leaves.map((leaf) => ({ ...leaf, answer: unpack(leaf.answer) }));
}

export function packAnswer(answer: ChunkAnswer, span: Span, plan: Plan): string {
  return JSON.stringify(pack(answer, span, plan));
}

export function unpackAnswer(text: string): ChunkAnswer {
  return unpack(JSON.parse(text) as PackedAnswer);
}

/** Of rows, the different answers, and for each row which of them it has. */
type PackedAnswer =
  | Exclude<ChunkAnswer, { kind: 'rows' }>
  | { kind: 'rows'; answers: RowAnswer[]; rows: number[] };

function pack(answer: ChunkAnswer, { start }: Span, { candidates }: Plan): PackedAnswer {
  if (answer.kind !== 'rows') return answer;
  const places = new Map<string, number>();
  const answers: RowAnswer[] = [];
  const rows = answer.rows.map((row, position) => {
    const candidate = candidates[start + position];
    const isAsSent =
      row.kind === 'scheduled' &&
      candidate !== undefined &&
      row.dialerTime === dialerTimeOf(candidate.record);
    const short: RowAnswer = isAsSent ? { ...row, dialerTime: null } : row;
    const text = JSON.stringify(short);
    const place = places.get(text) ?? answers.push(short) - 1;
    places.set(text, place);
    return place;
  });
  return { kind: 'rows', answers, rows };
}

function unpack(packed: PackedAnswer): ChunkAnswer {
  if (packed.kind !== 'rows') return packed;
  const lost: RowAnswer = { kind: 'unknown', reason: 'its answer was not kept' };
  return { kind: 'rows', rows: packed.rows.map((place) => packed.answers[place] ?? lost) };
}
