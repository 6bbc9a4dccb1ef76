// Many who watch an import: one question is asked for all of them, and each is told the end, whoever comes when.

import { expect, it } from 'vitest';
import {
  CancelImportDocument,
  ImportProgressDocument,
  type ImportProgressSubscription,
} from '../gql/graphql.ts';
import type { Stack } from '../harness.ts';
import { csvOf, started, startOver, upload } from './importing.ts';

/** The states that a subscriber is told, one after the other. */
async function* statesOf({ url }: Stack, id: string): AsyncGenerator<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: ImportProgressDocument.toString(), variables: { id } }),
  });
  let text = '';
  for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += piece;
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const [, data] = /^event: next\ndata: (.*)$/.exec(event) ?? [];
      if (data === undefined) continue;
      yield (JSON.parse(data) as { data: ImportProgressSubscription }).data.importProgress.state;
    }
  }
}

async function restOf(states: AsyncGenerator<string>): Promise<string[]> {
  const rest: string[] = [];
  for await (const state of states) rest.push(state);
  return rest;
}

it('200 who watch an import cost one question, and each is told its end', async () => {
  let asked = 0;
  let atATime = 0;
  let mostAtATime = 0;
  const imports = new Set<number>();
  const stack = await startOver(({ changed, get }) => ({
    changed(known) {
      asked++;
      imports.add(known.length);
      return changed(known);
    },
    get(...given) {
      mostAtATime = Math.max(mostAtATime, ++atATime);
      return get(...given).finally(() => atATime--);
    },
  }));
  const startedAt = performance.now();
  const file = csvOf(500);
  const { id } = await started(stack, file);
  const all = Array.from({ length: 200 }, () => statesOf(stack, id));
  const first = await Promise.all(all.map((states) => states.next()));
  expect(new Set(first.map(({ value }) => value))).toEqual(new Set(['AWAITING_FILE']));
  // They came at once, and share what each would ask to begin with.
  expect(mostAtATime).toBe(1);
  await upload(stack, id, file);
  const rest = await Promise.all(all.map(restOf));
  expect(new Set(rest.map((states) => states.at(-1)))).toEqual(new Set(['FINISHED']));
  expect(imports).toEqual(new Set([1]));
  // Twice a second, as for one.
  expect(asked - 1).toBeLessThanOrEqual((performance.now() - startedAt) / 450);
});

it('who watches is told the end that another has found first', async () => {
  let reads = 0;
  const stack = await startOver(({ get }) => ({
    get(...given) {
      reads++;
      return get(...given);
    },
  }));
  const { id } = await started(stack, csvOf(1));
  const one = statesOf(stack, id);
  await one.next();
  expect(reads).toBe(1);
  await stack.send(CancelImportDocument, { id });
  expect(await restOf(statesOf(stack, id))).toEqual(['CANCELED']);
  expect(await restOf(one)).toEqual(['CANCELED']);
});

it('who comes with what was so before is told what the others know already', async () => {
  /** Reads of the import that are answered with what was so before something else. */
  const late: { wasRead(): void; until: Promise<void> }[] = [];
  const stack = await startOver(({ get }) => ({
    async get(account, id) {
      const found = await get(account, id);
      const held = late.shift();
      held?.wasRead();
      await held?.until;
      return found;
    },
  }));
  const file = csvOf(1);
  const { id } = await started(stack, file, { start: 'AFTER_REVIEW' });
  const one = statesOf(stack, id);
  await one.next();
  let release = () => {};
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  const other = statesOf(stack, id);
  let first: ReturnType<typeof other.next> | undefined;
  await new Promise<void>((resolve) => {
    late.push({ wasRead: resolve, until });
    first = other.next();
  });
  await upload(stack, id, file);
  while ((await one.next()).value !== 'READY');
  release();
  expect((await first)?.value).toBe('READY');
  await stack.send(CancelImportDocument, { id });
  expect(await restOf(other)).toEqual(['CANCELED']);
  expect(await restOf(one)).toEqual(['CANCELED']);
});
