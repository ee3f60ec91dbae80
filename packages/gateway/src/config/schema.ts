import { z } from 'zod';
import { accessSchema } from './access-schema.ts';
import {
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
import { isHost, isUnspecified } from './host.ts';
import { boxIdSchema, configuredDeviceIdSchema, siteIdSchema } from './ids.ts';
import { limitsSchema, slowClientsSchema } from './limits-schema.ts';
import { LISTEN_FORM, parseListen } from './listen.ts';
import {
  HOST_NAME_FORM,
  ORIGIN_FORM,
  PUBLIC_URL_FORM,
  parseHostName,
  parseOrigin,
  parsePublicUrl,
} from './origin.ts';
import { besideJournal } from './places.ts';
import { isTimeZone, TIME_ZONE_FORM } from './time-zone.ts';
import {
  checkedText,
  count,
  duration,
  durationFrom,
  list,
  oneOf,
  parsedText,
  patience,
  section,
  size,
  sizeFrom,
  wholeNumber,
} from './values.ts';

const PORT_FORM = 'a whole number from 1 to 65535';
const SHARE_FORM = 'a whole number from 1 to 1000';
const NAME_FORM = 'text of at least one character (in quotes when it looks like a number)';
const HOST_FORM =
  'a host name, or an address of one machine (not 0.0.0.0 or ::), without scheme, port, brackets or IPv6 zone';
const BOX_MESSAGE_FORM = 'a size up to 1GiB, such as 32MiB';

const port = wholeNumber(PORT_FORM, 65_535);
const name = z.string({ error: NAME_FORM }).min(1, { error: NAME_FORM });

const openness = z.union([z.boolean(), z.literal('authenticated')], {
  error: 'true, false or authenticated',
});

const boxSchema = section({
  id: boxIdSchema.describe(
    'Text of 1 to 256 characters without `/` and white space. No site or box has the id ' +
      'of another. Clients know a device of the box as `<box id>/<device id>`.',
  ),
  name: name.optional().describe('Shown to users. Default: the id.'),
  host: checkedText(HOST_FORM, (text) => isHost(text) && !isUnspecified(text)).describe(
    'A name (underscores too), or an address of one machine, so not `0.0.0.0` or `::`. ' +
      'IPv6 without a zone.',
  ),
  eventPort: port
    .prefault(DEFAULT_EVENT_PORT)
    .describe(
      'The port of the live events (WebSocket). Each port of a host is that of one box, or ' +
        'of `listen`, however the host is spelled: `localhost` is `127.0.0.1` and `::1`.',
    ),
  apiPort: port
    .prefault(DEFAULT_API_PORT)
    .describe('The port of the HTTP API, used by nothing else either.'),
  dialect: oneOf('v5')
    .prefault('v5')
    .describe('The names that the box uses on the wire. There is one dialect so far.'),
  reconfigure: oneOf('resend', 'reconnect')
    .prefault('resend')
    .describe(
      'How a changed request reaches the box: on the open socket (`resend`), or on a new ' +
        'one (`reconnect`).',
    ),
  silentAfter: duration
    .prefault('10min')
    .describe('Without an event for so long the link is `SILENT`: information, not a fault.'),
  // The WebSocket library takes 2 GiB and more for no bound at all.
  maxMessage: sizeFrom(BOX_MESSAGE_FORM, 1, 2 ** 30)
    .prefault('32MiB')
    .describe('A larger message of the box ends the connection. Up to `1GiB`.'),
  maxMessagesPerSecond: count
    .prefault(2_000)
    .describe(
      "Messages of the box that are read in a second, with a second's worth at once after a " +
        'pause. A box that sends more waits: its events come later, and none is lost.',
    ),
  maxBytesPerSecond: size
    .prefault('64MiB')
    .describe('The same in bytes. One message may have more.'),
  scoreScale: oneOf('auto', 1, 100)
    .prefault('auto')
    .describe('What a score is out of: `1` or `100`. `auto` goes by what the box has sent.'),
  storageShare: wholeNumber(SHARE_FORM, 1_000)
    .prefault(1)
    .describe(
      'How much of a full journal, and of full pictures, the box may keep beside the shares ' +
        'of the others. From 1 to 1000.',
    ),
  devices: list(configuredDeviceIdSchema, 'device ids')
    .optional()
    .describe(
      'The devices to listen to, each by an id of 1 to 256 characters, none twice. Default: ' +
        'the devices that the box lists.',
    ),
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
  id: siteIdSchema.describe(
    'Text of 1 to 256 characters without `/` and white space. No site or box has the id ' +
      'of another.',
  ),
  name: name.optional().describe('Shown to users. Default: the id.'),
  timezone: checkedText(TIME_ZONE_FORM, isTimeZone)
    .optional()
    .describe('An IANA name, such as `Asia/Shanghai`. An offset such as `+08:00` is none.'),
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
      'The file of events. A relative path counts from the folder of the configuration ' +
        'file. `memory`: no file, and only the newest 10,000 records are kept, as long as the ' +
        'process runs.',
    ),
  keep: duration.prefault('30d').describe('How long events are kept.'),
  maxBytes: size
    .prefault('10GiB')
    .describe(
      'How large the file may get. Beyond it, the box that holds the most for its ' +
        '`storageShare` loses its oldest events.',
    ),
  sync: oneOf('normal', 'full')
    .prefault('normal')
    .describe(
      'What an event survives. `normal`: the death of the process. `full`: a power cut too.',
    ),
}).transform(({ keep, ...journal }): JournalConfig => ({ ...journal, keepMs: keep }));

const addressLife = durationFrom(
  'a duration from 2s to 30d, such as 10min',
  2_000,
  30 * 86_400_000,
);

const imagesSchema = section({
  capture: oneOf('never', 'on-demand', 'always')
    .prefault('on-demand')
    .describe(
      '`on-demand`: boxes send pictures while a subscriber wants them. `always`: boxes send ' +
        'them all the time. `never`: pictures go only to clients that ask for them inline, ' +
        'and none is kept.',
    ),
  keep: duration.prefault('24h').describe('How long pictures are kept.'),
  path: z
    .string({ error: 'the path of a folder' })
    .min(1, { error: 'the path of a folder' })
    .optional()
    .describe(
      'The folder of pictures, relative as `journal.path` is. `memory`: no file. Default: ' +
        '`images` beside the journal’s file, or `memory` with a journal in memory. Not a ' +
        'place that the journal needs.',
    ),
  maxBytes: size
    .optional()
    .describe(
      'How much all pictures may take. Beyond it, the box that has the most for its ' +
        '`storageShare` loses its oldest pictures. Default: `10GiB`, in memory `256MiB`.',
    ),
  urlExpiry: addressLife
    .prefault('10min')
    .describe(
      'How long the address of a picture works, from `2s` to `30d`; up to half as long again, ' +
        'so that many clients get the same address.',
    ),
}).transform(({ keep, urlExpiry, ...images }) => ({
  ...images,
  keepMs: keep,
  urlExpiryMs: urlExpiry,
}));

function withPlace(
  { path: given, maxBytes, ...images }: z.output<typeof imagesSchema>,
  journal: JournalConfig,
): ImagesConfig {
  const path = given ?? besideJournal(journal.path);
  const most = path === MEMORY_ONLY ? 256 * 2 ** 20 : 10 * 2 ** 30;
  return { ...images, path, maxBytes: maxBytes ?? most };
}

/** As much of the file as tells where journal and pictures are; all else is not looked at. */
export const placesSchema = z
  .object({ journal: journalSchema.prefault({}), images: imagesSchema.prefault({}) })
  .transform(({ journal, images }): Places => ({ journal, images: withPlace(images, journal) }));

/** The file as it is written; read, it is a GatewayConfig. */
export const fileSchema = section({
  listen: parsedText(LISTEN_FORM, parseListen)
    .prefault('127.0.0.1:4000')
    .describe(
      'Host and port, such as `127.0.0.1:4000` or `[::1]:4000`; `0.0.0.0:4000` is every ' +
        'interface. Anything but loopback needs `access`.',
    ),
  sites: list(siteSchema, 'sites, each with `id` and `boxes`; [] for none'),
  journal: journalSchema.prefault({}),
  images: imagesSchema.prefault({}),
  publicUrl: parsedText(PUBLIC_URL_FORM, parsePublicUrl)
    .optional()
    .describe(
      'The `http` or `https` address at which clients see the gateway, without query and ' +
        'fragment. Without it, addresses of pictures are relative.',
    ),
  hosts: list(parsedText(HOST_NAME_FORM, parseHostName), 'host names')
    .prefault([])
    .describe(
      'Further names that requests may call the gateway by, beside that of `publicUrl`, ' +
        'such as the name of a container or a service. Each is written in full, without port. ' +
        'There is no `*`: with it, any page could make its own name point at the gateway and ' +
        'read faces.',
    ),
  origins: list(parsedText(ORIGIN_FORM, parseOrigin), 'origins')
    .prefault([])
    .describe(
      'Further origins whose pages may ask, beside the gateway’s own. Only the port may be ' +
        '`*`, such as `http://localhost:*`.',
    ),
  access: accessSchema.prefault({}),
  keepAlive: patience
    .prefault('620s')
    .describe(
      'An idle HTTP connection is closed after so long, from `1s` to `1h`. A proxy in front ' +
        'has to close it first, or it sends a request into the closing: Traefik keeps one for ' +
        '90 s, Caddy for 120 s, Google Cloud for 600 s.',
    ),
  graphiql: openness
    .prefault(true)
    .describe('Who is given GraphiQL: `true`, `false` or `authenticated`. The page holds no data.'),
  introspection: openness
    .prefault(true)
    .describe('Who may ask what the schema holds: `true`, `false` or `authenticated`.'),
  limits: limitsSchema.prefault({}).describe('What clients may ask for at most.'),
  slowClients: slowClientsSchema
    .prefault({})
    .describe('What may wait for a client that does not read.'),
  lagWarning: duration
    .prefault('500ms')
    .describe(
      'When nobody was served for longer, the log says so, once a minute. See ' +
        '`se5_loop_lag_seconds`.',
    ),
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
