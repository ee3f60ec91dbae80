import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendText } from './answer.ts';

const DEFAULT_QUERY = `# All devices, and below them what they see, as they see it.
query Devices {
  devices {
    id
    name
    site { name }
    box { name link { state since lastError } }
    lastEventAt
  }
}

subscription Recognitions {
  recognitionEvents(withImages: true) {
    id
    occurredAt
    personType
    identityName
    similarity
    device { name }
    faceImage { url }
  }
}
`;

/** The page to try queries on. It needs nothing from any other host. */
export async function sendGraphiQL(_request: IncomingMessage, response: ServerResponse) {
  // Its 9 MB are loaded when somebody first asks.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const page = renderGraphiQL({
    title: 'SE5 gateway',
    defaultQuery: DEFAULT_QUERY,
    subscriptionsProtocol: 'WS',
  });
  sendText(response, 200, page, { 'Content-Type': 'text/html; charset=utf-8' });
}
