import type { Profiler } from 'node:inspector';
import { Session } from 'node:inspector/promises';

/** Of the time in which the process did something, 0 to 1 each; together 1. */
export interface CpuShares {
  /** In the execution of GraphQL, the resolvers that it calls included. */
  readonly execution: number;
  /** Elsewhere in JavaScript, below nothing of the above. */
  readonly other: number;
  /** Writing to and reading from sockets, WebSocket frames included. */
  readonly network: number;
  readonly garbageCollection: number;
  /** Outside JavaScript: the system, mostly the sockets'. */
  readonly native: number;
}

type Category = keyof CpuShares;

const SAMPLING_MICROS = 500;

/** Yoga brings an executor of its own, and the gateway plans what graphql-js would execute. */
const EXECUTION =
  /\/node_modules\/(graphql\/execution|@graphql-tools\/executor)\/|\/fanout\/answer-plan\./;
const NETWORK = /\/node_modules\/ws\/lib\/|^node:(net|_http|internal\/(stream|js_stream|streams))/;

/** Where a process spends its time, by V8's sampling profiler. */
export class CpuProfile {
  readonly #session: Session;

  static async start(): Promise<CpuProfile> {
    const session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: SAMPLING_MICROS });
    await session.post('Profiler.start');
    return new CpuProfile(session);
  }

  private constructor(session: Session) {
    this.#session = session;
  }

  async stop(): Promise<CpuShares> {
    const { profile } = await this.#session.post('Profiler.stop');
    this.#session.disconnect();
    return sharesOf(profile);
  }
}

export function sharesOf({ nodes, samples = [] }: Profiler.Profile): CpuShares {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])),
  );
  const counts: Record<Category, number> = {
    execution: 0,
    other: 0,
    network: 0,
    garbageCollection: 0,
    native: 0,
  };
  const stackOf = (id: number): Profiler.ProfileNode[] => {
    const stack: Profiler.ProfileNode[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const node = byId.get(at);
      if (node) stack.push(node);
    }
    return stack;
  };
  const categories = new Map(nodes.map(({ id }) => [id, categoryOf(stackOf(id))]));
  let busy = 0;
  for (const sample of samples) {
    const category = categories.get(sample);
    if (!category) continue;
    counts[category] += 1;
    busy += 1;
  }
  const share = (category: Category) => counts[category] / Math.max(1, busy);
  return {
    execution: share('execution'),
    other: share('other'),
    network: share('network'),
    garbageCollection: share('garbageCollection'),
    native: share('native'),
  };
}

/** @param stack innermost first. @returns undefined of time in which nothing was done. */
function categoryOf(stack: readonly Profiler.ProfileNode[]): Category | undefined {
  const name = stack[0]?.callFrame.functionName;
  if (name === '(idle)' || name === '(root)') return undefined;
  if (name === '(garbage collector)') return 'garbageCollection';
  if (name === '(program)') return 'native';
  if (stack.some(({ callFrame }) => EXECUTION.test(callFrame.url))) return 'execution';
  if (stack.some(({ callFrame }) => NETWORK.test(callFrame.url))) return 'network';
  return 'other';
}
