import { BoxError } from '@se5/core';
import { expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { errorFields } from '../../src/telemetry/error-fields.ts';

it('the message of an error of our own is logged', () => {
  expect(errorFields(new BoxError('TIMEOUT', 'no answer'))).toMatchObject({
    error: 'BoxError',
    code: 'TIMEOUT',
    message: 'no answer',
  });
  expect(errorFields(new GatewayError('SHUTTING_DOWN', 'closed'))).toMatchObject({
    code: 'SHUTTING_DOWN',
    message: 'closed',
  });
});

it('the message of any other error is not, for it may quote what it stumbled over', () => {
  const fields = errorFields(thrownBy(() => JSON.parse('Visitor 12')));
  expect(fields.error).toBe('SyntaxError');
  expect(fields.stack?.[0]).toMatch(/^at /);
  expect(JSON.stringify(fields)).not.toContain('Visitor');
});

it('a message of several lines does not come in by way of the stack', () => {
  const fields = errorFields(new Error('Visitor 12\nwas here\n    at the door'));
  expect(JSON.stringify(fields)).not.toMatch(/Visitor|was here|the door/);
});

it('the message of a system error is logged', () => {
  const error = Object.assign(new Error('listen EADDRINUSE'), {
    syscall: 'listen',
    errno: -98,
    code: 'EADDRINUSE',
  });
  expect(errorFields(error)).toMatchObject({ code: 'EADDRINUSE', message: 'listen EADDRINUSE' });
});

it('what is no error is named by its kind', () => {
  expect(errorFields('Visitor 12')).toEqual({ error: 'string' });
});

function thrownBy(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}
