import type { StoredPicture } from '../../images/image-store.ts';
import type { EventPicture } from '../../journal/recognition.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';

export interface ImageShape extends EventPicture {
  /** The bytes are not put into the answer. */
  readonly base64Omitted: boolean;
  /** Of its address, in seconds since the Unix epoch. */
  readonly expiry: number;
}

export const Image = builder.objectRef<ImageShape>('Image').implement({
  description:
    'A picture of an event. The gateway keeps pictures for a while (24 hours by ' +
    'default). Afterwards `url` and `base64` are null, and the other fields remain.',
  fields: (t) => ({
    url: t.string({
      nullable: true,
      description:
        'The HTTP address of the picture, valid from the moment of delivery until `urlExpiresAt`, relative to ' +
        'the gateway’s address unless it has a `publicUrl`. Nobody can guess it, but everybody who knows it can see the picture. ' +
        'Query the event again (`recognitionEventsAt`) to get a new one. Null when the gateway keeps no pictures, or no longer has this one.',
      resolve: (image, _args, context) =>
        ifKept(image, context, () =>
          context.pictureAddresses.of(image.key, context.permissionClass.key, image.expiry),
        ),
    }),
    urlExpiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When `url` stops working, by the gateway’s clock: `images.urlExpiry` after it was made, or up to half ' +
        'as long again. It may stop earlier when the picture goes or a credential is revoked. Null when `url` is.',
      resolve: (image, _args, context) => ifKept(image, context, () => image.expiry * 1_000),
    }),
    base64: t.string({
      nullable: true,
      description:
        'The picture in base64 (RFC 4648, with padding), without a `data:` prefix. Prefer ' +
        '`url` in a browser, and for many pictures: too much base64 in the answer to a ' +
        'query is the error ANSWER_TOO_LARGE. Null when the gateway no longer has the ' +
        'picture, or when the event’s `imagesOmitted` is true.',
      resolve: (image, _args, context) => {
        if (image.base64Omitted) return null;
        const { admitBase64 } = context;
        return admitBase64 ? admittedText(image, context, admitBase64) : textOf(image, context);
      },
    }),
    byteLength: t.exposeInt('byteLength', {
      description: 'The size of the picture itself, not of its base64, in bytes.',
    }),
    contentType: t.exposeString('contentType', {
      description:
        'The content type by the picture’s first bytes, nearly always `image/jpeg`; ' +
        '`application/octet-stream` for an unknown format.',
    }),
  }),
});

/** What is in memory, as everything live is, must not wait for a turn of the event loop. */
function ifKept<Value>(
  { key }: ImageShape,
  { images }: GraphQLContext,
  value: () => Value,
): Value | null | Promise<Value | null> {
  const isKept = images.isKept(key);
  if (isKept instanceof Promise) return isKept.then((isThere) => (isThere ? value() : null));
  return isKept ? value() : null;
}

function textOf({ key }: ImageShape, { images, pictureText }: GraphQLContext) {
  const text = (stored: StoredPicture | undefined) => (stored ? pictureText(stored.picture) : null);
  const stored = images.get(key);
  // What is in memory, as everything live is, must not wait for a turn of the event loop.
  return stored instanceof Promise ? stored.then(text) : text(stored);
}

/** What is gone takes no place in the answer. */
async function admittedText(
  { key, byteLength }: ImageShape,
  { images, pictureText }: GraphQLContext,
  admitBase64: (byteLength: number) => void,
): Promise<string | null> {
  const admit = () => admitBase64(base64Length(byteLength));
  const isKept = await images.isKept(key);
  if (isKept) admit();
  const stored = await images.get(key);
  if (!stored) return null;
  // One that is not kept is in memory while its event is being delivered.
  if (!isKept) admit();
  return pictureText(stored.picture);
}

/** Of so many bytes, with padding. */
const base64Length = (byteLength: number): number => Math.ceil(byteLength / 3) * 4;
