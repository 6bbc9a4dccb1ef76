// Checks variables against their types before anything is executed. graphql-js and the compiler find the same errors, but put whole
// values into each message: a few megabytes of variables make gigabytes of messages. Here a message names the place and the
// type, never a value, and there are no more messages than a person reads.

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
  separateOperations,
  TypeInfo,
  typeFromAST,
  type VariableNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** If there are more, most of them are the same mistake. */
const maxIssues = 50;
/** Characters that are quoted of a name which the caller chose. */
const maxQuoted = 50;

/** Answers variables of a wrong type with an error for each place, `BAD_USER_INPUT` and its path in `extensions`. */
export function useCheckedVariables(): Plugin {
  const errorsOf = (args: ExecutionArgs) => createVariablesCheck(args)(args.variableValues ?? {});
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const errors = errorsOf(args);
      if (errors.length > 0) setResultAndStopExecution({ errors });
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const errors = errorsOf(args);
      if (errors.length > 0) setResultAndStopExecution({ errors });
    },
  };
}

type Operation = Pick<ExecutionArgs, 'schema' | 'document' | 'operationName'>;

/**
 * Says what is wrong with an operation's variables, the first fifty places and how many there are: nothing where graphql-js
 * finds nothing.
 */
export function createVariablesCheck({ schema, document, operationName }: Operation) {
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  const variables = definitions.flatMap(({ variable, type: node, defaultValue }) => {
    const type = typeFromAST(schema, node);
    if (!isInputType(type)) return [];
    const isRequired = isNonNullType(type) && defaultValue === undefined;
    return [{ name: variable.name.value, type, check: checkOf(type), isRequired }];
  });
  // Few requests have a null in place of a variable, so that few need it.
  let asNonNull: ReadonlySet<string> | undefined;
  const isUsedAsNonNull = (name: string) => {
    asNonNull ??= usedAsNonNull({ schema, document, operationName });
    return asNonNull.has(name);
  };

  return (values: Readonly<Record<string, unknown>>): GraphQLError[] => {
    const issues = new Issues();
    const given = new Map(Object.entries(values));
    for (const { name, type, check, isRequired } of variables) {
      issues.path.push(name);
      const value = given.get(name);
      if (value === null && !isNonNullType(type) && isUsedAsNonNull(name))
        issues.add(
          () => 'It must not be null: it stands where a value is needed. Leave it out for its default.',
        );
      else if (given.has(name)) check(value, issues);
      else if (isRequired) issues.add(() => `It is required, of type "${type}", and was not provided.`);
      issues.path.pop();
    }
    return issues.errors();
  };
}

/** Of the values of a type: whether each is right, and coercing would leave it as it is. */
export function asCoercedCheck(type: GraphQLInputType): (value: unknown) => boolean {
  const check = checkOf(type);
  let issues = new Issues();
  return (value) => {
    check(value, issues);
    const { isAsCoerced } = issues;
    if (!isAsCoerced) issues = new Issues();
    return isAsCoerced;
  };
}

/**
 * The variables that stand where null may not, as one with a default may. graphql-js would find a null there in the middle of the
 * execution, when records are sent.
 */
function usedAsNonNull({ schema, document, operationName }: Operation): ReadonlySet<string> {
  const names = new Set<string>();
  const types = new TypeInfo(schema);
  const operations = new Map(Object.entries(separateOperations(document)));
  const operation = operations.get(operationName ?? getOperationAST(document)?.name?.value ?? '');
  const Variable = ({ name }: VariableNode) => {
    if (isNonNullType(types.getInputType())) names.add(name.value);
  };
  visit(operation ?? document, visitWithTypeInfo(types, { Variable }));
  return names;
}

type PathKey = string | number;

class Issues {
  /** Of the value that is being looked at, the variable's name first. */
  readonly path: PathKey[] = [];
  /** Whether each value so far is as coercing would leave it. */
  isAsCoerced = true;
  readonly #errors: GraphQLError[] = [];
  #count = 0;

  add(message: () => string): void {
    this.isAsCoerced = false;
    if (++this.#count > maxIssues) return;
    const path = [...this.path];
    const at = path.length > 1 ? ` at "${written(path)}"` : '';
    this.#errors.push(
      badUserInput(`Variable "$${path[0]}" got an invalid value${at}: ${message()}`, { path }),
    );
  }

  errors(): GraphQLError[] {
    const count = this.#count;
    if (count <= maxIssues) return this.#errors;
    const all = `${count} places in the variables are wrong, of which the first ${maxIssues} are told.`;
    return [...this.#errors, badUserInput(all, { total: count })];
  }
}

function badUserInput(message: string, extensions: object): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'BAD_USER_INPUT', ...extensions, http: { spec: true, status: 400 } },
  });
}

/** Adds what is wrong with a value that is not undefined. */
type Check = (value: unknown, issues: Issues) => void;

const checks = new WeakMap<GraphQLInputType, Check>();

/** Made once for each type, since ten thousand records have a hundred thousand values. */
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

/** A value that is not a list is taken for a list of one item, as in graphql-js. */
function createListCheck(check: Check): Check {
  return (value, issues) => {
    if (!Array.isArray(value)) {
      issues.isAsCoerced = false;
      return check(value, issues);
    }
    const { path } = issues;
    for (let n = 0; n < value.length; n++) {
      path.push(n);
      check(value[n], issues);
      path.pop();
    }
  };
}

function createObjectCheck(type: GraphQLInputObjectType): Check {
  const all = Object.values(type.getFields());
  // Made when they are needed, since a type may have a field of its own type.
  const fields = new Map(
    all.map((field) => [field.name, (value: unknown, issues: Issues) => checkOf(field.type)(value, issues)]),
  );
  const required = all.filter(isRequiredInputField);
  const withDefault = all.filter(({ defaultValue }) => defaultValue !== undefined);
  const names = [...fields.keys()].join(', ');

  return (value, issues) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return issues.add(() => `Expected type "${type}", found ${kindOf(value)}.`);
    for (const field of required)
      if (!Object.hasOwn(value, field.name))
        issues.add(() => `Field "${field.name}" of required type "${field.type}" was not provided.`);
    for (const { name } of withDefault) if (!Object.hasOwn(value, name)) issues.isAsCoerced = false;
    // Without a pair for each member: JSON has no members but its own.
    for (const key in value) {
      const check = fields.get(key);
      if (check === undefined)
        issues.add(() => `Field "${cut(key)}" is not defined by type "${type}", which has ${names}.`);
      else {
        issues.path.push(key);
        check((value as Record<string, unknown>)[key], issues);
        issues.path.pop();
      }
    }
  };
}

function createLeafCheck(type: GraphQLLeafType): Check {
  const isKnown = isEnumType(type) && new Set(type.getValues().map(({ name }) => name));
  const isText = type.name === 'ID';
  // The values of an enum and of other scalars may be others when they are coerced.
  const isKept = !isEnumType(type) && scalars.has(type.name);
  return (value, issues) => {
    if (!isKept || (isText && typeof value !== 'string')) issues.isAsCoerced = false;
    if (isKnown) {
      if (typeof value !== 'string' || !isKnown.has(value))
        issues.add(() => `Expected one of ${[...isKnown].join(', ')}, found ${kindOf(value)}.`);
    } else if (isScalarType(type) && !isParsed(type, value))
      issues.add(() => `Expected type "${type}", found ${kindOf(value)}.`);
  };
}

/** What the scalars of the specification accept. The messages of other scalars would quote values, so they are not used. */
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
