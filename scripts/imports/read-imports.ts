import { type Expression, parseSync, Visitor } from 'oxc-parser';

export interface Import {
  /** Undefined when it is computed at run time. */
  readonly specifier: string | undefined;
  /** From 1. */
  readonly line: number;
}

/**
 * Every import of a module: static and dynamic, of values and of types, re-exports and `require`.
 *
 * @throws {SyntaxError} when the text is not TypeScript or JavaScript by the ending of `path`.
 */
export function readImports(path: string, text: string): Import[] {
  const { program, errors } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new SyntaxError(`${path}: ${error.message}`);

  const imports: Import[] = [];
  const add = (source: Expression) => {
    const line = text.slice(0, source.start).split('\n').length;
    imports.push({ specifier: literal(source), line });
  };
  new Visitor({
    ImportDeclaration: ({ source }) => add(source),
    ExportAllDeclaration: ({ source }) => add(source),
    ExportNamedDeclaration: ({ source }) => source && add(source),
    ImportExpression: ({ source }) => add(source),
    TSImportType: ({ source }) => add(source),
    TSExternalModuleReference: ({ expression }) => add(expression),
    CallExpression({ callee, arguments: [source] }) {
      if (callee.type !== 'Identifier' || callee.name !== 'require') return;
      if (source !== undefined && source.type !== 'SpreadElement') add(source);
    },
  }).visit(program);
  return imports;
}

function literal(source: Expression): string | undefined {
  if (source.type === 'Literal' && typeof source.value === 'string') return source.value;
  if (source.type === 'TemplateLiteral' && source.expressions.length === 0) {
    return source.quasis[0]?.value.cooked ?? undefined;
  }
  return undefined;
}
