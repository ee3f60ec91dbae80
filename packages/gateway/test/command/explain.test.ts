import { expect, it } from 'vitest';
import { ClusterError } from '../../src/cluster/cluster-error.ts';
import { explain } from '../../src/command/explain.ts';
import { SharedKeysError } from '../../src/privacy/shared/shared-keys-error.ts';

const failed = (code: string) =>
  Object.assign(new Error(`listen ${code} 10.0.0.1:80`), {
    syscall: 'listen',
    code,
    address: '10.0.0.1',
    port: 80,
  });

it.each([
  ['EADDRINUSE', '10.0.0.1:80 is taken by another process; stop it, or change `listen`'],
  ['EACCES', 'this user may not listen on 10.0.0.1:80; change `listen`'],
  ['EADDRNOTAVAIL', '10.0.0.1:80 is not an address of this machine; change `listen`'],
  ['ENETDOWN', "can't listen (listen ENETDOWN 10.0.0.1:80); change `listen`"],
])('an address that cannot be listened on (%s) is one line that says what to do', (code, line) => {
  expect(explain(failed(code))).toContain(line);
  expect(explain(failed(code))).not.toContain('\n');
});

it.each([
  new ClusterError('NO_JETSTREAM', 'NATS runs without JetStream'),
  new SharedKeysError('STREAM_SETTINGS', 'the stream se5_keys needs other settings'),
])('what is wrong with NATS is one line that says what to do: $message', (error) => {
  expect(explain(error)).toBe(error.message);
});

it('what nobody foresaw is told with where it happened', () => {
  expect(explain(new TypeError('oops'))).toMatch(/^TypeError: oops\n {4}at /);
});
