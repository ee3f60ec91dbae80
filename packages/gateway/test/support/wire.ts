import { connect } from 'node:net';

export interface WireAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it came: in chunks, when the answer is chunked. */
  readonly body: string;
}

/**
 * Sends bytes on a connection of their own, and reads until the server closes it: the last request
 * has to ask for that. Interim answers (1xx) count.
 */
export async function onTheWire(
  port: number,
  ...pieces: (string | Buffer)[]
): Promise<WireAnswer[]> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  for (const piece of pieces) socket.write(piece);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  socket.destroy();
  return answersIn(Buffer.concat(chunks).toString());
}

/** Each head up to the next, which a body must not look like. */
const answersIn = (text: string): WireAnswer[] =>
  text
    .split(/(?=HTTP\/1\.1 \d{3} )/)
    .filter((answer) => answer !== '')
    .map((answer) => {
      const end = answer.indexOf('\r\n\r\n');
      const [statusLine = '', ...lines] = answer.slice(0, end).split('\r\n');
      return {
        status: Number(statusLine.split(' ')[1]),
        headers: Object.fromEntries(
          lines.map((line) => {
            const [name = '', ...value] = line.split(':');
            return [name.toLowerCase(), value.join(':').trim()];
          }),
        ),
        body: answer.slice(end + 4),
      };
    });

/** The code of the one error that a body of JSON holds. */
export function codeIn(body: string): string {
  const { errors } = JSON.parse(body) as { errors: { extensions: { code: string } }[] };
  const [error, ...others] = errors;
  if (error === undefined || others.length > 0) throw new Error(`not one error: ${body}`);
  return error.extensions.code;
}
