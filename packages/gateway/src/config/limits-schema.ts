import { DEFAULT_LIMITS, type LimitsConfig } from './limits.ts';
import { isNetwork } from './network.ts';
import type { SlowClientsConfig } from './slow-clients.ts';
import { checkedText, count, list, patience, section, size, sizeFrom } from './values.ts';

const PROXY_FORM = 'an IP address, or a network such as 10.0.0.0/8';
const TEXT_SIZE_FORM = 'a size up to 256MiB, such as 32MiB';
const BUDGET_FORM = 'a size from 64KiB to 256MiB, such as 4MiB';

// Twice as much would be more than a string may hold.
const textSize = sizeFrom(TEXT_SIZE_FORM, 1, 2 ** 28);
const budget = sizeFrom(BUDGET_FORM, 2 ** 16, 2 ** 28);

/** How much clients may ask for. */
export const limitsSchema = section({
  operationsPerSocket: count
    .prefault(DEFAULT_LIMITS.operationsPerSocket)
    .describe('Open operations of one WebSocket.'),
  connections: count.prefault(DEFAULT_LIMITS.connections).describe('TCP connections in all.'),
  connectionsPerAddress: count
    .prefault(DEFAULT_LIMITS.connectionsPerAddress)
    .describe(
      'TCP connections from one address. Those of this machine and of proxies do not count.',
    ),
  operationsPerMinute: count
    .prefault(DEFAULT_LIMITS.operationsPerMinute)
    .describe('Operations of one viewer that begin in a minute.'),
  subscriptionsPerViewer: count
    .prefault(DEFAULT_LIMITS.subscriptionsPerViewer)
    .describe('Subscriptions of one viewer that are open.'),
  picturesPerMinute: count
    .prefault(DEFAULT_LIMITS.picturesPerMinute)
    .describe(
      'Pictures that one address of a client asks for in a minute; this machine’s are not counted.',
    ),
  wrongTokensPerMinute: count
    .prefault(DEFAULT_LIMITS.wrongTokensPerMinute)
    .describe('Wrong tokens from one address in a minute. The right token is always accepted.'),
  unreadBytes: size
    .prefault('256MiB')
    .describe('Bytes of answers that clients have not read yet. A single answer may be larger.'),
  unreadBytesPerAddress: size
    .prefault('64MiB')
    .describe('The same for the answers to one address.'),
  socketsPerAddress: count
    .prefault(DEFAULT_LIMITS.socketsPerAddress)
    .describe('WebSockets and event streams from one address. Those of this machine do not count.'),
  proxies: list(checkedText(PROXY_FORM, isNetwork), 'addresses')
    .prefault([])
    .describe(
      'Proxies whose `X-Forwarded-For` and `Forwarded` are trusted, beside those on this machine.',
    ),
  messageBytes: textSize.prefault('1MiB').describe('Bytes of a message or of a request’s body.'),
  documentBytes: size.prefault('16KiB').describe('Bytes of a GraphQL document.'),
  depth: count.prefault(DEFAULT_LIMITS.depth).describe('Nested fields of an operation.'),
  aliases: count.prefault(DEFAULT_LIMITS.aliases).describe('Aliased fields of an operation.'),
  cost: count
    .prefault(DEFAULT_LIMITS.cost)
    .describe(
      'Fields that the answer to a query could hold, by the present number of boxes and devices.',
    ),
  eventCost: count
    .prefault(DEFAULT_LIMITS.eventCost)
    .describe('Fields that one event of a subscription could hold, counted likewise.'),
  answerTime: patience.prefault('30s').describe('Time for the answer to a query.'),
  answerBytes: textSize
    .prefault('32MiB')
    .describe('Bytes of the answer to a query, without its pictures’ base64.'),
  listItems: count
    .prefault(DEFAULT_LIMITS.listItems)
    .describe('Items of one list in the arguments of an operation.'),
  argumentBytes: size.prefault('256KiB').describe('Bytes of all variables of an operation.'),
  base64Bytes: textSize
    .prefault('32MiB')
    .describe('Bytes of pictures’ base64 in the answer to a query.'),
}).transform(
  ({ answerTime, ...limits }): LimitsConfig => ({ ...limits, answerTimeMs: answerTime }),
);

/** How much may wait for a client that does not read. */
export const slowClientsSchema = section({
  softBytes: budget
    .prefault('1MiB')
    .describe('While more bytes wait for a connection, its events come without base64.'),
  hardBytes: budget
    .prefault('4MiB')
    .describe(
      'While more bytes wait, live delivery stops, and events come from the journal. At least `softBytes`.',
    ),
  stalledAfter: patience
    .prefault('30s')
    .describe('A client that reads nothing for so long is cut off. It may reconnect.'),
  answerWithin: patience
    .prefault('10min')
    .describe('A client that has not read an answer completely after so long is cut off.'),
}).transform(
  ({ stalledAfter, answerWithin, ...budgets }): SlowClientsConfig => ({
    ...budgets,
    stalledAfterMs: stalledAfter,
    answerWithinMs: answerWithin,
  }),
);
