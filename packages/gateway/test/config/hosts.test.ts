import { expect, it } from 'vitest';
import { parseHostName } from '../../src/config/origin.ts';

it.each([
  ['Gateway.Internal.', 'gateway.internal'],
  ['se5_gateway', 'se5_gateway'],
  ['türe.example', 'xn--tre-hoa.example'],
  ['10.0.0.7', '10.0.0.7'],
])('%s is a name that requests may call the gateway by', (text, name) => {
  expect(parseHostName(text)).toBe(name);
});

it.each(['*', '*.example.com', '', '.', 'a..b', 'https://a', 'a:4000', 'a/b', '[::1]', 'a b'])(
  '"%s" is no name that requests may call the gateway by',
  (text) => {
    expect(parseHostName(text)).toBeUndefined();
  },
);
