import { expect, test } from 'vitest';
import { sharesOf } from '../../src/contenders/cpu-profile.ts';

const node = (id: number, functionName: string, url = '', children: number[] = []) => ({
  id,
  callFrame: { functionName, url, scriptId: '0', lineNumber: 0, columnNumber: 0 },
  children,
});

test('time below GraphQL’s execution counts as execution, whoever spends it', () => {
  const shares = sharesOf({
    startTime: 0,
    endTime: 100,
    nodes: [
      node(1, '(root)', '', [2, 3, 4, 5, 7, 8]),
      node(2, '(idle)'),
      node(3, '(program)'),
      node(4, '(garbage collector)'),
      node(5, 'executeFields', 'file:///x/node_modules/graphql/execution/execute.js', [6]),
      node(6, 'resolve', 'file:///x/src/schema/event.ts'),
      node(7, 'send', 'file:///x/node_modules/ws/lib/sender.js'),
      node(8, 'offer', 'file:///x/src/fanout/feed.ts'),
    ],
    samples: [2, 2, 3, 4, 5, 6, 6, 7, 7, 8, 8, 8],
  });
  expect(shares).toEqual({
    execution: 0.3,
    network: 0.2,
    garbageCollection: 0.1,
    native: 0.1,
    other: 0.3,
  });
});
