// Long lists of records in variables, checked a slice at a time and taken as they are. In one go, checking and coercing 50,000 records
// held up every other request for thirty milliseconds, and coercing made a second object of each.
// States of a list: in the variables → (every item is as coercing would leave it) taken out, an empty list in its place → (the
// operation has begun) put back. If an item is not, all stays as it is, and the ordinary way has the message for it.

import {
  type ExecutionArgs,
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  getOperationAST,
  isInputObjectType,
  isInputType,
  isListType,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import { giveWay } from '../foundation/event-loop.ts';
import { asCoercedCheck } from './variables.ts';

type Variables = Readonly<Record<string, unknown>>;

export interface TakenList {
  /** The variable's name first. */
  readonly path: readonly string[];
  readonly items: readonly unknown[];
}

export interface TakenLists {
  /** With an empty list in place of each list that was taken. */
  readonly variables: Variables;
  readonly lists: readonly TakenList[];
}

/** Items. Shorter lists take a fraction of a millisecond, also when they are coerced. */
const leastTaken = 100;
/** They take a fraction of a millisecond. */
const itemsOfSlice = 500;

/** What takes the long lists out of an operation's variables. It returns undefined at once where there is none. */
export function createListTaker({
  schema,
  document,
  operationName,
}: Pick<ExecutionArgs, 'schema' | 'document' | 'operationName'>) {
  const places = placesOf(schema, getOperationAST(document, operationName)?.variableDefinitions ?? []);

  const take = async (variables: Variables, long: readonly Place[]): Promise<TakenLists | undefined> => {
    const lists: TakenList[] = [];
    for (const { path, isAsCoerced } of long) {
      const items = valueAt(variables, path) as readonly unknown[];
      for (let n = 0; n < items.length; n++) {
        if (!isAsCoerced(items[n])) return undefined;
        if (n % itemsOfSlice === itemsOfSlice - 1) await giveWay();
      }
      lists.push({ path, items });
    }
    return { variables: lists.reduce((without, { path }) => withEmptyList(without, path), variables), lists };
  };

  return (variables: Variables): Promise<TakenLists | undefined> | undefined => {
    const long = places.filter(({ path }) => isLongList(valueAt(variables, path)));
    return long.length === 0 ? undefined : take(variables, long);
  };
}

/** Puts the lists into the variables as they were coerced: arguments are made of the same objects and lists. */
export function putBack(lists: readonly TakenList[], coerced: Variables): void {
  for (const { path, items } of lists) {
    const parent = valueAt(coerced, path.slice(0, -1)) as object;
    if (parent !== coerced) {
      Object.assign(parent, { [path.at(-1) as string]: items });
      continue;
    }
    // The list itself may be an argument by now.
    const list = valueAt(coerced, path) as unknown[];
    for (let n = list.length; n < items.length; n++) list.push(items[n]);
  }
}

/** A list in an operation's variables. */
interface Place {
  readonly path: readonly string[];
  /** Of an item. */
  isAsCoerced(value: unknown): boolean;
}

/** Objects within objects: an input type may have a field of its own type. */
const deepestPlace = 4;

function placesOf(schema: GraphQLSchema, definitions: readonly VariableDefinitionNode[]): Place[] {
  return definitions.flatMap(({ variable, type: node }) => {
    const type = typeFromAST(schema, node);
    return isInputType(type) ? placesIn(type, [variable.name.value]) : [];
  });
}

function placesIn(type: GraphQLInputType, path: readonly string[]): Place[] {
  const inner = getNullableType(type);
  if (isListType(inner)) return [{ path, isAsCoerced: asCoercedCheck(inner.ofType) }];
  if (!isInputObjectType(inner) || path.length > deepestPlace) return [];
  return Object.values(inner.getFields()).flatMap((field) => placesIn(field.type, [...path, field.name]));
}

function isLongList(value: unknown): boolean {
  return Array.isArray(value) && value.length >= leastTaken;
}

/** Undefined where there is none. */
export function valueAt(object: object, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Variables | null | undefined)?.[key], object);
}

function withEmptyList(value: Variables, [key, ...rest]: readonly string[]): Variables {
  if (key === undefined) return value;
  const inner = rest.length === 0 ? [] : withEmptyList(value[key] as Variables, rest);
  return { ...value, [key]: inner };
}
