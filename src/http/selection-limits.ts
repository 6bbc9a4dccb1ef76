// How large the answer to a document may become, told from its selections and the schema alone: aliases and fragments let a
// short document ask for the same value many times over, once for each of thousands of records.

import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isIntrospectionType,
  isListType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';

/** Values of one record, in all lists of a field together. The type with the most fields has some twenty. */
const maxValuesOfRecord = 32;
/** A list of records may have so many. Of a shorter one more may be asked for. */
const longestList = 10_000;
/** Values of one item of every list. */
const maxValues = 5000;
/** The usual introspection asks for 200, and gets most of them for each type of the schema. */
const maxIntrospectedValues = 500;
/** How many selections are looked at, which takes a tenth of a second: fragments can make an answer grow exponentially. */
const maxSteps = 200_000;

/** What a valid document asks too much of, in words that fit behind "The document "; undefined if it does not. */
export function excessOf(schema: GraphQLSchema, document: DocumentNode): string | undefined {
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const excess = new Shape(schema, document).excessOf(definition);
    if (excess !== undefined) return excess;
  }
  return undefined;
}

/** Selections of an operation, each counted for every type that it may meet; undefined where it asks for the schema. */
export function selectionsOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): number | undefined {
  const shape = new Shape(schema, document);
  shape.excessOf(operation);
  return shape.introspected > 0 ? undefined : shape.steps;
}

/** Counts as the execution of an operation collects fields: what has the same response name is one value. */
class Shape {
  readonly #schema: GraphQLSchema;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  steps = 0;
  introspected = 0;
  /** Values of items of lists, within the field of the operation that is being counted. */
  #ofItems = 0;
  /** Lists within records are short: what is in them is counted once. */
  #isInItem = false;

  constructor(schema: GraphQLSchema, { definitions }: DocumentNode) {
    this.#schema = schema;
    for (const definition of definitions)
      if (definition.kind === Kind.FRAGMENT_DEFINITION)
        this.#fragments.set(definition.name.value, definition);
  }

  excessOf({ operation, selectionSet }: OperationDefinitionNode): string | undefined {
    const root = this.#schema.getRootType(operation);
    let values = 0;
    for (const nodes of root ? this.#fieldsOf(root, [selectionSet]) : []) {
      this.#ofItems = 0;
      const ofField = this.#valuesOfField(root as GraphQLObjectType, nodes);
      values += ofField;
      if (nodes[0]?.name.value.match(/^__(schema|type)$/)) this.introspected += ofField;
      const { maxItems = longestList } = fieldOf(root as GraphQLObjectType, nodes)?.extensions ?? {};
      const most = Math.floor((maxValuesOfRecord * longestList) / maxItems);
      if (this.#ofItems > most) return `asks for more than ${most} values of each record: use fewer aliases`;
    }
    if (this.introspected > maxIntrospectedValues)
      return 'asks for the schema more than once: use fewer aliases';
    return values > maxValues || this.steps > maxSteps
      ? `asks for more than ${maxValues} values: use fewer aliases and fragments`
      : undefined;
  }

  #valuesOfField(parent: GraphQLObjectType, nodes: readonly FieldNode[]): number {
    const type = fieldOf(parent, nodes)?.type;
    if (type === undefined) return 0;
    const named = getNamedType(type);
    if (!isCompositeType(named)) return 1;
    const selectionSets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const isOutermostList =
      !this.#isInItem && isListType(getNullableType(type)) && !isIntrospectionType(named);
    if (isOutermostList) this.#isInItem = true;
    const values = this.#valuesOf(named, selectionSets);
    if (isOutermostList) {
      this.#isInItem = false;
      this.#ofItems += values;
    }
    return 1 + values;
  }

  /** Of an interface or a union, those of the member that has the most. */
  #valuesOf(type: GraphQLCompositeType, selectionSets: readonly SelectionSetNode[]): number {
    const members = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [type];
    let most = 0;
    for (const member of members) {
      let values = 0;
      for (const nodes of this.#fieldsOf(member, selectionSets)) values += this.#valuesOfField(member, nodes);
      most = Math.max(most, values);
    }
    return most;
  }

  /** By response name. */
  #fieldsOf(type: GraphQLObjectType, selectionSets: readonly SelectionSetNode[]): Iterable<FieldNode[]> {
    const fields = new Map<string, FieldNode[]>();
    const spread = new Set<string>();
    const collect = ({ selections }: SelectionSetNode) => {
      for (const selection of selections) {
        if (++this.steps > maxSteps) return;
        if (selection.kind === Kind.FIELD) {
          const name = (selection.alias ?? selection.name).value;
          const known = fields.get(name);
          if (known === undefined) fields.set(name, [selection]);
          else known.push(selection);
          continue;
        }
        const isSpread = selection.kind === Kind.FRAGMENT_SPREAD;
        if (isSpread && spread.has(selection.name.value)) continue;
        if (isSpread) spread.add(selection.name.value);
        const fragment = isSpread ? this.#fragments.get(selection.name.value) : selection;
        if (fragment && this.#applies(fragment.typeCondition?.name.value, type))
          collect(fragment.selectionSet);
      }
    };
    for (const selectionSet of selectionSets) collect(selectionSet);
    return fields.values();
  }

  #applies(condition: string | undefined, type: GraphQLObjectType): boolean {
    if (condition === undefined || condition === type.name) return true;
    const conditional = this.#schema.getType(condition);
    return isAbstractType(conditional) && this.#schema.isSubType(conditional, type);
  }
}

const metaFields = new Map<string, Field>(
  [SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef].map((field) => [field.name, field]),
);

type Field = Pick<GraphQLField<unknown, unknown>, 'type' | 'extensions'>;

const fieldsByName = new WeakMap<GraphQLObjectType, ReadonlyMap<string, Field>>();

function fieldOf(parent: GraphQLObjectType, [node]: readonly FieldNode[]): Field | undefined {
  if (node === undefined) return undefined;
  let fields = fieldsByName.get(parent);
  if (fields === undefined) {
    fields = new Map(Object.entries(parent.getFields()));
    fieldsByName.set(parent, fields);
  }
  return metaFields.get(node.name.value) ?? fields.get(node.name.value);
}
