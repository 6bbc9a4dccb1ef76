// Small chunks for the same campaign that arrive together share a request: many callers with a lead each cost the dialer
// a hundredth of the requests. A lone chunk waits for nobody: only while a request is on its way the next ones wait a moment for
// each other. Each chunk still gets its own answer. If the dialer refuses the shared request, or a caller leaves, or a chunk's
// intention cannot be recorded, the other chunks are sent without it. Only what was certainly not accepted is sent again.
// States of a group: gathering, from its first chunk on → (its window is over, if it has one, and no chunk has come for a moment; or
// the request is full) sent. A group that is sent takes no more chunks; the next chunk opens another. Answers: all at once, or, where the
// request was refused, as soon as the chunk's half has its own.

import DataLoader from 'dataloader';
import { causeOf, causeText, StopController, type StopSignal } from '../foundation/cancellation.ts';
import type { Telemetry } from '../telemetry/events.ts';
import { headers, maxRowsPerRequest } from '../upstream/contract.ts';
import type { Chunk, ChunkAnswer, SubmitOptions } from './chunk.ts';
import { halvesOf } from './row-range.ts';

type Submit = (chunk: Chunk, options: SubmitOptions) => Promise<ChunkAnswer>;

interface Part {
  readonly chunk: Chunk;
  readonly options: SubmitOptions;
}

/** An answer that may come later than its neighbours'. */
type Answer = ChunkAnswer | Promise<ChunkAnswer>;

/** The last part of a window: the request goes when no chunk has come for so long. */
const quietMs = 2;
/** In a process that is always busy, a chunk waits for at most so many windows. */
const busyWindows = 10;

/**
 * Wraps `submit`: chunks share a request that arrive together, or within `windowMs` while another is on its way. `failed` takes
 * unexpected errors. One function, since its parts share the open groups.
 */
export function createCoalescing(
  submit: Submit,
  windowMs: number,
  telemetry: Telemetry,
  failed: (error: unknown) => void,
): Submit {
  const gathering = new Map<string, (part: Part) => Promise<ChunkAnswer>>();

  /**
   * How many requests of a key are on their way, or were written within the window. The names of campaigns, which callers choose, are
   * not kept beyond that.
   */
  const onWay = new Map<string, number>();

  const follow = async (key: string, answers: readonly Promise<unknown>[]) => {
    onWay.set(key, (onWay.get(key) ?? 0) + 1);
    await Promise.all([...answers, new Promise((resolve) => setTimeout(resolve, windowMs).unref())]);
    const others = (onWay.get(key) ?? 0) - 1;
    if (others > 0) onWay.set(key, others);
    else onWay.delete(key);
  };

  const gather = (key: string) => {
    let loads = 0;
    let whenFull: () => unknown = () => {};
    // If more chunks have come since the last look, those that come next are taken in first.
    const whenQuiet = (dispatch: () => void) => {
      const full = loads + maxRowsPerRequest - 1;
      const latest = performance.now() + busyWindows * windowMs;
      let seen = 0;
      let isOver = false;
      const end = () => {
        if (isOver) return;
        isOver = true;
        dispatch();
      };
      const isBehind = onWay.has(key);
      const look = () => {
        if (loads === seen || performance.now() > latest) return end();
        seen = loads;
        lookIn(quietMs);
      };
      // Timers come before what has arrived, immediates after it.
      const lookIn = (ms: number) => (isBehind ? setTimeout(setImmediate, ms, look) : setImmediate(look));
      lookIn(windowMs - quietMs);
      whenFull = () => loads === full && end();
    };
    const loader = new DataLoader<Part, Promise<ChunkAnswer>>(
      async (parts) => {
        if (gathering.get(key) === gatherer) gathering.delete(key);
        const answers = new Map<Part, Promise<ChunkAnswer>>();
        for (const group of pack(parts)) {
          const sent = send(group);
          void follow(key, sent);
          for (const [n, answer] of sent.entries()) answers.set(group[n] as Part, answer);
          telemetry.mutationsJoined(group.length, rowsOfAll(group).length);
        }
        return parts.map((part) => answers.get(part) ?? Promise.resolve(lost));
      },
      {
        cache: false,
        maxBatchSize: maxRowsPerRequest,
        batchScheduleFn: whenQuiet,
      },
    );
    const gatherer = async (part: Part): Promise<ChunkAnswer> => {
      loads++;
      const answer = loader.load(part);
      whenFull();
      return await answer;
    };
    gathering.set(key, gatherer);
    return gatherer;
  };

  /** One answer for each part, as soon as it is there. None rejects. */
  const send = (group: readonly Part[]): Promise<ChunkAnswer>[] => {
    const answers = sendGroup(group).catch((error: unknown): Answer[] => {
      failed(error);
      return [];
    });
    return group.map((_, n) => answers.then((all) => all[n] ?? lost));
  };

  const sendGroup = async (group: readonly Part[]): Promise<Answer[]> => {
    const [first, ...others] = group;
    if (first === undefined) return [];
    if (others.length === 0) return [await submit(first.chunk, first.options)];

    const { answer, withheld } = await submitJoined(group);
    if (withheld.size > 0) {
      const sent = send(group.filter((part) => !withheld.has(part)));
      return group.map((part) => withheld.get(part) ?? (sent.shift() as Promise<ChunkAnswer>));
    }
    if (answer.kind === 'refused' && answer.refusal.reason !== 'account-or-campaign')
      return halvesOf({ start: 0, size: group.length }).flatMap(({ start, size }) =>
        send(group.slice(start, start + size)),
      );
    if (answer.kind !== 'rows') return group.map(() => answer);
    let start = 0;
    return group.map((part) => {
      const end = start + rowsOf(part).length;
      const rows = answer.rows.slice(start, end);
      start = end;
      return { kind: 'rows', rows };
    });
  };

  /** `withheld`: the parts that may not be sent, each with its answer. The others were not sent then either. */
  const submitJoined = async (group: readonly Part[]) => {
    const withheld = new Map<Part, ChunkAnswer>();
    const withhold = (part: Part, reason: string) =>
      withheld.set(part, { kind: 'unavailable', reason, passing: false });
    const prepare = async (part: Part) => {
      const { signal, beforeSending } = part.options;
      if (signal?.aborted) withhold(part, causeText(signal));
      else
        try {
          await beforeSending?.();
        } catch (error) {
          withhold(part, error instanceof Error ? error.message : String(error));
        }
    };
    const { signal, stop } = abortedWithAll(group);
    const writeBy = Math.min(...group.map(({ options }) => options.writeBy ?? Infinity));
    const answer = await submit(join(group), {
      caller: group,
      mutation: group,
      origins: group.flatMap(({ options }) => options.origins ?? []),
      small: true,
      signal,
      writeBy: writeBy === Infinity ? undefined : writeBy,
      async beforeSending() {
        await Promise.all(group.map(prepare));
        if (withheld.size > 0) throw new Error('one of its parts may not be sent');
      },
    }).finally(stop);
    return { answer, withheld };
  };

  return async (chunk, options) => {
    const { campaignName, checkDuplicate, timeZone, bulkData } = chunk;
    const key = JSON.stringify([campaignName, checkDuplicate, timeZone, bulkData.map]);
    const gatherer = gathering.get(key) ?? gather(key);
    return gatherer({ chunk, options }).catch((error: unknown) => {
      failed(error);
      return lost;
    });
  };
}

const lost: ChunkAnswer = { kind: 'unknown', reason: 'what became of it was lost' };

/** Fills requests in order. No request has a number twice: the answer's two entries could not be told apart. */
function pack(parts: readonly Part[]): Part[][] {
  const groups: { parts: Part[]; rows: number; numbers: Set<string> }[] = [];
  for (const part of parts) {
    const numbers = numbersOf(part);
    let group = groups.find(
      (open) =>
        open.rows + numbers.length <= maxRowsPerRequest &&
        !numbers.some((number) => open.numbers.has(number)),
    );
    if (group === undefined) {
      group = { parts: [], rows: 0, numbers: new Set() };
      groups.push(group);
    }
    group.parts.push(part);
    group.rows += numbers.length;
    for (const number of numbers) group.numbers.add(number);
  }
  return groups.map((group) => group.parts);
}

/** One chunk with the rows of all parts, which have the same columns. */
function join(group: readonly Part[]): Chunk {
  const [{ chunk }] = group as [Part];
  const { campaignName, checkDuplicate, timeZone, bulkData } = chunk;
  const parts = group.map((part) => part.chunk);
  return {
    campaignName,
    checkDuplicate,
    timeZone,
    bulkData: { map: bulkData.map, data: rowsOfAll(group) },
    known: knownOf(parts),
    parts,
  };
}

function knownOf(parts: readonly Chunk[]): Chunk['known'] {
  const known = parts.flatMap((part) => (part.known === undefined ? [] : [...part.known]));
  return known.length === 0 ? undefined : new Set(known);
}

function rowsOf({ chunk }: Part): Chunk['bulkData']['data'] {
  return chunk.bulkData.data;
}

function rowsOfAll(group: readonly Part[]): Chunk['bulkData']['data'] {
  return group.flatMap(rowsOf);
}

function numbersOf(part: Part): string[] {
  const column = part.chunk.bulkData.map.indexOf(headers.phoneNumber);
  return rowsOf(part).map((row) => row[column] ?? '');
}

/** A signal that is aborted when every caller of the group has left. */
function abortedWithAll(group: readonly Part[]): { signal: StopSignal; stop: () => void } {
  const controller = new StopController();
  const signals = group.map(({ options }) => options.signal);
  const look = () => {
    const [first] = signals;
    if (first !== undefined && signals.every((signal) => signal?.aborted)) controller.cancel(causeOf(first));
  };
  for (const signal of signals) signal?.addEventListener('abort', look);
  look();
  return {
    signal: controller.signal,
    stop: () => {
      for (const signal of signals) signal?.removeEventListener('abort', look);
    },
  };
}
