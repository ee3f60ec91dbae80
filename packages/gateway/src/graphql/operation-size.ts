import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from '../schema/fragments.ts';

/** How an operation is written. */
export interface OperationSize {
  /** Fields below each other. */
  readonly depth: number;
  /** Fields with an alias. */
  readonly aliases: number;
}

const NOTHING: OperationSize = { depth: 0, aliases: 0 };

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

  constructor(schema: GraphQLSchema, document: DocumentNode) {
    this.#schema = schema;
    this.#fragments = fragmentsOf(document);
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
    if (!type) return { depth: 0, aliases };
    const below = field.selectionSet
      ? this.#selections(field.selectionSet, getNamedType(type).name)
      : NOTHING;
    return { depth: 1 + below.depth, aliases: aliases + below.aliases };
  }

  /** Undefined for `__schema` and its like. */
  #fieldType({ name }: FieldNode, parent: string): GraphQLOutputType | undefined {
    const type = this.#schema.getType(parent);
    return isObjectType(type) || isInterfaceType(type)
      ? type.getFields()[name.value]?.type
      : undefined;
  }
}

const together = (one: OperationSize, other: OperationSize): OperationSize => ({
  depth: Math.max(one.depth, other.depth),
  aliases: one.aliases + other.aliases,
});

const larger = (one: OperationSize, other: OperationSize): OperationSize => ({
  depth: Math.max(one.depth, other.depth),
  aliases: Math.max(one.aliases, other.aliases),
});
