import { expect, it } from 'vitest';
import { createAccessTelemetry } from '../../src/telemetry/access-telemetry.ts';
import { recordedLog } from '../support/recorded-log.ts';

const ISSUER = 'https://id.example.com';

it('what strangers can repeat is one line a minute, for each issuer', () => {
  const { logger, lines } = recordedLog();
  let counted = 0;
  const metrics = {
    wrongToken() {
      counted += 1;
    },
  };
  const telemetry = createAccessTelemetry(logger, metrics);
  for (let asked = 0; asked < 5; asked += 1) {
    telemetry.wrongToken('192.0.2.1', asked + 1);
    telemetry.tokenRefused(ISSUER, 'ERR_JWT_CLAIM_VALIDATION_FAILED aud');
    telemetry.issuerUnavailable(ISSUER, new Error('a text that may hold anything'));
    telemetry.unknownRoles([`role-${asked}`]);
  }
  telemetry.tokenRefused('https://other.example.com', 'ERR_JWS_INVALID');
  expect(counted).toBe(5);
  expect(lines.map(({ level, message }) => `${level} ${message.slice(0, 30)}`)).toEqual([
    'warn a wrong token came from 192.0.',
    'warn a token of https://id.example.',
    'error the keys of https://id.example',
    'warn a token allows nothing: access',
    'warn a token of https://other.examp',
  ]);
  expect(JSON.stringify(lines)).not.toContain('may hold anything');
});

it('of the roles of a token a few are named, and not at any length', () => {
  const { logger, lines } = recordedLog();
  const telemetry = createAccessTelemetry(logger, { wrongToken() {} });
  telemetry.unknownRoles(Array.from({ length: 1_000 }, () => 'x'.repeat(1_000)));
  expect(lines[0]?.fields).toMatchObject({ roles: Array(10).fill('x'.repeat(64)) });
});
