import {
  type Argument,
  type Expression,
  type PrivateInExpression,
  parseSync,
  Visitor,
} from 'oxc-parser';

/** A place in a test where the speed of the machine may decide. */
export interface ClockUse {
  readonly rule: string;
  /** From 1. */
  readonly line: number;
}

/** Starts a comment that explains the use on its line or on the next; the reason follows. */
const MARK = 'clock:';

const RULES = {
  timer: 'starts a real timer; wait for an event, or use vi.useFakeTimers',
  poll: 'gives up after a second by default; use expect.poll, whose bound is in scripts/vitest',
  elapsed: 'lets the real clock decide; inject a clock, or use vi.useFakeTimers',
  bound: 'has a time-out of its own; the one that ends a hang is in scripts/vitest',
  retry: 'is run again when it fails; make it certain',
} as const;

const TIMERS = ['setTimeout', 'setInterval'];
const TEST_CALLS = ['test', 'it', 'describe', 'beforeAll', 'beforeEach', 'afterAll', 'afterEach'];
const CLOCKS = ['Date.now', 'performance.now'];

/**
 * Every use of the clock in a test module, and what is wrong with the comments that explain uses.
 *
 * @throws {SyntaxError} when the text is not TypeScript or JavaScript by the ending of `path`.
 */
export function findClockUses(path: string, text: string): ClockUse[] {
  const { program, comments, errors } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new SyntaxError(`${path}: ${error.message}`);

  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length;
  const uses: ClockUse[] = [];
  const add = (rule: keyof typeof RULES, { start }: { readonly start: number }) =>
    void uses.push({ rule: RULES[rule], line: lineOf(start) });

  new Visitor({
    ImportDeclaration({ source, specifiers }) {
      if (!/^(node:)?timers\/promises$/.test(source.value)) return;
      for (const each of specifiers) {
        const isTurn =
          each.type === 'ImportSpecifier' &&
          each.imported.type === 'Identifier' &&
          each.imported.name === 'setImmediate';
        if (!isTurn) add('timer', each);
      }
    },
    CallExpression(call) {
      const name = nameOf(call.callee);
      if (name === undefined) return;
      if (TIMERS.includes(lastOf(name)) || lastOf(name) === 'waitForTimeout') add('timer', call);
      if (name === 'vi.waitFor' || name === 'vi.waitUntil') add('poll', call);
      const root = name.split('.')[0] ?? '';
      if (TEST_CALLS.includes(root) && isPositive(call.arguments.at(-1))) add('bound', call);
      if (name === 'AbortSignal.timeout' && isPositive(call.arguments[0])) add('bound', call);
      if (root === 'expect' && call.arguments.some(readsClock)) add('elapsed', call);
    },
    BinaryExpression(binary) {
      const { operator, left, right } = binary;
      const isComparison = ['<', '<=', '>', '>='].includes(operator);
      const isElapsed = operator === '-' && readsClock(left) && !isConstant(right);
      if (isElapsed || (isComparison && [left, right].some(readsClock))) add('elapsed', binary);
    },
    Property({ key, value, ...at }) {
      if (key.type !== 'Identifier' || !isPositive(value)) return;
      if (key.name === 'timeout') add('bound', at);
      if (key.name === 'retry') add('retry', at);
    },
  }).visit(program);

  return explained(uses, comments, lineOf);
}

/** The uses that nobody explains; and explanations without a reason, or of nothing. */
function explained(
  uses: readonly ClockUse[],
  comments: readonly { readonly value: string; readonly start: number; readonly end: number }[],
  lineOf: (offset: number) => number,
): ClockUse[] {
  const left = new Set(uses);
  const wrong: ClockUse[] = [];
  for (const { value, start, end } of comments) {
    const comment = value.trim();
    if (!comment.startsWith(MARK)) continue;
    const line = lineOf(start);
    const of = uses.filter((use) => use.line === line || use.line === lineOf(end) + 1);
    if (of.length === 0) wrong.push({ rule: `"${MARK}" explains nothing; remove it`, line });
    if (comment === MARK) wrong.push({ rule: `"${MARK}" is without a reason`, line });
    else for (const use of of) left.delete(use);
  }
  return [...left, ...wrong].toSorted((one, other) => one.line - other.line);
}

type Operand = Argument | Expression | PrivateInExpression['left'];

/** Dotted and without what is called on the way, as `expect.toBe` for `expect(1).toBe`; undefined where it is computed. */
function nameOf(callee: Expression): string | undefined {
  if (callee.type === 'Identifier') return callee.name;
  if (callee.type === 'CallExpression') return nameOf(callee.callee);
  if (callee.type !== 'MemberExpression') return undefined;
  const object = nameOf(callee.object);
  const { property } = callee;
  return object && property.type === 'Identifier' ? `${object}.${property.name}` : object;
}

const lastOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** Whether a value is the real time, or is computed from it: not what a function makes of it. */
function readsClock(value: Operand): boolean {
  if (value.type === 'BinaryExpression') return [value.left, value.right].some(readsClock);
  if (value.type === 'ParenthesizedExpression') return readsClock(value.expression);
  if (value.type === 'ArrowFunctionExpression') {
    return value.body.type !== 'BlockStatement' && readsClock(value.body);
  }
  if (value.type !== 'CallExpression') return false;
  const name = nameOf(value.callee) ?? '';
  return CLOCKS.includes(name) || (name.startsWith('Math.') && value.arguments.some(readsClock));
}

/** A number, or something of the kind `2 * DAY_MS`. */
function isConstant(value: Operand): boolean {
  if (value.type === 'Literal') return true;
  if (value.type === 'Identifier') return value.name === value.name.toUpperCase();
  return value.type === 'BinaryExpression' && [value.left, value.right].every(isConstant);
}

const isPositive = (value: Operand | { readonly type: string } | undefined): boolean =>
  value?.type === 'Literal' &&
  'value' in value &&
  typeof value.value === 'number' &&
  value.value > 0;
