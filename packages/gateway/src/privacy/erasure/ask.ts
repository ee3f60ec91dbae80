import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { ErasureTarget } from '../erasure-target.ts';
import type { ErasureReport } from './erase.ts';
import { ErasureFailed } from './erasure-failed.ts';
import { linesOf } from './lines.ts';
import { answerSchema, type ErasureAnswer } from './protocol.ts';
import { reachable } from './socket-path.ts';

/** Undefined when nobody listens there. @throws what the system says else. */
export async function connectTo(path: string): Promise<Socket | undefined> {
  try {
    using address = reachable(path);
    const socket = connect(address.path);
    await once(socket, 'connect');
    return socket;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTSOCK') return undefined;
    throw error;
  }
}

/** @throws {ErasureFailed} */
export async function askGateway(socket: Socket, target: ErasureTarget): Promise<ErasureReport> {
  socket.write(`${JSON.stringify(target)}\n`);
  try {
    for await (const line of linesOf(socket)) {
      const answer = answerIn(line);
      if (answer.kind === 'done') return answer.report;
      throw new ErasureFailed(answer.message);
    }
  } catch (error) {
    throw error instanceof ErasureFailed ? error : new ErasureFailed(STOPPED, { cause: error });
  } finally {
    socket.destroy();
  }
  throw new ErasureFailed(STOPPED);
}

const STOPPED = 'the gateway stopped before the erasure was complete: run this again';

/** @throws {ErasureFailed} without a cause: that would quote the line, and so a name. */
function answerIn(line: string): ErasureAnswer {
  try {
    return answerSchema.parse(JSON.parse(line));
  } catch {
    throw new ErasureFailed(
      'the gateway’s answer could not be read; if it is of another version, restart it, and run this again',
    );
  }
}
