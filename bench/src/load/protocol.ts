import type { Operation } from '../operation.ts';

/** What is said in graphql-transport-ws before events come. */

export const SUBPROTOCOL = 'graphql-transport-ws';
export const PATH = '/graphql';
export const INIT = JSON.stringify({ type: 'connection_init' });
export const ACKNOWLEDGED = '"type":"connection_ack"';

/** Of all that a server says, only this and pings are expected beside deliveries. */
export const PING = '"type":"ping"';

/** Each client has one operation. */
export const subscribeMessage = ({ query, filter }: Operation): string =>
  JSON.stringify({
    id: '1',
    type: 'subscribe',
    payload: { query, ...(filter && { variables: { filter } }) },
  });
