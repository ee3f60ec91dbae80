import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway.ts';
import { startGateway } from '../support/gateways.ts';

describe('GraphQL over HTTP', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  // MUST, SHOULD and MAY alike.
  const audits = serverAudits({ url: () => `${gateway.url}/graphql` });
  it.each(audits.map(({ id, name, fn }) => [id, name, fn] as const))(
    'passes audit %s: %s',
    async (_id, _name, audit) => {
      const result = await audit();
      const reason = 'reason' in result ? result.reason : undefined;
      expect({ status: result.status, reason }).toEqual({ status: 'ok', reason: undefined });
    },
  );
});
