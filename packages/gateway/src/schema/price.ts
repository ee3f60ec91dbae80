import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import { fragmentsOf } from './fragments.ts';

/**
 * How many fields an answer holds, as far as its document tells: `fields` whatever the gateway
 * knows, and those below each step as often as the step leads to an object.
 */
export interface Price {
  readonly fields: number;
  readonly steps: readonly PriceStep[];
  /** Whether the events of persons are counted: those of all persons of a page at once. */
  readonly countsPeople: boolean;
}

/** A field whose number of objects depends on the directory or on arguments, or a fragment. */
export interface PriceStep {
  /** `Type.field`; undefined for a fragment, which stays with the same object. */
  readonly field: string | undefined;
  readonly node: FieldNode | undefined;
  readonly below: Price;
}

/** What it costs to count or to search all events, in fields. */
export const EVENT_SEARCH = 1_000;

/** Fields that may go through all events. */
const SEARCHES: ReadonlySet<string> = new Set([
  'Query.node',
  'Query.nodes',
  'Query.recognitionEvent',
  'Query.eventCounts',
  'Query.person',
]);

/** What it costs to count all pages together, in fields. */
const TOTAL_COUNT = 1_000;

/** How many items a list counts as that neither the directory nor an argument tells of. */
const ITEMS_OF_A_LIST = 10;

const FREE: Price = { fields: 0, steps: [], countsPeople: false };

const fixed = (fields: number): Price => ({ ...FREE, fields });

/** One operation of a document. */
export interface OperationPrice {
  readonly price: Price;
  /** What its variables are when the request leaves them out. */
  readonly defaults: Readonly<Record<string, unknown>>;
}

/**
 * The prices of a document's operations. The document is valid: fields exist, and no fragment
 * spreads itself. Each fragment is looked at once, however often it is spread. Introspection is
 * free: GraphQL's own rules bound it.
 */
export function priceOperations(
  schema: GraphQLSchema,
  document: DocumentNode,
): readonly OperationPrice[] {
  const reading = new Reading(schema, document);
  return document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map(({ operation, selectionSet, variableDefinitions = [] }) => {
      const root = schema.getRootType(operation);
      return {
        price: root ? reading.selections(selectionSet, root.name) : FREE,
        defaults: Object.fromEntries(
          variableDefinitions.flatMap(({ variable, defaultValue }) =>
            defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
          ),
        ),
      };
    });
}

class Reading {
  readonly #schema: GraphQLSchema;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #priced = new Map<string, Price>();

  constructor(schema: GraphQLSchema, document: DocumentNode) {
    this.#schema = schema;
    this.#fragments = fragmentsOf(document);
  }

  selections({ selections }: SelectionSetNode, parent: string): Price {
    const parts = selections.map((selection) => this.#selection(selection, parent));
    return {
      fields: parts.reduce((sum, { fields }) => sum + fields, 0),
      steps: parts.flatMap(({ steps }) => steps),
      countsPeople: parts.some(({ countsPeople }) => countsPeople),
    };
  }

  #selection(selection: SelectionNode, parent: string): Price {
    switch (selection.kind) {
      case Kind.FIELD:
        return this.#field(selection, parent);
      case Kind.INLINE_FRAGMENT:
        return this.selections(
          selection.selectionSet,
          selection.typeCondition?.name.value ?? parent,
        );
      case Kind.FRAGMENT_SPREAD: {
        const below = this.#fragment(selection.name.value);
        // A step of its own: fragments that spread each other would double its steps each time.
        return below.steps.length === 0
          ? below
          : { ...below, fields: 0, steps: [{ field: undefined, node: undefined, below }] };
      }
    }
  }

  #fragment(name: string): Price {
    const known = this.#priced.get(name);
    if (known) return known;
    const fragment = this.#fragments.get(name);
    if (!fragment) return FREE;
    const price = this.selections(fragment.selectionSet, fragment.typeCondition.name.value);
    this.#priced.set(name, price);
    return price;
  }

  #field(node: FieldNode, parent: string): Price {
    const name = node.name.value;
    const type = this.#fieldType(name, parent);
    if (!type) return FREE;
    if (isConnection(parent) && name === 'totalCount') return fixed(TOTAL_COUNT);
    if (parent === 'Person' && name === 'eventCount') return { ...fixed(1), countsPeople: true };
    if (!node.selectionSet) return fixed(1);
    const below = this.selections(node.selectionSet, getNamedType(type).name);
    const isPage = isConnection(getNamedType(type).name);
    const isList = isListType(isNonNullType(type) ? type.ofType : type);
    if (
      isPage ||
      SEARCHES.has(`${parent}.${name}`) ||
      (isList && COUNTED.has(parent)) ||
      below.steps.length > 0
    ) {
      return { ...below, fields: 1, steps: [{ field: `${parent}.${name}`, node, below }] };
    }
    // A page counts for all below it, so its list of edges does not count once more.
    const items = isList && !isConnection(parent) ? ITEMS_OF_A_LIST : 1;
    return { ...below, fields: 1 + items * below.fields };
  }

  /** Undefined for `__schema` and its like. */
  #fieldType(name: string, parent: string): GraphQLOutputType | undefined {
    const type = this.#schema.getType(parent);
    return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name]?.type : undefined;
  }
}

/** Types whose lists are the directory's. */
const COUNTED: ReadonlySet<string> = new Set(['Query', 'Site', 'Box', 'Viewer']);

const isConnection = (typeName: string): boolean => typeName.endsWith('Connection');
