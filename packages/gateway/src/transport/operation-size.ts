import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../schema/pagination.ts';

/** How much an operation may make us do, before it does. */
export interface OperationSize {
  /** Fields below each other. */
  readonly depth: number;
  /** Fields with an alias. */
  readonly aliases: number;
  /** Fields that the answer may hold, by estimate. */
  readonly cost: number;
}

/** How many items a list is taken to have that says nothing of its length. */
const ITEMS_OF_A_LIST = 10;

const NOTHING: OperationSize = { depth: 0, aliases: 0, cost: 0 };

/**
 * The sizes of a document's operations; of each kind the largest. The document is valid: fields
 * exist, and no fragment spreads itself. Each fragment is looked at once, however often it is
 * spread. Introspection is free: GraphQL's own rules bound it.
 */
export function measureOperations(schema: GraphQLSchema, document: DocumentNode): OperationSize {
  const measure = new Measure(schema, document);
  return document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map((operation) => measure.operation(operation))
    .reduce(larger, NOTHING);
}

class Measure {
  readonly #schema: GraphQLSchema;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #measured = new Map<string, OperationSize>();

  constructor(schema: GraphQLSchema, { definitions }: DocumentNode) {
    this.#schema = schema;
    this.#fragments = new Map(
      definitions
        .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
        .map((fragment) => [fragment.name.value, fragment]),
    );
  }

  operation({ operation, selectionSet }: OperationDefinitionNode): OperationSize {
    const root = this.#schema.getRootType(operation);
    return root ? this.#selections(selectionSet, root.name) : NOTHING;
  }

  #selections({ selections }: SelectionSetNode, parent: string): OperationSize {
    return selections
      .map((selection) => this.#selection(selection, parent))
      .reduce(together, NOTHING);
  }

  #selection(selection: SelectionNode, parent: string): OperationSize {
    switch (selection.kind) {
      case Kind.FIELD:
        return this.#field(selection, parent);
      case Kind.INLINE_FRAGMENT:
        return this.#selections(
          selection.selectionSet,
          selection.typeCondition?.name.value ?? parent,
        );
      case Kind.FRAGMENT_SPREAD:
        return this.#fragment(selection.name.value);
    }
  }

  #fragment(name: string): OperationSize {
    const known = this.#measured.get(name);
    if (known) return known;
    const fragment = this.#fragments.get(name);
    if (!fragment) return NOTHING;
    const size = this.#selections(fragment.selectionSet, fragment.typeCondition.name.value);
    this.#measured.set(name, size);
    return size;
  }

  #field(field: FieldNode, parent: string): OperationSize {
    const aliases = field.alias ? 1 : 0;
    const type = this.#fieldType(field, parent);
    if (!type) return { depth: 0, aliases, cost: 0 };
    const below = field.selectionSet
      ? this.#selections(field.selectionSet, getNamedType(type).name)
      : NOTHING;
    return {
      depth: 1 + below.depth,
      aliases: aliases + below.aliases,
      cost: 1 + itemsOf(field, type, parent) * below.cost,
    };
  }

  /** Undefined for `__schema` and its like. */
  #fieldType({ name }: FieldNode, parent: string): GraphQLOutputType | undefined {
    const type = this.#schema.getType(parent);
    return isObjectType(type) ? type.getFields()[name.value]?.type : undefined;
  }
}

/**
 * A page is as long as it says, and where a variable says it, as long as a page may be. That
 * counts for all below a connection, so its list of edges does not count once more.
 */
function itemsOf(field: FieldNode, type: GraphQLOutputType, parent: string): number {
  if (isConnection(getNamedType(type).name)) return pageSize(field);
  const list = isNonNullType(type) ? type.ofType : type;
  return isListType(list) && !isConnection(parent) ? ITEMS_OF_A_LIST : 1;
}

const isConnection = (typeName: string): boolean => typeName.endsWith('Connection');

function pageSize({ arguments: given = [] }: FieldNode): number {
  const sizes = given.filter(({ name }) => name.value === 'first' || name.value === 'last');
  if (sizes.length === 0) return DEFAULT_PAGE_SIZE;
  // One that is out of range is an error of its field, if the field is executed at all.
  return Math.max(
    0,
    ...sizes.map(({ value }) => (value.kind === Kind.INT ? Number(value.value) : MAX_PAGE_SIZE)),
  );
}

const together = (one: OperationSize, other: OperationSize): OperationSize => ({
  depth: Math.max(one.depth, other.depth),
  aliases: one.aliases + other.aliases,
  cost: one.cost + other.cost,
});

const larger = (one: OperationSize, other: OperationSize): OperationSize => ({
  depth: Math.max(one.depth, other.depth),
  aliases: Math.max(one.aliases, other.aliases),
  cost: Math.max(one.cost, other.cost),
});
