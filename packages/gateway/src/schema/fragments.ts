import { type DocumentNode, type FragmentDefinitionNode, Kind } from 'graphql';

/** The fragments that a document defines, by their names. */
export const fragmentsOf = ({
  definitions,
}: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(
    definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
