// Variables are held against their types before anything is executed. graphql-js and the compiler find the same things wrong,
// and put whole values into what they say of each: a few megabytes of variables make gigabytes of messages. Here a message
// names the place and the type, never a value. All places are counted, and no more of them told than a person reads.

import {
  type ExecutionArgs,
  GraphQLError,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLLeafType,
  type GraphQLScalarType,
  getOperationAST,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  isScalarType,
  typeFromAST,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Whoever has made more mistakes has made the same one many times. */
export const maxIssues = 50;
/** Characters of a name of the caller's own that are quoted. */
const maxQuoted = 50;

/** Answers variables of a wrong type with an error for each place, `BAD_USER_INPUT` and its path in `extensions`. */
export function useCheckedVariables(): Plugin {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const errors = issuesOf(args);
      if (errors.length > 0) setResultAndStopExecution({ errors });
    },
  };
}

/** The first fifty things that are wrong with an operation's variables, and one that counts where there are more: none where graphql-js finds nothing wrong. */
export function issuesOf({
  schema,
  document,
  operationName,
  variableValues,
}: Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'>): GraphQLError[] {
  const issues = new Issues();
  const given = variableValues ?? {};
  for (const { variable, type, defaultValue } of getOperationAST(document, operationName)
    ?.variableDefinitions ?? []) {
    const name = variable.name.value;
    const inputType = typeFromAST(schema, type);
    if (!isInputType(inputType)) continue;
    const isGiven = Object.hasOwn(given, name) && given[name] !== undefined;
    issues.path.push(name);
    if (isGiven) checkOf(inputType)(given[name], issues);
    else if (isNonNullType(inputType) && defaultValue === undefined)
      issues.add(() => `It is required, of type "${inputType}", and was not provided.`);
    issues.path.pop();
  }
  return issues.told;
}

type PathKey = string | number;

class Issues {
  readonly #errors: GraphQLError[] = [];
  #total = 0;
  /** Of the value that is being looked at, the variable's name first. */
  readonly path: PathKey[] = [];

  /** With a last one that has the `total` where there are more. */
  get told(): GraphQLError[] {
    if (this.#total <= maxIssues) return this.#errors;
    const message = `${this.#total} places of the variables are wrong, of which the first ${maxIssues} are told.`;
    return [...this.#errors, badInput(message, { total: this.#total })];
  }

  /** `message` is made for those that are told. */
  add(message: () => string): void {
    if (++this.#total > maxIssues) return;
    const path = [...this.path];
    const at = path.length > 1 ? ` at "${written(path)}"` : '';
    this.#errors.push(badInput(`Variable "$${path[0]}" got an invalid value${at}: ${message()}`, { path }));
  }
}

function badInput(message: string, extensions: { path: PathKey[] } | { total: number }): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'BAD_USER_INPUT', ...extensions, http: { spec: true, status: 400 } },
  });
}

/** Adds what is wrong with a value that is not undefined. */
type Check = (value: unknown, issues: Issues) => void;

const checks = new WeakMap<GraphQLInputType, Check>();

/** Made once for each type: ten thousand records are a hundred thousand values. */
function checkOf(type: GraphQLInputType): Check {
  let check = checks.get(type);
  if (check === undefined) {
    check = createCheck(type);
    checks.set(type, check);
  }
  return check;
}

function createCheck(type: GraphQLInputType): Check {
  if (isNonNullType(type)) {
    const check = checkOf(type.ofType);
    return (value, issues) => {
      if (value === null) issues.add(() => `Expected type "${type}", which must not be null.`);
      else check(value, issues);
    };
  }
  const check = isListType(type)
    ? createListCheck(checkOf(type.ofType))
    : isInputObjectType(type)
      ? createObjectCheck(type)
      : createLeafCheck(type);
  return (value, issues) => {
    if (value !== null) check(value, issues);
  };
}

/** What is no list is one item of it. */
function createListCheck(check: Check): Check {
  return (value, issues) => {
    if (!Array.isArray(value)) return check(value, issues);
    const { path } = issues;
    for (let n = 0; n < value.length; n++) {
      path.push(n);
      check(value[n], issues);
      path.pop();
    }
  };
}

function createObjectCheck(type: GraphQLInputObjectType): Check {
  const fields = Object.values(type.getFields()).map((field) => ({
    name: field.name,
    type: field.type,
    isRequired: isRequiredInputField(field),
    // Not before it is needed: a type may have a field of its own type.
    check: (value: unknown, issues: Issues) => checkOf(field.type)(value, issues),
  }));
  const names = new Set(fields.map(({ name }) => name));

  return (value, issues) => {
    if (typeof value !== 'object')
      return issues.add(() => `Expected type "${type}", found ${kindOf(value)}.`);
    const members = value as Record<string, unknown>;
    for (const { name, type: fieldType, isRequired, check } of fields) {
      const member = members[name];
      if (member !== undefined) {
        issues.path.push(name);
        check(member, issues);
        issues.path.pop();
      } else if (isRequired)
        issues.add(() => `Field "${name}" of required type "${fieldType}" was not provided.`);
    }
    for (const key in members) {
      if (!names.has(key))
        issues.add(
          () => `Field "${cut(key)}" is not defined by type "${type}", which has ${[...names].join(', ')}.`,
        );
    }
  };
}

function createLeafCheck(type: GraphQLLeafType): Check {
  const isKnown = isEnumType(type) && new Set(type.getValues().map(({ name }) => name));
  return (value, issues) => {
    if (isKnown) {
      if (typeof value !== 'string' || !isKnown.has(value))
        issues.add(() => `Expected one of ${[...isKnown].join(', ')}, found ${kindOf(value)}.`);
    } else if (isScalarType(type) && !isParsed(type, value))
      issues.add(() => `Expected type "${type}", found ${kindOf(value)}.`);
  };
}

/** What the scalars of the specification take; of others, and of what they refuse, their own messages would quote values. */
const scalars = new Map<string, (value: unknown) => boolean>([
  ['String', (value) => typeof value === 'string'],
  ['Boolean', (value) => typeof value === 'boolean'],
  ['Float', Number.isFinite],
  ['Int', (value) => Number.isInteger(value) && ((value as number) | 0) === value],
  ['ID', (value) => typeof value === 'string' || Number.isInteger(value)],
]);

function isParsed(type: GraphQLScalarType, value: unknown): boolean {
  const takes = scalars.get(type.name);
  if (takes !== undefined) return takes(value);
  try {
    return type.parseValue(value) !== undefined;
  } catch {
    return false;
  }
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** `input.records[0].phoneNumber` */
function written(path: readonly PathKey[]): string {
  return path.map((key, n) => (typeof key === 'number' ? `[${key}]` : n === 0 ? key : `.${key}`)).join('');
}

function cut(text: string): string {
  return text.length <= maxQuoted ? text : `${text.slice(0, maxQuoted)}…`;
}
