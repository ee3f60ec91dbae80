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

/** What clients may ask for at most. */
export const limitsSchema = section({
  operationsPerSocket: count
    .prefault(DEFAULT_LIMITS.operationsPerSocket)
    .describe('Operations that may be open on one WebSocket.'),
  connections: count.prefault(DEFAULT_LIMITS.connections).describe('TCP connections in all.'),
  connectionsPerAddress: count
    .prefault(DEFAULT_LIMITS.connectionsPerAddress)
    .describe('TCP connections from one address; this machine’s and proxies’ are not counted.'),
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
    .describe('Wrong tokens from one address in a minute; the right one is let in all the same.'),
  unreadBytes: size
    .prefault('256MiB')
    .describe('Of answers that their clients have not read yet; one alone may be larger.'),
  unreadBytesPerAddress: size.prefault('64MiB').describe('Of these, the answers to one address.'),
  socketsPerAddress: count
    .prefault(DEFAULT_LIMITS.socketsPerAddress)
    .describe('WebSockets and event streams from one address; this machine’s own are not counted.'),
  proxies: list(checkedText(PROXY_FORM, isNetwork), 'addresses')
    .prefault([])
    .describe(
      'Proxies that are believed about whom they forward for, beside those on this machine.',
    ),
  messageBytes: textSize.prefault('1MiB').describe('Of a message or a request’s body.'),
  documentBytes: size.prefault('16KiB').describe('Of a GraphQL document.'),
  depth: count.prefault(DEFAULT_LIMITS.depth).describe('Fields below each other.'),
  aliases: count.prefault(DEFAULT_LIMITS.aliases).describe('Fields with an alias.'),
  cost: count
    .prefault(DEFAULT_LIMITS.cost)
    .describe('Fields that the answer to a query may hold, by what is listed now.'),
  eventCost: count
    .prefault(DEFAULT_LIMITS.eventCost)
    .describe('Fields that one event of a subscription may hold, by what is listed now.'),
  answerTime: patience
    .prefault('30s')
    .describe('An answer to a query that takes longer is broken off.'),
  answerBytes: textSize
    .prefault('32MiB')
    .describe('Of an answer to a query, beside its pictures’ base64.'),
  listItems: count
    .prefault(DEFAULT_LIMITS.listItems)
    .describe('Items of one list in the arguments of an operation.'),
  argumentBytes: size.prefault('256KiB').describe('Of all variables of an operation.'),
  base64Bytes: textSize.prefault('32MiB').describe('Of pictures’ base64 in the answer to a query.'),
}).transform(
  ({ answerTime, ...limits }): LimitsConfig => ({ ...limits, answerTimeMs: answerTime }),
);

/** What may wait for a client that does not read. */
export const slowClientsSchema = section({
  softBytes: budget
    .prefault('1MiB')
    .describe('With more waiting for a connection, events leave their pictures’ base64 out.'),
  hardBytes: budget
    .prefault('4MiB')
    .describe('With more, events are read from the journal later. At least softBytes.'),
  stalledAfter: patience
    .prefault('30s')
    .describe('A client that has read nothing for so long is cut off; it may come back.'),
  answerWithin: patience
    .prefault('10min')
    .describe('A client that has not read an answer to its end after so long is cut off.'),
}).transform(
  ({ stalledAfter, answerWithin, ...budgets }): SlowClientsConfig => ({
    ...budgets,
    stalledAfterMs: stalledAfter,
    answerWithinMs: answerWithin,
  }),
);
