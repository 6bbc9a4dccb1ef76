// Long lists of an answer, completed and written a slice at a time. In one go, 50,000 results would hold up every other request for
// fifteen milliseconds, and an object for each of them would stay in memory until all are written.
// A compiled operation gets an empty list in place of a long one. When it has ended, a second operation, which is compiled from the
// list's own selection, completes slices of the list, of which only the text is kept.

import {
  type DocumentNode,
  defaultFieldResolver,
  type FieldNode,
  GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLSchema,
  isObjectType,
  Kind,
  OperationTypeNode,
  responsePathAsArray,
  type SelectionNode,
  type SelectionSetNode,
  separateOperations,
  visit,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { giveWay } from '../foundation/event-loop.ts';
import { WrittenList } from '../foundation/json-writer.ts';
import type { Context } from '../schema/context.ts';
import { putBack, type TakenList, valueAt } from './long-variables.ts';

/** Items. The text of as many results is long. */
const leastHeld = 500;
/** They take about half a millisecond. */
const itemsOfSlice = 500;

interface HeldList {
  readonly items: readonly unknown[];
  readonly info: GraphQLResolveInfo;
}

/** The root value of a compiled operation: the long lists that its variables and its data are without. */
export class LongLists {
  readonly #taken: readonly TakenList[];
  readonly #held: HeldList[] = [];

  constructor(taken: readonly TakenList[] = []) {
    this.#taken = taken;
  }

  /** Before the first resolver reads its arguments. */
  begin({ variableValues }: GraphQLResolveInfo): void {
    if (this.#taken.length > 0) putBack(this.#taken, variableValues);
  }

  /** Returns what is completed in place of the list. */
  hold(items: readonly unknown[], info: GraphQLResolveInfo): readonly unknown[] {
    if (items.length < leastHeld) return items;
    this.#held.push({ items, info });
    return [];
  }

  get areHeld(): boolean {
    return this.#held.length > 0;
  }

  /** Puts the lists into the data of the operation. Throws the error of an item that cannot be completed: that is a bug. */
  async complete(
    data: object,
    context: Context,
    variables: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    for (const { items, info } of this.#held) {
      const path = responsePathAsArray(info.path);
      const parent = valueAt(data, path.slice(0, -1));
      // A neighbour of the list may have failed, and null be in their parent's place.
      if (typeof parent !== 'object' || parent === null) continue;
      const pieces = await piecesOf(items, sliceQueryOf(info), context, variables);
      Object.assign(parent, { [path.at(-1) as string]: new WrittenList(pieces) });
    }
  }
}

async function piecesOf(
  items: readonly unknown[],
  complete: CompiledQuery['query'],
  context: Context,
  variables: Readonly<Record<string, unknown>>,
): Promise<string[]> {
  const pieces: string[] = [];
  for (let from = 0; from < items.length; from += itemsOfSlice) {
    await giveWay();
    const slice = items.slice(from, from + itemsOfSlice);
    const { data, errors } = await complete({ [listField]: slice }, context, variables);
    if (errors !== undefined) throw errors[0]?.originalError ?? errors[0];
    // Without its brackets.
    pieces.push(JSON.stringify(data?.[listField]).slice(1, -1));
  }
  return pieces;
}

const listField = 'items';

/** By the nodes of a field, which a compiled operation has in one list for each place. */
const sliceQueries = new WeakMap<readonly FieldNode[], CompiledQuery['query']>();

/** Compiled when a list of a field is long for the first time, and kept as long as its operation. */
function sliceQueryOf(info: GraphQLResolveInfo): CompiledQuery['query'] {
  let query = sliceQueries.get(info.fieldNodes);
  if (query === undefined) {
    query = compileSliceQuery(info);
    sliceQueries.set(info.fieldNodes, query);
  }
  return query;
}

/** `query { items { … } }`, with the selection of a list that the operation has, and what the selection needs. */
function compileSliceQuery({ fieldNodes, fragments, operation, returnType }: GraphQLResolveInfo) {
  const selections = fieldNodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? []);
  const whole: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        kind: Kind.OPERATION_DEFINITION,
        operation: OperationTypeNode.QUERY,
        selectionSet: selectionOf([
          {
            kind: Kind.FIELD,
            name: { kind: Kind.NAME, value: listField },
            selectionSet: selectionOf(selections),
          },
        ]),
      },
      ...Object.values(fragments),
    ],
  };
  const needed = Object.values(separateOperations(whole))[0] ?? whole;
  const used = new Set<string>();
  visit(needed, { Variable: ({ name }) => void used.add(name.value) });
  const variableDefinitions =
    operation.variableDefinitions?.filter(({ variable }) => used.has(variable.name.value)) ?? [];
  const document = visit(needed, { OperationDefinition: (node) => ({ ...node, variableDefinitions }) });
  const query = new GraphQLObjectType({ name: 'Slice', fields: { [listField]: { type: returnType } } });
  const compiled = compileQuery(new GraphQLSchema({ query }), document);
  // The whole operation was compiled before.
  if (!isCompiledQuery(compiled)) throw new Error('A selection could not be compiled');
  return compiled.query;
}

function selectionOf(selections: readonly SelectionNode[]): SelectionSetNode {
  return { kind: Kind.SELECTION_SET, selections };
}

/** Has the graph's long lists left to the root value of a compiled operation, and its variables completed by it. */
export function leaveLongLists(graph: GraphQLSchema): void {
  for (const type of [graph.getQueryType(), graph.getMutationType()])
    for (const field of Object.values(type?.getFields() ?? {})) {
      const resolve = field.resolve ?? defaultFieldResolver;
      field.resolve = (source, args, context, info) => {
        if (info.rootValue instanceof LongLists) info.rootValue.begin(info);
        return resolve(source, args, context, info);
      };
    }
  for (const type of Object.values(graph.getTypeMap()).filter(isObjectType))
    for (const field of Object.values(type.getFields()).filter(({ extensions }) => extensions.isLong)) {
      const resolve = field.resolve ?? defaultFieldResolver;
      field.resolve = (source, args, context, info) => {
        const items = resolve(source, args, context, info) as readonly unknown[];
        return info.rootValue instanceof LongLists ? info.rootValue.hold(items, info) : items;
      };
    }
}
