import { z } from 'zod';
import {
  type AccessConfig,
  type BoxConfig,
  DEFAULT_API_PORT,
  DEFAULT_EVENT_PORT,
  DEFAULT_JOURNAL_PATH,
  type GatewayConfig,
  type ImagesConfig,
  type JournalConfig,
  MEMORY_ONLY,
  type Places,
  type SiteConfig,
} from './config.ts';
import { DURATION_FORM, parseDuration } from './duration.ts';
import { isHost, isUnspecified } from './host.ts';
import { boxIdSchema, configuredDeviceIdSchema, siteIdSchema } from './ids.ts';
import { DEFAULT_LIMITS, type LimitsConfig } from './limits.ts';
import { LISTEN_FORM, parseListen } from './listen.ts';
import { isNetwork } from './network.ts';
import {
  HOST_NAME_FORM,
  ORIGIN_FORM,
  PUBLIC_URL_FORM,
  parseHostName,
  parseOrigin,
  parsePublicUrl,
} from './origin.ts';
import { besideJournal } from './places.ts';
import { parseSize, SIZE_FORM } from './size.ts';
import type { SlowClientsConfig } from './slow-clients.ts';
import { isTimeZone, TIME_ZONE_FORM } from './time-zone.ts';

// Each `error` is what the key allows: the end of "found 70000; allowed: a whole number …".

const PORT_FORM = 'a whole number from 1 to 65535';
const SHARE_FORM = 'a whole number from 1 to 1000';
const NAME_FORM = 'text of at least one character (in quotes when it looks like a number)';
const HOST_FORM =
  'a host name, or an address of one machine (not 0.0.0.0 or ::), without scheme, port, brackets or IPv6 zone';
const PROXY_FORM = 'an IP address, or a network such as 10.0.0.0/8';
const TEXT_SIZE_FORM = 'a size up to 256MiB, such as 32MiB';
const BOX_MESSAGE_FORM = 'a size up to 1GiB, such as 32MiB';
const BUDGET_FORM = 'a size from 64KiB to 256MiB, such as 4MiB';
const STALL_FORM = 'a duration from 1s to 1h, such as 30s';
const ANSWER_TIME_FORM = 'a duration from 1s to 1h, such as 30s';
const TOKEN_FORM =
  'at least 16 visible ASCII characters without a space (`openssl rand -hex 32` makes good ones)';

/** A map that has these keys and no other. */
const section = <Shape extends z.core.$ZodShape>(shape: Shape) =>
  z.strictObject(shape, { error: `a map of these keys: ${Object.keys(shape).join(', ')}` });

const list = <Item extends z.ZodType>(item: Item, of: string) =>
  z.array(item, { error: `a list of ${of}` });

const oneOf = <const Values extends readonly (string | number)[]>(...values: Values) =>
  z.literal(values, { error: values.join(', ').replace(/, (?!.*,)/, ' or ') });

/** Text that `parse` can read: undefined from it means that it can't. */
const parsedText = <Value>(form: string, parse: (text: string) => Value | undefined) =>
  z.string({ error: form }).transform((text, context) => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: form });
    return z.NEVER;
  });

const checkedText = (form: string, check: (text: string) => boolean) =>
  z.string({ error: form }).refine(check, { error: form });

const duration = parsedText(DURATION_FORM, parseDuration);
const name = z.string({ error: NAME_FORM }).min(1, { error: NAME_FORM });

const openness = z.union([z.boolean(), z.literal('authenticated')], {
  error: 'true, false or authenticated',
});

/** Digits as text too, for that is how a number comes out of the environment. */
function wholeNumber(form: string, max = Number.MAX_SAFE_INTEGER) {
  const number = z.int({ error: form }).min(1, { error: form }).max(max, { error: form });
  const digits = z.string().regex(/^\d+$/).transform(Number).pipe(number);
  return z.union([number, digits], { error: form });
}

const within = (value: number | undefined, least: number, most: number): number | undefined =>
  value !== undefined && value >= least && value <= most ? value : undefined;

const port = wholeNumber(PORT_FORM, 65_535);
const count = wholeNumber('a whole number above zero');
const size = parsedText(SIZE_FORM, parseSize);
// Twice as much would be more than a string may hold.
const textSize = parsedText(TEXT_SIZE_FORM, (text) => within(parseSize(text), 1, 2 ** 28));
const budget = parsedText(BUDGET_FORM, (text) => within(parseSize(text), 2 ** 16, 2 ** 28));

const boxSchema = section({
  id: boxIdSchema.describe('Unique over all sites; the first part of the ids of its devices.'),
  name: name.optional().describe('Shown to users. Default: the id.'),
  host: checkedText(HOST_FORM, (text) => isHost(text) && !isUnspecified(text)).describe(HOST_FORM),
  eventPort: port.prefault(DEFAULT_EVENT_PORT).describe('Port of the live events (WebSocket).'),
  apiPort: port.prefault(DEFAULT_API_PORT).describe('Port of the HTTP API.'),
  dialect: oneOf('v5').prefault('v5').describe('Whose names the box uses on the wire.'),
  reconfigure: oneOf('resend', 'reconnect')
    .prefault('resend')
    .describe('How a changed configuration reaches the box: on the open socket, or on a new one.'),
  silentAfter: duration
    .prefault('10min')
    .describe('Without an event for so long, the link counts as silent.'),
  // The WebSocket library takes 2 GiB and more for no bound at all.
  maxMessage: parsedText(BOX_MESSAGE_FORM, (text) => within(parseSize(text), 1, 2 ** 30))
    .prefault('32MiB')
    .describe('A larger message of the box ends the connection.'),
  maxMessagesPerSecond: count
    .prefault(2_000)
    .describe('Messages of the box that are read in a second; it has to wait with more.'),
  maxBytesPerSecond: size
    .prefault('64MiB')
    .describe('The same in bytes; one message may have more.'),
  scoreScale: oneOf('auto', 1, 100)
    .prefault('auto')
    .describe('What a score is out of; auto goes by what the box has sent.'),
  storageShare: wholeNumber(SHARE_FORM, 1_000)
    .prefault(1)
    .describe(
      'How much of a full journal, and of pictures, the box may keep beside the shares of the others.',
    ),
  devices: list(configuredDeviceIdSchema, 'device ids')
    .optional()
    .describe('The devices to listen to, instead of those that the box lists.'),
}).transform(
  ({ silentAfter, maxMessage, name, devices, ...box }): BoxConfig => ({
    ...box,
    name: name ?? box.id,
    silentAfterMs: silentAfter,
    maxMessageBytes: maxMessage,
    devices,
  }),
);

const siteSchema = section({
  id: siteIdSchema.describe('Unique.'),
  name: name.optional().describe('Shown to users. Default: the id.'),
  timezone: checkedText(TIME_ZONE_FORM, isTimeZone).optional().describe(TIME_ZONE_FORM),
  boxes: list(boxSchema, 'boxes, each with at least `id` and `host`'),
}).transform(
  ({ name, timezone, ...site }): SiteConfig => ({ ...site, name: name ?? site.id, timezone }),
);

const journalSchema = section({
  path: z
    .string({ error: 'the path of a file' })
    .min(1, { error: 'the path of a file' })
    .prefault(DEFAULT_JOURNAL_PATH)
    .describe(
      `Relative to the folder of the configuration. ${MEMORY_ONLY}: no file, what is new is forgotten with the process.`,
    ),
  keep: duration.prefault('30d').describe('How long events can be read back.'),
  maxBytes: parsedText(SIZE_FORM, parseSize)
    .prefault('10GiB')
    .describe(
      'How large the file may get; the oldest events go first, those of the box that holds the most.',
    ),
  sync: oneOf('normal', 'full')
    .prefault('normal')
    .describe('What an event survives: normal, the death of the process; full, a power cut too.'),
}).transform(({ keep, ...journal }): JournalConfig => ({ ...journal, keepMs: keep }));

const imagesSchema = section({
  capture: oneOf('never', 'on-demand', 'always')
    .prefault('on-demand')
    .describe(
      'on-demand: kept when a subscriber asks for pictures. always: boxes always send them.',
    ),
  keep: duration.prefault('24h').describe('How long a picture can be had.'),
  path: z
    .string({ error: 'the path of a folder' })
    .min(1, { error: 'the path of a folder' })
    .optional()
    .describe(
      `Relative to the folder of the configuration. ${MEMORY_ONLY}: no file. Default: images, beside the journal’s file; ${MEMORY_ONLY} with a journal in memory.`,
    ),
  maxBytes: size
    .optional()
    .describe(
      'All kept pictures together; the oldest go first, those of the box that has the most. Default: 10GiB, in memory 256MiB.',
    ),
}).transform(({ keep, ...images }) => ({ ...images, keepMs: keep }));

function withPlace(
  { path: given, maxBytes, ...images }: z.output<typeof imagesSchema>,
  journal: JournalConfig,
): ImagesConfig {
  const path = given ?? besideJournal(journal.path);
  const most = path === MEMORY_ONLY ? 256 * 2 ** 20 : 10 * 2 ** 30;
  return { ...images, path, maxBytes: maxBytes ?? most };
}

const accessSchema = section({
  token: checkedText(TOKEN_FORM, (token) => /^[\x21-\x7e]{16,}$/.test(token))
    .optional()
    .describe(`What every client must send: ${TOKEN_FORM}.`),
  insecure: z
    .boolean({ error: 'true or false' })
    .optional()
    .describe('true: whoever reaches `listen` may see everything.'),
}).transform(
  ({ token }): AccessConfig => (token === undefined ? { kind: 'open' } : { kind: 'token', token }),
);

const limitsSchema = section({
  operationsPerSocket: count
    .prefault(DEFAULT_LIMITS.operationsPerSocket)
    .describe('Operations that may be open on one WebSocket.'),
  connections: count.prefault(DEFAULT_LIMITS.connections).describe('TCP connections in all.'),
  connectionsPerAddress: count
    .prefault(DEFAULT_LIMITS.connectionsPerAddress)
    .describe('TCP connections from one address; this machine’s and proxies’ are not counted.'),
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
  answerTime: parsedText(ANSWER_TIME_FORM, (text) => within(parseDuration(text), 1_000, 3_600_000))
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

const slowClientsSchema = section({
  softBytes: budget
    .prefault('1MiB')
    .describe('With more waiting for a connection, events leave their pictures’ base64 out.'),
  hardBytes: budget
    .prefault('4MiB')
    .describe('With more, events are read from the journal later. At least softBytes.'),
  stalledAfter: parsedText(STALL_FORM, (text) => within(parseDuration(text), 1_000, 3_600_000))
    .prefault('30s')
    .describe('A client that has read nothing for so long is cut off; it may come back.'),
  answerWithin: parsedText(STALL_FORM, (text) => within(parseDuration(text), 1_000, 3_600_000))
    .prefault('10min')
    .describe('A client that has not read an answer to its end after so long is cut off.'),
}).transform(
  ({ stalledAfter, answerWithin, ...budgets }): SlowClientsConfig => ({
    ...budgets,
    stalledAfterMs: stalledAfter,
    answerWithinMs: answerWithin,
  }),
);

/** As much of the file as tells where journal and pictures are; all else is not looked at. */
export const placesSchema = z
  .object({ journal: journalSchema.prefault({}), images: imagesSchema.prefault({}) })
  .transform(({ journal, images }): Places => ({ journal, images: withPlace(images, journal) }));

/** The file as it is written; read, it is a GatewayConfig. */
export const fileSchema = section({
  listen: parsedText(LISTEN_FORM, parseListen).prefault('127.0.0.1:4000').describe(LISTEN_FORM),
  sites: list(siteSchema, 'sites, each with `id` and `boxes`; [] for none'),
  journal: journalSchema.prefault({}),
  images: imagesSchema.prefault({}),
  publicUrl: parsedText(PUBLIC_URL_FORM, parsePublicUrl)
    .optional()
    .describe('Where clients see the gateway; without it the addresses of pictures are relative.'),
  hosts: list(parsedText(HOST_NAME_FORM, parseHostName), 'host names')
    .prefault([])
    .describe('Names beside publicUrl’s that requests may call the gateway by.'),
  origins: list(parsedText(ORIGIN_FORM, parseOrigin), 'origins')
    .prefault([])
    .describe('Browsers’ origins beside our own whose pages may ask; the port may be *.'),
  access: accessSchema.prefault({}),
  keepAlive: parsedText(STALL_FORM, (text) => within(parseDuration(text), 1_000, 3_600_000))
    .prefault('620s')
    .describe('An idle HTTP connection is closed after so long; longer than a proxy keeps it.'),
  graphiql: openness
    .prefault(true)
    .describe('Who is given GraphiQL. true: everybody; the page holds no data. false: nobody.'),
  introspection: openness
    .prefault(true)
    .describe('Who may ask what the schema holds. true: whoever may query. false: nobody.'),
  limits: limitsSchema.prefault({}),
  slowClients: slowClientsSchema.prefault({}),
  lagWarning: duration
    .prefault('500ms')
    .describe('The log says when nobody was served for longer, once a minute.'),
}).transform(
  ({ publicUrl, images, keepAlive, lagWarning, ...config }): GatewayConfig => ({
    ...config,
    images: withPlace(images, config.journal),
    publicUrl,
    keepAliveMs: keepAlive,
    lagWarningMs: lagWarning,
  }),
);

/** A JSON Schema of the file, for editors. */
export const configJsonSchema = () => z.toJSONSchema(fileSchema, { io: 'input' });
