import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { link, mkdir, open, readdir, stat, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
// clock: only how dense the events are; no test reads how long anything took.
import { setTimeout as pause } from 'node:timers/promises';
import { type Simulator, startSimulator } from '@se5/simulator';
import { afterAll, describe, expect, it } from 'vitest';
import { Command } from '../../support/command.ts';
import { configFile } from '../../support/config-file.ts';
import { Eraser } from '../../support/eraser.ts';
import { nextEvent, readEvents } from '../../support/event-source.ts';
import { configText, post, startGateway } from '../../support/gateways.ts';
import { pictureFiles } from '../../support/image-stores.ts';
import { journalFile } from '../../support/journals.ts';
import { recordedLog } from '../../support/recorded-log.ts';
import { filesWith } from '../../support/traces.ts';
import { until } from '../../support/until.ts';

const ID = 'person-7f3a91';
const NAME = 'Visitor 12, of whom nothing stays';
const PORTRAIT = Buffer.from(
  '\xff\xd8\xffthe portrait of visitor 12, which others share',
  'latin1',
);
const FACE = Buffer.from('\xff\xd8\xffthe face of visitor 12 at the gate', 'latin1');

const base64 = (bytes: Buffer) => bytes.toString('base64');

const NO_PICTURES = { registered: '', face: '', scene: '' };

const person = {
  identityId: ID,
  identityName: NAME,
  identityInfo: { about: NAME },
  personType: 2,
  pictures: { face: base64(FACE), scene: '', registered: base64(PORTRAIT) },
};

const config = (path: string) => ({ journal: { path }, images: { capture: 'always' } });

const heard = (simulator: Simulator) =>
  simulator.until(({ configurations }) => (configurations.at(-1)?.eventList.length ?? 0) > 0);

const stream = async (url: string, fields = 'identityId') =>
  readEvents(
    await post(url, `subscription { recognitionEvents(withImages: true) { ${fields} } }`, {
      Accept: 'text/event-stream',
    }),
  );

const eraser = new Eraser();
afterAll(() => eraser[Symbol.asyncDispose]());

const erase = (file: string, ...args: readonly string[]) => eraser.erase('--config', file, ...args);

/** As a user types it: in a process for this alone. */
async function eraseByCommand(file: string, ...args: readonly string[]) {
  await using command = new Command(['erase', '--config', file, ...args]);
  const code = await command.exitCode();
  return { code, said: (command.stdout + command.stderr).trim() };
}

/** A configuration file and the data that it names, with events of the person among others in it. */
async function recorded(given: { readonly others?: number; readonly journalPath?: string } = {}) {
  const parts = new AsyncDisposableStack();
  const data = parts.use(await journalFile());
  const simulator = parts.use(await startSimulator());
  const images = { capture: 'always', path: join(dirname(data.path), 'images') };
  const places = { journal: { path: given.journalPath ?? data.path }, images };
  const file = parts.use(await configFile(configText([], places)));
  const log = recordedLog();
  const gateway = await startGateway({
    simulators: [simulator],
    config: places,
    logger: log.logger,
  });
  const folder = dirname(data.path);
  await heard(simulator);
  const events = await stream(gateway.url);
  const others = given.others ?? 3;
  for (let index = 0; index < others; index += 1) {
    simulator.emit({ ...person, identityName: NAME });
    simulator.emit({ pictures: { registered: base64(PORTRAIT) }, identityId: `other-${index}` });
  }
  for (let index = 0; index < 2 * others; index += 1) await nextEvent(events);
  await events.return();
  return {
    ...{ simulator, gateway, folder, file: file.path, journal: data.path, log },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await parts.disposeAsync();
    },
  };
}

const everything = [ID, NAME, FACE, PORTRAIT, base64(FACE), base64(PORTRAIT)];

const inHistory = async (url: string) => {
  const query =
    '{ recognitionEvents(first: 500) { edges { node { identityId registeredImage { url } } } } }';
  const { data } = await (await post(url, query)).json();
  return data.recognitionEvents.edges.map(
    ({ node }: { readonly node: unknown }) => node,
  ) as readonly { readonly identityId: string; readonly registeredImage: { url: string | null } }[];
};

const countIn = async (url: string): Promise<unknown> => {
  const answer = await post(url, '{ recognitionEvents(first: 1) { totalCount } }');
  const { data } = await answer.json();
  return data.recognitionEvents.totalCount;
};

/** Between two events, in ms: without a pause they would take the core that the erasure needs. */
const LIVE_MS = 3;

/** Events of others, one after the other, until the erasure is over; each is delivered. Returns how many. */
async function liveMeanwhile(
  simulator: Simulator,
  events: Awaited<ReturnType<typeof stream>>,
  erasing: Promise<unknown>,
): Promise<number> {
  const over = new AbortController();
  const end = erasing.finally(() => over.abort());
  let sent = 0;
  while (!over.signal.aborted) {
    simulator.emit({ identityId: `later-${sent}`, pictures: NO_PICTURES });
    expect((await nextEvent(events)).data).toContain(`later-${sent}`);
    sent += 1;
    await pause(LIVE_MS);
  }
  await end;
  return sent;
}

describe('erase', () => {
  it('takes a person from a gateway that runs, in milliseconds, and events go on', async () => {
    await using place = await recorded();
    await until(() => existsSync(`${place.journal}.sock`));
    const pictures = join(place.folder, 'images');
    await expect.poll(() => pictureFiles(pictures)).toHaveLength(11);
    expect(await filesWith(place.folder, ...everything)).toEqual([]);
    const events = await stream(place.gateway.url);
    const erasing = eraseByCommand(place.file, '--identity', ID);
    const sent = await liveMeanwhile(place.simulator, events, erasing);
    const { code, said } = await erasing;
    await events.return();
    expect(said).toMatch(/^Erased 3 events and 5 pictures while the gateway runs\.$/m);
    expect(said).toContain('The data that this person’s key sealed can’t be read');
    expect(said).not.toContain(ID);
    expect(code).toBe(0);
    // A face and a scene of each of the others: their portraits showed the same.
    expect(await pictureFiles(pictures)).toHaveLength(6);
    expect(await filesWith(place.folder, ...everything)).toEqual([]);
    const left = await inHistory(place.gateway.url);
    expect(left.map(({ identityId }) => identityId).slice(0, 3)).toEqual(
      [0, 1, 2].map((index) => `other-${index}`),
    );
    // It showed the same face.
    expect(left[0]?.registeredImage.url).toBeNull();
    expect(await countIn(place.gateway.url)).toBe(3 + sent);
    expect(JSON.stringify(place.log.lines)).not.toContain(ID);
    expect(place.log.lines.map(({ message }) => message)).toContain(
      'erased 3 events and 5 pictures',
    );
    await place.gateway[Symbol.asyncDispose]();
    expect(await filesWith(place.folder, ...everything)).toEqual([]);
  });

  it('erases when nothing it says can be printed', async () => {
    await using place = await recorded();
    await using full = await open('/dev/full', 'w');
    const args = ['erase', '--config', place.file, '--identity', ID];
    await using command = new Command(args, {}, [full.fd, full.fd]);
    expect(await command.exitCode()).toBe(0);
    await place.gateway[Symbol.asyncDispose]();
    expect(await filesWith(place.folder, ...everything)).toEqual([]);
  });

  it('takes a person from the data of a gateway that does not run', async () => {
    await using place = await recorded();
    await place.gateway[Symbol.asyncDispose]();
    const { code, said } = await eraseByCommand(place.file, '--identity', ID);
    expect(said).toMatch(/^Erased 3 events and 5 pictures\.$/m);
    expect(code).toBe(0);
    expect(await filesWith(place.folder, ...everything)).toEqual([]);
    const again = await eraseByCommand(place.file, '--identity', ID);
    expect(again.said).toMatch(/^Erased 0 events and 0 pictures\.$/m);
    expect(again.said).toContain('unless the person was erased before');
    expect(again.code).toBe(2);
  });

  it('needs of the configuration only where the data are, seen from the file', async () => {
    await using place = await recorded();
    await place.gateway[Symbol.asyncDispose]();
    const file = join(place.folder, 'gateway.yaml');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: ${NAME} is what the file says.
    const token = '"${SE5_TOKEN_THAT_IS_NOT_SET}"';
    const journal = `journal: { path: ${basename(place.journal)} }`;
    await writeFile(file, `listen: 0.0.0.0:4000\naccess: { token: ${token} }\n${journal}\n`);
    const { code, said } = await erase(file, '--identity', ID);
    expect(said).toContain('The data that this person’s key sealed can’t be read');
    expect(code).toBe(0);
  });

  it('exits with 2, and erases nothing, when nobody has the id: whether the gateway runs or not', async () => {
    await using place = await recorded();
    const typed = `${ID.slice(0, -1)}x`;
    const eraseNobody = async () => {
      const { code, said } = await erase(place.file, '--identity', typed);
      expect(said).toContain('Nobody with this id was found, so nothing was erased.');
      expect(said).not.toMatch(/key sealed|person-7/);
      expect(code).toBe(2);
    };
    await eraseNobody();
    expect(await inHistory(place.gateway.url)).toHaveLength(6);
    await place.gateway[Symbol.asyncDispose]();
    await eraseNobody();
  });

  it('takes everything that is older than a time', async () => {
    await using place = await recorded();
    const { code, said } = await erase(place.file, '--before', '2999-01-01');
    expect(said).toMatch(/^Erased 6 events and /m);
    expect(said).toContain('The data that the keys of the earlier days sealed can’t be read');
    expect(code).toBe(0);
    expect(await inHistory(place.gateway.url)).toEqual([]);
    const { data } = await (await post(place.gateway.url, '{ cursor }')).json();
    expect(data.cursor).toBeDefined();
  });

  it('names the files that were set aside: an older gateway may have written them in clear', async () => {
    await using place = await recorded();
    const aside = `${place.journal}.damaged-20260101T000000Z`;
    await writeFile(aside, 'half a journal');
    const { code, said } = await erase(place.file, '--before', '2999-01-01');
    expect(said).toMatch(/^Erased 6 events and /m);
    expect(said).toContain(`delete them yourself: ${aside}`);
    expect(code).toBe(0);
  });

  it('takes a person’s pictures from their folder though the journal is in memory by their keys', async () => {
    await using place = await recorded({ journalPath: 'memory' });
    const folder = join(place.folder, 'images');
    // Two of the person, and three of each of the others.
    await expect.poll(() => pictureFiles(folder)).toHaveLength(11);
    const { code, said } = await erase(place.file, '--identity', ID);
    expect(await pictureFiles(folder)).toHaveLength(6);
    expect(said).toMatch(/^Erased 3 events and 5 pictures while the gateway runs\.$/m);
    expect(code).toBe(0);
    await place.gateway[Symbol.asyncDispose]();
    const later = await erase(place.file, '--before', '2999-01-01');
    expect(await pictureFiles(folder)).toEqual([]);
    expect(later.code).toBe(0);
  });

  it('does not say that nobody is left where nothing is, and makes nothing', async () => {
    await using data = await journalFile();
    await using file = await configFile(configText([], config(data.path)));
    const { code, said } = await erase(file.path, '--identity', ID);
    expect(said).toMatch(/^nothing was erased: there is no journal /);
    expect(code).toBe(1);
    expect(existsSync(dirname(data.path))).toBe(false);
  });

  it('says that there is nothing on disk when all is in memory', async () => {
    await using file = await configFile(configText([]));
    const { code, said } = await erase(file.path, '--identity', ID);
    expect(said).toContain('in memory only: restart the gateway');
    expect(code).toBe(1);
  });

  it('says so when another program has the journal', async () => {
    await using data = await journalFile();
    await using file = await configFile(configText([], config(data.path)));
    await mkdir(dirname(data.path), { recursive: true });
    await writeFile(data.path, '');
    using lock = new DatabaseSync(`${data.path}.lock`);
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    const { code, said } = await erase(file.path, '--identity', ID);
    expect(said).toContain(`a gateway uses the journal, but nothing answers at ${data.path}.sock`);
    expect(code).toBe(1);
  });
});

describe('the socket of a gateway', () => {
  it('is open to nobody else, and goes with the gateway', async () => {
    await using data = await journalFile();
    const gateway = await startGateway({ config: config(data.path) });
    const path = `${data.path}.sock`;
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await gateway[Symbol.asyncDispose]();
    expect(existsSync(path)).toBe(false);
  });

  it('is made anew where a gateway that was killed has left one', async () => {
    await using data = await journalFile();
    await mkdir(dirname(data.path));
    {
      await using killed = createServer().listen(`${data.path}.killed`);
      await once(killed, 'listening');
      // The one that goes with the server is the other name of it.
      await link(`${data.path}.killed`, `${data.path}.sock`);
    }
    await using _gateway = await startGateway({ config: config(data.path) });
    const socket = connect(`${data.path}.sock`);
    await once(socket, 'connect');
    socket.destroy();
  });

  it.runIf(process.platform === 'linux')(
    'may have a path that is too long for a socket',
    async () => {
      await using data = await journalFile();
      const path = join(dirname(data.path), 'x'.repeat(120), 'journal.db');
      await using file = await configFile(configText([], config(path)));
      await using gateway = await startGateway({ config: config(path) });
      expect(await readdir(dirname(path))).toContain('journal.db.sock');
      const { code, said } = await erase(file.path, '--identity', ID);
      expect(said).toContain('while the gateway runs');
      expect(code).toBe(2);
      await gateway[Symbol.asyncDispose]();
      expect(await readdir(dirname(path))).not.toContain('journal.db.sock');
    },
  );

  it('is in the pictures’ folder when the journal is in memory', async () => {
    await using data = await journalFile();
    const path = join(dirname(data.path), 'images');
    await using _gateway = await startGateway({
      config: { journal: { path: 'memory' }, images: { path } },
    });
    expect((await stat(join(path, 'erase.sock'))).isSocket()).toBe(true);
  });

  it.each(['nonsense', '{"kind":"identity","identityId":""}', 'x'.repeat(20_000)])(
    'erases nothing for who says no request',
    async (text) => {
      await using data = await journalFile();
      await using _gateway = await startGateway({ config: config(data.path) });
      const socket = connect(`${data.path}.sock`);
      socket.end(`${text}\n`);
      const [answer] = await once(socket, 'data');
      expect(JSON.parse(String(answer))).toEqual({
        kind: 'failed',
        message: 'this is not a request to erase',
      });
    },
  );
});
