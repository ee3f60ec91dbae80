/** One event of a stream, as the HTML standard has it: an id stays until another comes. */
export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
  readonly lastEventId: string;
}

/**
 * Reads a stream of events as a browser's EventSource would, and ends with it. Blocks that
 * dispatch nothing (comments, ids alone) are told too, as events without a name.
 */
export async function* readEvents(response: Response): AsyncGenerator<ServerSentEvent, void> {
  if (!response.body) throw new Error('the answer has no body');
  let lastEventId = '';
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (text + chunk).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map(readField));
      lastEventId = fields.get('id') ?? lastEventId;
      yield { event: fields.get('event') ?? '', data: fields.get('data') ?? '', lastEventId };
    }
  }
}

const readField = (line: string): [string, string] => {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
};

/** The next event that has a name. */
export async function nextEvent(events: AsyncGenerator<ServerSentEvent, void>) {
  for (;;) {
    const { done, value } = await events.next();
    if (done) throw new Error('the stream has ended');
    if (value.event !== '') return value;
  }
}
