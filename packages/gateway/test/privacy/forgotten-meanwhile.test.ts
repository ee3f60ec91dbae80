import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { KeyFile } from '../../src/privacy/key-file.ts';
import { Keyring } from '../../src/privacy/keyring.ts';

it('seals with a new key what another thread has forgotten the key of in that moment', async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), 'se5-keys-'));
  const path = join(directory.path, 'keys.db');
  using keyring = new Keyring(path);
  using elsewhere = new KeyFile(path);
  const at = Date.UTC(2026, 4, 1);
  const employee = {
    identityId: 'employee',
    personType: 'EMPLOYEE',
    occurredAt: at,
    receivedAt: at,
  } as const;
  keyring.prepare([employee]);
  const before = keyring.tagsOf('employee');
  elsewhere.forgetPerson('employee', 0);
  const { day, person } = keyring.sealingKey(employee);
  expect(before).not.toContain(person);
  keyring.refresh();
  expect(keyring.openingKey({ day, person })).toBeDefined();
});
