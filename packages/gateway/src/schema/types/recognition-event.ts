import type { PictureSlot } from '@se5/core';
import type { FieldGroup } from '../../config/access.ts';
import type { Delivery as DeliveryShape } from '../../fanout/delivery.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { Box, boxOf } from './box.ts';
import { Delivery } from './delivery.ts';
import { Device, deviceOf } from './device.ts';
import { EventDeviceType } from './event-device-type.ts';
import { Gap } from './gap.ts';
import { Image, type ImageShape } from './image.ts';
import { PersonType } from './person-type.ts';
import { Site, siteOf } from './site.ts';

export const RecognitionEvent = builder.objectRef<DeliveryShape>('RecognitionEvent').implement({
  description: 'One face, seen by one device and recognised, or not, by its box.',
  fields: (t) => ({
    id: t.id({
      description:
        'The same for the same event on every transport, in history and after a restart.',
      resolve: ({ event }) => event.id,
    }),
    cursor: t.string({
      description: 'Opaque. Give it as `after` to go on behind this event.',
      resolve: ({ position }, _args, { journal }) => journal.cursorAt(position),
    }),
    device: t.field({
      type: Device,
      description:
        'What saw the face; with its ids alone when the gateway has never seen it listed.',
      resolve: ({ event }, _args, context) => deviceOf(event, context),
    }),
    box: t.field({
      type: Box,
      description: 'What recognised the face.',
      resolve: ({ event }, _args, context) => boxOf(event, context),
    }),
    site: t.field({
      type: Site,
      description: 'Where the box stands.',
      resolve: ({ event }, _args, context) => siteOf(event.siteId, context),
    }),
    occurredAt: t.field({
      type: 'DateTime',
      description:
        'When the face was seen, by the box’s clock, which may be wrong: see `BoxLink.clockOffsetMs`.',
      resolve: ({ event }) => event.occurredAt,
    }),
    receivedAt: t.field({
      type: 'DateTime',
      description: 'When the gateway got the event, by its own clock.',
      resolve: ({ event }) => event.receivedAt,
    }),
    delivery: t.field({
      type: Delivery,
      description: 'How the event came to the gateway.',
      resolve: ({ event }) => event.delivery,
    }),
    replayed: t.exposeBoolean('replayed', {
      description:
        'Sent from the journal to one who was away or behind, not as it happened. Always true in history.',
    }),
    personType: t.field({
      type: PersonType,
      description: 'Whom the box took the face for.',
      resolve: ({ event }) => event.personType,
    }),
    identityId: t.string({
      nullable: true,
      description:
        'The box’s id of the person; empty for a stranger. Null to a viewer who may not see `identity`.',
      resolve: (delivery, _args, context) =>
        isShown('identity', delivery, context) ? delivery.event.identityId : null,
    }),
    identityName: t.string({
      nullable: true,
      description:
        'The person’s name; empty or "stranger" when there is none. Null to a viewer who may not see `identity`.',
      resolve: (delivery, _args, context) =>
        isShown('identity', delivery, context) ? delivery.event.identityName : null,
    }),
    groupName: t.string({
      nullable: true,
      description:
        'The person’s group by name, or by id when it has none; may be empty. Null to a viewer who may not see `identity`.',
      resolve: (delivery, _args, context) =>
        isShown('identity', delivery, context) ? delivery.event.groupName : null,
    }),
    identityInfo: t.field({
      type: 'JSON',
      nullable: true,
      description:
        'The person’s enrolment record as the box keeps it, an object; `{}` for a stranger. Its members differ by firmware. Null to a viewer who may not see `identity`.',
      resolve: (delivery, _args, context) =>
        isShown('identity', delivery, context) ? delivery.event.identityInfo : null,
    }),
    score: t.float({
      description:
        'As the box sent it: out of 1 on some firmware, out of 100 on other. Compare `similarity` instead.',
      resolve: ({ event }) => event.score,
    }),
    similarity: t.float({
      description:
        'How alike the face and the enrolled picture are, from 0 to 1, whatever the firmware.',
      resolve: ({ event }) => event.similarity,
    }),
    deviceType: t.field({
      type: EventDeviceType,
      description: 'What kind of device saw the face.',
      resolve: ({ event }) => event.deviceType,
    }),
    deviceIp: t.string({
      nullable: true,
      description: 'The device’s address as the event gives it; null when it gives none.',
      resolve: ({ event }) => event.deviceIp,
    }),
    faceImage: t.field({
      type: Image,
      nullable: true,
      description:
        'The face as cut out of the scene. Null when the box sent none, or the subscription is not `withImages`.',
      resolve: (delivery, _args, context) => imageOf(delivery, 'face', context),
    }),
    sceneImage: t.field({
      type: Image,
      nullable: true,
      description:
        'The whole scene. Null when the box sent none (as in greeting mode), or the subscription is not `withImages`.',
      resolve: (delivery, _args, context) => imageOf(delivery, 'scene', context),
    }),
    registeredImage: t.field({
      type: Image,
      nullable: true,
      description:
        'The enrolled picture of the person recognised. Null for a stranger, or the subscription is not `withImages`.',
      resolve: (delivery, _args, context) => imageOf(delivery, 'registered', context),
    }),
    imagesOmitted: t.exposeBoolean('imagesOmitted', {
      description:
        'The pictures’ base64 was left out because this connection is slow, or more than 1,000 events behind; ' +
        'the urls work. Always false in history.',
    }),
    extra: t.field({
      type: 'JSON',
      description:
        'What the box said beyond the fields above, an object, under the box’s own names; `{}` when nothing. ' +
        'Of an event with more than 64 KiB of text it is `{"omitted": {"bytes": …}}`, with the length of all its text. And `{}` to a viewer who may not see `identity`.',
      resolve: (delivery, _args, context) =>
        isShown('identity', delivery, context) ? delivery.event.extra : {},
    }),
    gapsBefore: t.expose('gapsBefore', {
      type: [Gap],
      description:
        'Spans that could not be had, on this subscriber’s devices, since the event it got before this one. ' +
        'Nearly always empty; always so in history.',
    }),
  }),
});

function imageOf(
  delivery: DeliveryShape,
  slot: PictureSlot,
  context: GraphQLContext,
): ImageShape | undefined {
  const picture = delivery.withImages ? delivery.event.pictures[slot] : undefined;
  if (!picture || !isShown(slot, delivery, context)) return undefined;
  const { expiry } = context.pictureAddresses;
  return { ...picture, base64Omitted: delivery.imagesOmitted, expiry };
}

/** Whether the viewer may see this of the event. */
const isShown = (
  field: FieldGroup,
  { event, isPast }: DeliveryShape,
  { permissionClass, now }: GraphQLContext,
): boolean => permissionClass.fieldsOf(event, isPast ? now() : undefined).has(field);
