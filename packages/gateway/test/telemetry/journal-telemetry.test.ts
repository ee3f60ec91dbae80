import { expect, it } from 'vitest';
import { JournalError } from '../../src/journal/journal-error.ts';
import { watchedTelemetry } from '../support/telemetry.ts';

function watched() {
  const telemetry = watchedTelemetry();
  const up = async () => /^se5_journal_up (\d)$/m.exec(await telemetry.metrics.render())?.[1];
  return { ...telemetry, up };
}

const full = new JournalError('FULL', 'the journal a.db can’t grow: the disk is full');

it('a journal that fails is one line, one reason not to be ready, and a figure, until it works', async () => {
  const { journal, health, lines, up } = watched();
  for (let attempt = 0; attempt < 3; attempt += 1) journal.unavailable(full);
  expect(lines).toMatchObject([
    { level: 'error', fields: { code: 'FULL' }, message: expect.stringContaining(full.message) },
  ]);
  expect(health.readiness()).toMatchObject({
    ready: false,
    reasons: ['the journal can’t be written (FULL): events are kept in memory only'],
  });
  expect(await up()).toBe('0');

  journal.available({ restored: 7, lost: 0 });
  expect(lines.at(-1)).toMatchObject({ level: 'info', fields: { restored: 7 } });
  expect(health.readiness()).toMatchObject({ ready: true, reasons: [] });
  expect(await up()).toBe('1');

  journal.unavailable(full);
  expect(lines).toHaveLength(3);
});

it('another reason takes the place of the first', () => {
  const { journal, health, lines } = watched();
  journal.unavailable(full);
  journal.unavailable(new JournalError('READ_ONLY', 'the journal a.db may not be written'));
  expect(lines).toHaveLength(2);
  expect(health.readiness().reasons).toEqual([
    'the journal can’t be written (READ_ONLY): events are kept in memory only',
  ]);
});

it('what was lost, and where a damaged file is now, are said', () => {
  const { journal, lines } = watched();
  journal.unavailable(full);
  journal.available({ restored: 7, lost: 2 });
  expect(lines.at(-1)).toMatchObject({ level: 'warn', fields: { restored: 7, lost: 2 } });
  journal.setAside('a.db', 'a.db.damaged-1');
  expect(lines.at(-1)).toMatchObject({
    level: 'error',
    message:
      'the journal a.db is damaged: the gateway renamed it to a.db.damaged-1 and began a new one',
  });
});
