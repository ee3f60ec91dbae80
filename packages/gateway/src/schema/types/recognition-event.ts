import { hash } from 'node:crypto';
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
import { Node } from './node.ts';
import { PersonType } from './person-type.ts';
import { Site, siteOf } from './site.ts';

export const RecognitionEvent = builder.objectRef<DeliveryShape>('RecognitionEvent').implement({
  description: 'One face that a device saw, recognised or not by its box.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description:
        'The id of the event: the same on every transport, in history and after a restart. A viewer who may not see `identity` gets another id, which stays the same as long as the folder of pictures does.',
      resolve: (delivery, _args, context) => idOf(delivery, context),
    }),
    cursor: t.string({
      description: 'Opaque. Pass it as `after` to continue after this event.',
      resolve: ({ position }, _args, { journal }) => journal.cursorAt(position),
    }),
    device: t.field({
      type: Device,
      description: 'The device that saw the face; only with its ids when no box has listed it.',
      resolve: ({ event }, _args, context) => deviceOf(event, context),
    }),
    box: t.field({
      type: Box,
      description: 'The box that recognised the face.',
      resolve: ({ event }, _args, context) => boxOf(event, context),
    }),
    site: t.field({
      type: Site,
      description: 'The site of the box.',
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
      description: 'When the gateway received the event, by its own clock.',
      resolve: ({ event }) => event.receivedAt,
    }),
    delivery: t.field({
      type: Delivery,
      description: 'Whether the event came live or was read back.',
      resolve: ({ event }) => event.delivery,
    }),
    replayed: t.exposeBoolean('replayed', {
      description:
        'Whether the event was sent from the journal because the client was disconnected ' +
        'or slow. Always true in history.',
    }),
    personType: t.field({
      type: PersonType,
      description: 'The type of person that the box recognised.',
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
        'The score as the box sent it: out of 1 or out of 100, depending on the firmware. ' +
        'Use `similarity` to compare.',
      resolve: ({ event }) => event.score,
    }),
    similarity: t.float({
      description:
        'The similarity of the face and the enrolled picture, from 0 to 1, independent of ' +
        'the firmware.',
      resolve: ({ event }) => event.similarity,
    }),
    deviceType: t.field({
      type: EventDeviceType,
      description: 'The kind of device that saw the face.',
      resolve: ({ event }) => event.deviceType,
    }),
    deviceIp: t.string({
      nullable: true,
      description: 'The device’s address in the event; null without one.',
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
        'Whether the pictures’ base64 is omitted because this connection is slow, or more ' +
        'than 1,000 events behind. The urls work. Always false in history.',
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
        'Times with missing events of this subscriber’s devices, since the previous event ' +
        'that it got. Nearly always empty; always empty in history.',
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

/**
 * The id is a hash of the event, of who is on it too: known persons could be tried on it. So who may not
 * see the person gets one that nobody else can make.
 */
const idOf = (delivery: DeliveryShape, context: GraphQLContext): string =>
  isShown('identity', delivery, context)
    ? delivery.event.id
    : hash('sha512-256', `${context.images.secret} id ${delivery.event.id}`, 'base64url');

/** Whether the viewer may see this of the event. */
const isShown = (
  field: FieldGroup,
  { event, isPast }: DeliveryShape,
  { permissionClass, now }: GraphQLContext,
): boolean => permissionClass.fieldsOf(event, isPast ? now() : undefined).has(field);
