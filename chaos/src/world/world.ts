import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Issuer } from '../access/issuer.ts';
import { EVERYTHING, ROLES } from '../access/roles.ts';
import { boxKinds } from './box-kinds.ts';
import { GatewayHost } from './gateway-host.ts';
import { FULL_BYTES } from './gateway-process.ts';
import { JournalFile } from './journal-file.ts';
import { MachineClock } from './machine-clock.ts';
import type { SentEvent } from './sent-event.ts';
import { SimulatedBox } from './simulated-box.ts';
import { sitesOf } from './sites.ts';
import { TcpProxy } from './tcp-proxy.ts';
import { Timeline } from './timeline.ts';

/** Boxes, the networks in front of them, and the machine with the gateway; all on loopback. */
export class World implements AsyncDisposable {
  readonly timeline: Timeline;
  readonly boxes: readonly SimulatedBox[];
  /** Where the gateway keeps all that it keeps, with its log and copies of its journal. */
  readonly folder: string;
  /** All that all boxes said; an event's serial number is its index. */
  readonly sent: readonly SentEvent[];
  /** Of the machine with the gateway. */
  readonly clock: MachineClock;
  readonly journal: JournalFile;
  /** Of the clients' tokens. */
  readonly issuer: Issuer;
  /** Opens everything. */
  readonly token: string;
  readonly gateway: GatewayHost;
  /** A way to the gateway on which nothing goes wrong. */
  readonly entrance: TcpProxy;
  readonly #parts: AsyncDisposableStack;

  private constructor(
    parts: AsyncDisposableStack,
    own: Pick<
      World,
      | 'timeline'
      | 'boxes'
      | 'folder'
      | 'sent'
      | 'clock'
      | 'journal'
      | 'issuer'
      | 'token'
      | 'gateway'
      | 'entrance'
    >,
  ) {
    this.#parts = parts;
    this.timeline = own.timeline;
    this.boxes = own.boxes;
    this.folder = own.folder;
    this.sent = own.sent;
    this.clock = own.clock;
    this.journal = own.journal;
    this.issuer = own.issuer;
    this.token = own.token;
    this.gateway = own.gateway;
    this.entrance = own.entrance;
  }

  /** Settles when the gateway listens to all boxes, which say nothing yet. */
  static async start(seed: number, signal: AbortSignal): Promise<World> {
    await using parts = new AsyncDisposableStack();
    const timeline = new Timeline();
    const sent: SentEvent[] = [];
    const boxes: SimulatedBox[] = [];
    for (const kind of boxKinds(seed)) boxes.push(parts.use(await SimulatedBox.start(kind, sent)));
    const folder = await mkdtemp(join(tmpdir(), 'se5-chaos-'));
    parts.defer(() => rm(folder, { recursive: true, force: true }));
    const configFile = join(folder, 'gateway.yaml');
    const journal = new JournalFile(join(folder, 'journal.db'));
    const clock = new MachineClock();
    const issuer = await Issuer.create(clock);
    const jwks = join(folder, 'jwks.json');
    await writeFile(jwks, issuer.jwks);
    const token = randomBytes(24).toString('hex');
    const access = accessOf(token, issuer.configOf(jwks));
    await writeFile(configFile, configOf(boxes, journal.path, access));
    const logFile = join(folder, 'gateway.log');
    // Not a line fits into it while the disk is full.
    await writeFile(logFile, '\n'.repeat(FULL_BYTES));
    const gateway = parts.use(
      new GatewayHost({ name: 'gateway', configFile, logFile, journal, clock, timeline, token }),
    );
    const entrance = parts.use(await TcpProxy.start(() => gateway.port));
    await gateway.start();
    await Promise.all(boxes.map((box) => box.listened(signal)));
    return new World(parts.move(), {
      timeline,
      boxes,
      folder,
      sent,
      clock,
      journal,
      issuer,
      token,
      gateway,
      entrance,
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.entrance.port}`;
  }

  /** Where the gateway can be asked to erase. */
  get erasureSocket(): string {
    return `${this.journal.path}.sock`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync();
  }
}

/** Roles by JSON Web Tokens for the clients, and a token that opens everything for the run itself. */
const accessOf = (token: string, issuer: object): object => ({
  tokens: [{ name: 'run', role: EVERYTHING.name, token }],
  jwt: [issuer],
  roles: Object.fromEntries(ROLES.map(({ name, rights }) => [name, rights])),
});

/** JSON is YAML. */
const configOf = (boxes: readonly SimulatedBox[], journal: string, access: object): string =>
  JSON.stringify({
    listen: '127.0.0.1:0',
    access,
    sites: sitesOf(boxes),
    journal: { path: journal },
  });
