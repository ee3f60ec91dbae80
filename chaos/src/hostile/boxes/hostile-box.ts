import { type Simulator, startSimulator } from '@se5/simulator';
import type { HostilePorts } from '../process-messages.ts';
import { LyingApi } from './lying-api.ts';

/** A simulated box that says whatever it is told to, on both of its ports. */
export class HostileBox implements AsyncDisposable {
  readonly id: string;
  readonly api: LyingApi;
  readonly #simulator: Simulator;

  private constructor(id: string, simulator: Simulator, api: LyingApi) {
    this.id = id;
    this.#simulator = simulator;
    this.api = api;
  }

  static async start(id: string, seed: number): Promise<HostileBox> {
    const simulator = await startSimulator({ seed });
    return new HostileBox(id, simulator, await LyingApi.start(simulator.apiPort));
  }

  get ports(): HostilePorts {
    return { id: this.id, eventPort: this.#simulator.eventPort, apiPort: this.api.port };
  }

  /** A device that it lists. */
  get deviceId(): string {
    return this.#simulator.devices[0]?.deviceId ?? '';
  }

  /** @returns whether somebody listened. */
  say(message: string | Uint8Array): boolean {
    return this.#simulator.emitRaw(message) > 0;
  }

  /** Ends the connection: the gateway comes back, and asks for the devices and for what it missed. */
  drop(): void {
    this.#simulator.faults.drop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.api[Symbol.asyncDispose]();
    await this.#simulator[Symbol.asyncDispose]();
  }
}
