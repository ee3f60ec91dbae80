import { startSimulator } from '@se5/simulator';
import { expect, test } from 'vitest';
import { createClient } from '../../src/index.ts';
import { createAlarmsStore } from '../../src/react/use-alarms.ts';
import { listenedTo, startGateway } from '../support/gateway.ts';

const VIP = 5;
const HOUR_MS = 3_600_000;

/** A gateway where every VIP is an alarm, and a list of two. */
async function openAlarms() {
  await using resources = new AsyncDisposableStack();
  const box = resources.use(await startSimulator());
  const watch = [{ id: 'vip', title: 'A VIP', personTypes: ['VIP'], cooldown: 'none' }];
  const gateway = resources.use(await startGateway(box, { watch }));
  const client = resources.use(createClient({ url: gateway.url }));
  await listenedTo(box);
  const store = createAlarmsStore(client, { filter: { states: ['OPEN'] }, limit: 2 });
  const names = () => store.get().alarms.map(({ identityName }) => identityName);
  resources.defer(store.subscribe(() => undefined));
  const owned = resources.move();
  return {
    client,
    store,
    emit: (identityName: string, timestamp = Date.now()) =>
      box.emit({ personType: VIP, identityId: identityName, identityName, timestamp }),
    /** Resolves when the list has these names. */
    shows: (...wanted: readonly string[]) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (names().join() === wanted.join()) resolve();
        };
        owned.defer(store.subscribe(look));
        look();
      }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

test('a list that was full is filled again when alarms leave the filter', async () => {
  await using desk = await openAlarms();
  for (const name of ['A', 'B', 'C', 'D']) desk.emit(name);
  await desk.shows('D', 'C');
  for (const { id } of desk.store.get().alarms) await desk.store.get().acknowledge(id);
  await desk.shows('B', 'A');
  desk.emit('E');
  await desk.shows('E', 'B');
});

test('an alarm that was read back late is the first, as the gateway has it', async () => {
  await using desk = await openAlarms();
  desk.emit('A');
  desk.emit('B');
  await desk.shows('B', 'A');
  desk.emit('Late', Date.now() - HOUR_MS);
  await desk.shows('Late', 'B');
  const { alarms } = await desk.client.alarmHistory({ first: 2 });
  expect(alarms).toEqual(desk.store.get().alarms);
});
