/** What clients may ask for at most. Roomy: nobody who uses the gateway as it is meant meets one. */
export interface LimitsConfig {
  /** Operations that may be open on one WebSocket. */
  readonly operationsPerSocket: number;
  /** TCP connections that may be open in all. */
  readonly connections: number;
  /** TCP connections from one address; those of this machine and of `proxies` are not counted. */
  readonly connectionsPerAddress: number;
  /** Operations that one viewer may begin in a minute. */
  readonly operationsPerMinute: number;
  /** Subscriptions that one viewer may have open. */
  readonly subscriptionsPerViewer: number;
  /** Pictures that may be asked for by their addresses in a minute, from one address of a client. */
  readonly picturesPerMinute: number;
  /** Wrong tokens that one address may send in a minute. */
  readonly wrongTokensPerMinute: number;
  /** Of answers that their clients have not read yet, in bytes; one answer alone may be larger. */
  readonly unreadBytes: number;
  /** Of these, the answers to one address; those to this machine are not counted by address. */
  readonly unreadBytesPerAddress: number;
  /** WebSockets and event streams that may be open from one address; this machine's are not counted. */
  readonly socketsPerAddress: number;
  /** Proxies that are believed about whom they forward for (`X-Forwarded-For`, `Forwarded`), beside this machine's. */
  readonly proxies: readonly string[];
  /** Of a message or a request's body, in bytes. */
  readonly messageBytes: number;
  /** Of a GraphQL document, in bytes of UTF-8. */
  readonly documentBytes: number;
  /** Fields below each other. */
  readonly depth: number;
  /** Fields with an alias, those of a fragment counted wherever it is spread. */
  readonly aliases: number;
  /** Fields that the answer to a query may hold, by what the gateway lists now. */
  readonly cost: number;
  /** The same for one event of a subscription. */
  readonly eventCost: number;
  /** Of an answer to a query, in ms. */
  readonly answerTimeMs: number;
  /** Of an answer to a query in JSON, in bytes, beside its pictures' base64. */
  readonly answerBytes: number;
  /** Items of one list in the arguments of an operation, or members of one object. */
  readonly listItems: number;
  /** Of all values in the variables of an operation, in bytes. */
  readonly argumentBytes: number;
  /** Of pictures' base64 in the answer to a query, in bytes; what exceeds it is one picture at most. */
  readonly base64Bytes: number;
}

export const DEFAULT_LIMITS: LimitsConfig = {
  operationsPerSocket: 64,
  connections: 20_000,
  connectionsPerAddress: 2_000,
  operationsPerMinute: 6_000,
  subscriptionsPerViewer: 1_000,
  picturesPerMinute: 6_000,
  wrongTokensPerMinute: 10,
  unreadBytes: 256 * 2 ** 20,
  unreadBytesPerAddress: 64 * 2 ** 20,
  socketsPerAddress: 1_000,
  proxies: [],
  messageBytes: 2 ** 20,
  documentBytes: 16 * 2 ** 10,
  depth: 12,
  aliases: 50,
  cost: 500_000,
  eventCost: 10_000,
  answerTimeMs: 30_000,
  answerBytes: 32 * 2 ** 20,
  listItems: 1_000,
  argumentBytes: 256 * 2 ** 10,
  base64Bytes: 32 * 2 ** 20,
};
