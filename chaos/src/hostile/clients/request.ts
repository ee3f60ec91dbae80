import { type Agent, type IncomingMessage, request } from 'node:http';
import type { Target } from '../process-messages.ts';

/** The error of a GraphQL answer is at its beginning. */
const READ_CHARACTERS = 65_536;

export interface HostileRequest {
  readonly target: Target;
  /** Whom a proxy on this machine says that it forwards for: so the gateway tells attackers apart. */
  readonly address: string | undefined;
  readonly agent?: Agent;
  /** A GraphQL request; without it, GraphiQL is asked for. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** Default: that of the target. Null: none. */
  readonly token?: string | null;
  readonly signal?: AbortSignal;
}

/** Headers of somebody at this address with this token. */
export const headersOf = ({
  target,
  address,
  token = target.token,
}: Pick<HostileRequest, 'target' | 'address' | 'token'>): Record<string, string> => ({
  ...(address !== undefined && { 'x-forwarded-for': address }),
  ...(token !== null && { authorization: `Bearer ${token}` }),
});

/** Asks, and reads the answer. @returns its status and code, or how it was cut off. Never rejects. */
export function ask(asked: HostileRequest): Promise<string> {
  const { target, agent, body, signal } = asked;
  const { promise, resolve } = Promise.withResolvers<string>();
  const broken = () => resolve(signal?.aborted ? 'left' : 'cut off');
  const outgoing = request(
    {
      host: '127.0.0.1',
      port: target.port,
      path: '/graphql',
      method: 'POST',
      headers: { ...headersOf(asked), 'content-type': 'application/json' },
      ...(agent && { agent }),
      ...(signal && { signal }),
    },
    (response) => void outcomeOf(response).then(resolve, broken),
  );
  outgoing.on('error', broken);
  outgoing.end(JSON.stringify(body));
  return promise;
}

async function outcomeOf(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) {
    if (text.length < READ_CHARACTERS) text += String(chunk);
  }
  return `${response.statusCode} ${codeIn(text)}`.trim();
}

/** The first code of an answer's errors; empty when it has none. */
export const codeIn = (text: string): string => /"code":"([A-Z_]+)"/.exec(text)?.[1] ?? '';
