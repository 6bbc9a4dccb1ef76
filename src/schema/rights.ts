// The rights that root fields of a mutation need. All of them are checked before the first field is executed: a request that asks
// for more than its credential allows does nothing at all.

import type { ForbiddenResult } from '@pothos/plugin-scope-auth';
import {
  type FieldNode,
  GraphQLError,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  type SelectionSetNode,
} from 'graphql';
import type { Caller } from '../auth/callers.ts';
import type { Scope } from '../config/callers.ts';

export interface Right {
  scope: Scope;
  /** Undefined: the right is not tied to a campaign. */
  campaign?: string | undefined;
}

/** A right, and the key of the root field that needs it. */
export interface NeededRight extends Right {
  key: string;
}

type RightOf<Args> = (args: Args) => Right | readonly Right[];

declare module 'graphql' {
  interface GraphQLFieldExtensions<_TSource, _TContext, _TArgs> {
    rightOf?: RightOf<_TArgs>;
  }
}

/** The options of a mutation field that needs a right, or several. */
export function needsRight<Args>(rightOf: RightOf<Args>) {
  return {
    extensions: { rightOf },
    authScopes: (_root: unknown, args: Args, context: object, info: GraphQLResolveInfo) => {
      const { selections } = info.operation.selectionSet;
      const isAlone = selections.length === 1 && selections[0]?.kind === 'Field';
      return {
        rights: isAlone
          ? [rightOf(args)].flat().map((right) => neededFor(right, String(info.path.key)))
          : rightsOfRequest(context, info),
      };
    },
  };
}

/** Not by a spread, which would give each an own shape: every request makes some. */
function neededFor({ scope, campaign }: Right, key: string): NeededRight {
  return { scope, campaign, key };
}

export function isAllowed(caller: Caller, rights: readonly NeededRight[]): boolean {
  return missingRight(caller, rights) === undefined;
}

/** The top-level error `FORBIDDEN`, which names the right that is missing. */
export function forbidden(
  _parent: unknown,
  { caller }: { caller: Caller },
  info: GraphQLResolveInfo,
  { failure }: ForbiddenResult,
): Error {
  return new GraphQLError(messageOf(caller, failure, String(info.path.key)), {
    extensions: { code: 'FORBIDDEN' },
  });
}

function messageOf(caller: Caller, failure: ForbiddenResult['failure'], key: string): string {
  if ('failures' in failure) {
    const [first] = failure.failures;
    if (first !== undefined) return messageOf(caller, first, key);
  }
  if (!('parameter' in failure)) return 'Your credential does not allow this.';
  if (failure.scope === 'scope') return missingScope(failure.parameter as Scope);
  const missing = missingRight(caller, failure.parameter as NeededRight[]);
  if (missing === undefined) return 'Your credential does not allow this.';
  const message = caller.scopes.has(missing.scope)
    ? 'Your credential does not allow this campaign.'
    : missingScope(missing.scope);
  return missing.key === key
    ? message
    : `Not carried out, since the field "${missing.key}" of the same request is not allowed: ${message}`;
}

export function missingScope(scope: Scope): string {
  return `Your credential does not have the scope "${scope}".`;
}

function missingRight(
  { scopes, campaigns }: Caller,
  rights: readonly NeededRight[],
): NeededRight | undefined {
  return rights.find(
    ({ scope, campaign }) =>
      !scopes.has(scope) || (campaign !== undefined && !(campaigns?.has(campaign) ?? true)),
  );
}

/** The rights of each request, by its context. */
const known = new WeakMap<object, NeededRight[]>();

/** The rights of all root fields. They are read once a request: every field asks for all, and each argument may be a long list. */
function rightsOfRequest(context: object, info: GraphQLResolveInfo): NeededRight[] {
  const rights = known.get(context) ?? rightsOfAll(info);
  known.set(context, rights);
  return rights;
}

function rightsOfAll(info: GraphQLResolveInfo): NeededRight[] {
  const fields = info.parentType.getFields();
  return [...rootFieldsOf(info.operation.selectionSet, info, new Set())].flatMap((node) => {
    const field = fields[node.name.value];
    const right = field?.extensions.rightOf?.(getArgumentValues(field, node, info.variableValues));
    const key = node.alias?.value ?? node.name.value;
    return [right ?? []].flat().map((one) => neededFor(one, key));
  });
}

/**
 * The root fields that are executed, those in fragments included. `spread` has the names of the fragments read so far: each is
 * read once, as in the execution, since fragments within fragments would otherwise double the work with each level.
 */
function* rootFieldsOf(
  { selections }: SelectionSetNode,
  info: GraphQLResolveInfo,
  spread: Set<string>,
): Generator<FieldNode, void, undefined> {
  const { fragments, variableValues } = info;
  for (const node of selections) {
    if (getDirectiveValues(GraphQLSkipDirective, node, variableValues)?.if === true) continue;
    if (getDirectiveValues(GraphQLIncludeDirective, node, variableValues)?.if === false) continue;
    if (node.kind === 'Field') {
      yield node;
      continue;
    }
    const isSpread = node.kind === 'FragmentSpread';
    if (isSpread && spread.has(node.name.value)) continue;
    if (isSpread) spread.add(node.name.value);
    const fragment = isSpread ? fragments[node.name.value] : node;
    if (fragment !== undefined) yield* rootFieldsOf(fragment.selectionSet, info, spread);
  }
}
