import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { type NatsServer, natsTestsAreSkipped, startNatsServer } from '@se5/nats-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newAlarmId } from '../../../src/journal/alarm/alarm.ts';
import { actEntry, alarmsOf, outcomeOf, ruleMatch, watchedEntry } from '../../support/alarms.ts';
import { SharedLog } from '../../support/nats-journals.ts';
import { boxId } from '../../support/recognitions.ts';

const LOBBY = boxId('hq-lobby');

describe.skipIf(natsTestsAreSkipped())('alarms of gateways that share a log', () => {
  let server: NatsServer;
  let shared: SharedLog;

  beforeEach(async () => {
    server = await startNatsServer();
    shared = await SharedLog.on(server);
  });

  afterEach(async () => {
    await shared[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const owning = async (gateway: string) => {
    const opened = await shared.open(gateway);
    await opened.journal.expect(LOBBY);
    await opened.journal.own(LOBBY);
    return opened;
  };

  it('are acknowledged by the first in the log, and are equal everywhere, on an empty file too', async () => {
    const [a, b] = [await owning('a'), await shared.open('b')];
    const matches = Array.from({ length: 10 }, (_, index) => ruleMatch({ rule: `rule ${index}` }));
    const { position } = await a.journal.append(watchedEntry({}, ...matches));
    await b.journal.reached(position);
    const races = matches.map(async ({ alarm }) => {
      const tries = [a, b].map(({ journal }) => outcomeOf(journal, actEntry(alarm, 'ACKNOWLEDGE')));
      return new Set(await Promise.all(tries));
    });
    const oneWins = new Set(['applied', 'ALARM_ACKNOWLEDGED']);
    expect(await Promise.all(races)).toEqual(matches.map(() => oneWins));
    const note = actEntry(matches[0]?.alarm ?? newAlarmId(), 'NOTE', { text: 'tall' });
    const noted = await b.journal.append(note);
    expect(await a.journal.append(note)).toMatchObject({
      ...{ position: noted.position, isDuplicate: true },
    });
    const extended = await a.journal.append(watchedEntry());
    expect(await outcomeOf(b.journal, actEntry(newAlarmId(), 'CLOSE'))).toBe('ALARM_NOT_FOUND');
    const c = await shared.open('c');
    for (const { journal } of [a, b, c]) await journal.reached(extended.position);
    const alarms = await alarmsOf(a.journal);
    expect(alarms).toHaveLength(11);
    expect(await alarmsOf(b.journal)).toEqual(alarms);
    expect(await alarmsOf(c.journal)).toEqual(alarms);
    expect(c.failures).toEqual([]);
  });

  it('are acted on in a log that an older gateway made', async () => {
    const a = await owning('a');
    const connection = await connect({ servers: server.url });
    const { streams } = await jetstreamManager(connection);
    await streams.update('se5', { subjects: ['se5.box.*'] });
    const b = await shared.open('b');
    const match = ruleMatch();
    const { position } = await a.journal.append(watchedEntry({}, match));
    await b.journal.reached(position);
    const { position: closed } = await b.journal.append(actEntry(match.alarm, 'CLOSE'));
    await a.journal.reached(closed);
    expect(await a.journal.alarm(match.alarm)).toMatchObject({ state: 'CLOSED', changed: closed });
    await connection.close();
  });

  it('are not acted on while NATS is away; the same act is applied once afterwards', async () => {
    const a = await owning('a');
    const match = ruleMatch();
    await a.journal.append(watchedEntry({}, match));
    await server.kill();
    const act = actEntry(match.alarm, 'NOTE', { text: 'tall' });
    expect(await outcomeOf(a.journal, act)).toBe('OVERLOADED');
    await server.restart();
    // Comes once the gateway is connected again.
    await a.journal.append(watchedEntry());
    await a.journal.append(act);
    expect(await a.journal.alarm(match.alarm)).toMatchObject({ notes: [{ text: 'tall' }] });
  });
});
