import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  print,
  stripIgnoredCharacters,
  visit,
} from 'graphql';

/**
 * A codegen plugin: each operation as a plain string with the fragments that it uses, typed by
 * what it asks and answers. The stock plugin makes a class of it, which a bundler keeps and
 * whose types need a package of their own.
 */
export function printOperations(
  _schema: GraphQLSchema,
  files: readonly { readonly document?: DocumentNode }[],
): { prepend: string[]; content: string } {
  const definitions = files.flatMap((file) => file.document?.definitions ?? []);
  const fragments = new Map(
    definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
  const operations = definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  return {
    prepend: ["import type { TypedDocument } from '../document.ts';"],
    content: operations.map((operation) => printOperation(operation, fragments)).join('\n\n'),
  };
}

function printOperation(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): string {
  const name = operation.name?.value;
  if (name === undefined) throw new Error('An operation needs a name to be exported by.');
  const type = `${name}${operation.operation.charAt(0).toUpperCase()}${operation.operation.slice(1)}`;
  const text = [operation, ...usedFragments(operation, fragments)].map(print).join('\n');
  return `export const ${name}Document = '${stripIgnoredCharacters(text)}' as TypedDocument<${type}, ${type}Variables>;`;
}

/** The fragments that a definition spreads, and those that these spread in turn, each once. */
function usedFragments(
  definition: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): ReadonlySet<FragmentDefinitionNode> {
  const used = new Set<FragmentDefinitionNode>();
  const collect = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(node, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (fragment === undefined || used.has(fragment)) return;
        used.add(fragment);
        collect(fragment);
      },
    });
  };
  collect(definition);
  return used;
}
