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
  type PrivacyConfig,
  type SiteConfig,
  type Surveyed,
} from './config.ts';
import { isHost, isUnspecified } from './host.ts';
import { boxIdSchema, configuredDeviceIdSchema, siteIdSchema } from './ids.ts';
import { limitsSchema, slowClientsSchema } from './limits-schema.ts';
import { LISTEN_FORM, parseListen } from './listen.ts';
import { clusterSchema, natsSchema } from './nats-schema.ts';
import {
  HOST_NAME_FORM,
  ORIGIN_FORM,
  PUBLIC_URL_FORM,
  parseHostName,
  parseOrigin,
  parsePublicUrl,
} from './origin.ts';
import { besideJournal, defaultKeys } from './places.ts';
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
import { watchSchema } from './watch-schema.ts';

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
    'Text of 1 to 256 characters without `/` and white space, unique among sites and ' +
      'boxes. The id of a device for clients is `<box id>/<device id>`.',
  ),
  name: name.optional().describe('Shown to users. Default: the id.'),
  host: checkedText(HOST_FORM, (text) => isHost(text) && !isUnspecified(text)).describe(
    'A host name (underscores allowed), or the IP address of one machine, so not `0.0.0.0` ' +
      'or `::`. IPv6 without a zone.',
  ),
  eventPort: port
    .prefault(DEFAULT_EVENT_PORT)
    .describe(
      'The port of the live events (WebSocket). No two boxes, and no box and `listen`, share ' +
        'a host and port. `localhost` counts as `127.0.0.1` and as `::1`.',
    ),
  apiPort: port
    .prefault(DEFAULT_API_PORT)
    .describe('The port of the HTTP API. The same rule holds.'),
  dialect: oneOf('v5')
    .prefault('v5')
    .describe('The dialect of the box protocol. There is only `v5`.'),
  reconfigure: oneOf('resend', 'reconnect')
    .prefault('resend')
    .describe(
      'How the gateway sends a changed request to the box: on the open socket (`resend`), or ' +
        'on a new one (`reconnect`).',
    ),
  silentAfter: duration
    .prefault('10min')
    .describe('After this time without an event the link is `SILENT`, which is not a fault.'),
  // The WebSocket library takes 2 GiB and more for no bound at all.
  maxMessage: sizeFrom(BOX_MESSAGE_FORM, 1, 2 ** 30)
    .prefault('32MiB')
    .describe('A larger message from the box ends the link. At most `1GiB`.'),
  maxMessagesPerSecond: count
    .prefault(2_000)
    .describe(
      'Messages that the gateway reads from the box per second; after a pause, as many at ' +
        'once. A box that sends more waits: its events come later, and none is lost.',
    ),
  maxBytesPerSecond: size
    .prefault('64MiB')
    .describe('The same in bytes. A single message may be larger.'),
  scoreScale: oneOf('auto', 1, 100)
    .prefault('auto')
    .describe(
      'The highest score: `1` or `100`. `auto` infers it from the scores that the box has sent.',
    ),
  storageShare: wholeNumber(SHARE_FORM, 1_000)
    .prefault(1)
    .describe(
      'The share of the box in a full journal and in a full pictures’ folder, relative to the ' +
        'shares of other boxes. From 1 to 1000.',
    ),
  devices: list(configuredDeviceIdSchema, 'device ids')
    .optional()
    .describe(
      'The ids of the devices to listen to, each of 1 to 256 characters and unique. Default: ' +
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
    'Text of 1 to 256 characters without `/` and white space, unique among sites and boxes.',
  ),
  name: name.optional().describe('Shown to users. Default: the id.'),
  timezone: checkedText(TIME_ZONE_FORM, isTimeZone)
    .optional()
    .describe('An IANA name, such as `Asia/Shanghai`, not an offset such as `+08:00`.'),
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
      'The file of events. `memory` uses no file, and keeps only the newest 10,000 records ' +
        'while the process runs.',
    ),
  keep: duration.prefault('30d').describe('How long the gateway keeps events.'),
  maxBytes: size
    .prefault('10GiB')
    .describe(
      'The largest size of the file. Beyond it, the box that holds the most for its ' +
        '`storageShare` loses its oldest events.',
    ),
  sync: oneOf('normal', 'full')
    .prefault('normal')
    .describe(
      'What an event survives. `normal`: the death of the process. `full`: also a power cut.',
    ),
  nats: natsSchema
    .optional()
    .describe(
      'A log on NATS JetStream that several gateways share; `path` is then the copy of this ' +
        'gateway. Default: none, the gateway is alone.',
    ),
}).transform(({ keep, nats, ...journal }): JournalConfig => ({ ...journal, keepMs: keep, nats }));

const addressLife = durationFrom(
  'a duration from 2s to 30d, such as 10min',
  2_000,
  30 * 86_400_000,
);

const imagesSchema = section({
  capture: oneOf('never', 'on-demand', 'always')
    .prefault('on-demand')
    .describe(
      '`on-demand`: boxes send pictures while a subscriber wants them. `always`: boxes always ' +
        'send them. `never`: only clients that ask for inline pictures get them, and the ' +
        'gateway keeps none.',
    ),
  keep: duration.prefault('24h').describe('How long the gateway keeps pictures.'),
  path: z
    .string({ error: 'the path of a folder' })
    .min(1, { error: 'the path of a folder' })
    .optional()
    .describe(
      'The folder of pictures. `memory` uses no folder. Default: `images` beside the ' +
        'journal’s file, or `memory` with a journal in memory. The folder must not be a path ' +
        'that the journal needs.',
    ),
  maxBytes: size
    .optional()
    .describe(
      'The largest size of all pictures. Beyond it, the box that has the most for its ' +
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

const privacySchema = section({
  keys: z
    .string({ error: 'the path of a file' })
    .min(1, { error: 'the path of a file' })
    .optional()
    .describe(
      'The key file. It opens the sealed data of the journal and the pictures’ folder; without ' +
        'it nobody can read this data. Default: `keys.db` beside the journal’s file, or in the ' +
        'pictures’ folder with a journal in memory. Keep it out of backups of the journal, so ' +
        'that an erasure reaches them too.',
    ),
});

/** The sections that say where data are, as the rest of the gateway reads them. */
function placesOf(
  journal: JournalConfig,
  written: z.output<typeof imagesSchema>,
  { keys }: z.output<typeof privacySchema>,
): { images: ImagesConfig; privacy: PrivacyConfig } {
  const images = withPlace(written, journal);
  return { images, privacy: { keys: keys ?? defaultKeys(journal.path, images.path) } };
}

const sitesSchema = list(siteSchema, 'sites, each with `id` and `boxes`; [] for none');

const placesSections = z.object({
  journal: journalSchema.prefault({}),
  images: imagesSchema.prefault({}),
  privacy: privacySchema.prefault({}),
});

/** As much of the file as tells where journal and pictures are; all else is not looked at. */
export const placesSchema = placesSections.transform(
  ({ journal, images, privacy }): Places => ({ journal, ...placesOf(journal, images, privacy) }),
);

/** The same with the sites. */
export const surveyedSchema = placesSections.extend({ sites: sitesSchema }).transform(
  ({ sites, journal, images, privacy }): Surveyed => ({
    sites,
    journal,
    ...placesOf(journal, images, privacy),
  }),
);

/** The file as it is written; read, it is a GatewayConfig. */
export const fileSchema = section({
  listen: parsedText(LISTEN_FORM, parseListen)
    .prefault('127.0.0.1:4000')
    .describe(
      'Host and port, such as `127.0.0.1:4000` or `[::1]:4000`; `0.0.0.0:4000` is every ' +
        'interface. Any address but loopback needs `access`.',
    ),
  sites: sitesSchema,
  journal: journalSchema.prefault({}),
  images: imagesSchema.prefault({}),
  privacy: privacySchema.prefault({}),
  cluster: clusterSchema
    .prefault({})
    .describe('This gateway among those that share a log. Only read with `journal.nats`.'),
  watch: watchSchema,
  publicUrl: parsedText(PUBLIC_URL_FORM, parsePublicUrl)
    .optional()
    .describe(
      'The `http` or `https` address of the gateway for clients, without query and fragment. ' +
        'Without this key, addresses of pictures are relative.',
    ),
  hosts: list(parsedText(HOST_NAME_FORM, parseHostName), 'host names')
    .prefault([])
    .describe(
      'Further names of the gateway in requests, beside that of `publicUrl`, such as the name ' +
        'of a container or a service. Write each in full, without a port. `*` is not allowed: ' +
        'any page could point its own name at the gateway and read faces.',
    ),
  origins: list(parsedText(ORIGIN_FORM, parseOrigin), 'origins')
    .prefault([])
    .describe(
      'Further origins whose pages the gateway answers, beside its own. Only the port may be ' +
        '`*`, such as `http://localhost:*`.',
    ),
  access: accessSchema.prefault({}),
  keepAlive: patience
    .prefault('620s')
    .describe(
      'The gateway closes an idle HTTP connection after this time, from `1s` to `1h`. A proxy ' +
        'must close it first; otherwise a request may meet the closed connection. Traefik ' +
        'keeps a connection for 90 s, Caddy for 120 s, Google Cloud for 600 s.',
    ),
  wall: z
    .boolean({ error: 'true or false' })
    .prefault(true)
    .describe('Whether the gateway serves the event wall at `/`. The page holds no data.'),
  graphiql: openness
    .prefault(true)
    .describe('Who gets GraphiQL: `true`, `false` or `authenticated`. The page holds no data.'),
  introspection: openness
    .prefault(true)
    .describe('Who may introspect the schema: `true`, `false` or `authenticated`.'),
  limits: limitsSchema.prefault({}).describe('How much clients may ask for.'),
  slowClients: slowClientsSchema
    .prefault({})
    .describe('How much may wait for a client that does not read.'),
  lagWarning: duration
    .prefault('500ms')
    .describe(
      'When the gateway served nobody for longer, it logs that, once a minute. See ' +
        '`se5_loop_lag_seconds`.',
    ),
}).transform(
  ({ publicUrl, images, privacy, keepAlive, lagWarning, ...config }): GatewayConfig => ({
    ...config,
    ...placesOf(config.journal, images, privacy),
    publicUrl,
    keepAliveMs: keepAlive,
    lagWarningMs: lagWarning,
  }),
);

/** A JSON Schema of the file, for editors. */
export const configJsonSchema = () => z.toJSONSchema(fileSchema, { io: 'input' });
