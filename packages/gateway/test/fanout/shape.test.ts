import { decode, dialectNamed, type JsonObject, type Picture } from '@se5/core';
import fc from 'fast-check';
import { executeSubscriptionEvent, GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { UNLIMITED } from '../../src/access/roles.ts';
import { planAnswers } from '../../src/fanout/answer-plan.ts';
import type { Delivery } from '../../src/fanout/delivery.ts';
import { type ResponseExecutor, Shape } from '../../src/fanout/shape.ts';
import type { Directory } from '../../src/fleet/directory.ts';
import type { Position } from '../../src/journal/journal.ts';
import type { GraphQLServices } from '../../src/schema/context.ts';
import { buildSchema } from '../../src/schema/schema.ts';
import { anyRecognition } from '../support/arbitraries.ts';
import { directoryWith } from '../support/directory.ts';
import { Inside } from '../support/inside.ts';
import { boxId, origin, recognition } from '../support/recognitions.ts';
import { anySubscription, write } from '../support/selections.ts';
import { executorOf, textOf } from '../support/subscriber.ts';

const schema = buildSchema();

const ALL_BASE64 = 'faceImage { base64 } sceneImage { base64 } registeredImage { base64 }';

const deliveryOf = (given: Partial<Delivery> = {}): Delivery => ({
  event: recognition({ boxId: boxId('a') }),
  position: 7 as Position,
  replayed: false,
  isPast: false,
  withImages: true,
  imagesOmitted: false,
  gapsBefore: [],
  ...given,
});

const shapeOf = (
  inside: GraphQLServices,
  selection: string,
  given: Partial<ResponseExecutor> = {},
) => {
  const document = `subscription { recognitionEvents(withImages: true) { ${selection} } }`;
  return new Shape('', {
    withImages: true,
    permissionClass: UNLIMITED,
    executor: { ...executorOf(inside, document), ...given },
  });
};

const publicError = (error: unknown) =>
  error instanceof GraphQLError ? error.toJSON() : { message: String(error) };

describe('the answer of a shape', () => {
  it('says exactly what graphql-js says, for any selection, variables and event', async () => {
    using inside = new Inside();
    const anyDelivery = fc.record({
      event: fc
        .tuple(anyRecognition, fc.subarray(['face', 'scene', 'registered'] as const))
        .map(([event, slots]) => ({
          ...event,
          pictures: Object.assign({}, ...slots.map((slot) => inside.put(slot, 'AAAA'))),
        })),
      replayed: fc.boolean(),
      imagesOmitted: fc.boolean(),
      gapsBefore: fc.subarray([
        { reason: 'RETENTION', from: 1, to: null, boxId: null, count: 3 } as const,
        { reason: 'BOX_UNREACHABLE', from: null, to: 9, boxId: boxId('a'), count: null } as const,
      ]),
    });
    const anyBreakage = fc.subarray(['lastEventAt', 'status', 'site'] as const);
    await fc.assert(
      fc.asyncProperty(
        anySubscription(schema),
        fc.gen(),
        anyDelivery,
        anyBreakage,
        async (subscription, choose, given, broken) => {
          const fails = () => {
            throw new Error('the directory is broken');
          };
          const own = Object.fromEntries(broken.map((name) => [name, fails]));
          const services = { ...inside, directory: directoryWith(inside.directory, own) };
          const operation = write(subscription, choose, schema);
          const { withImages } = subscription;
          const delivery = deliveryOf({ ...given, withImages });
          const context = { ...services, permissionClass: UNLIMITED };
          const executor: ResponseExecutor = {
            operation,
            contextFor: (pictureText) => ({ ...context, pictureText, isImmediate: true }),
            publicError,
          };
          const shape = new Shape('', { withImages, permissionClass: UNLIMITED, executor });
          const plain = await executeSubscriptionEvent({
            ...operation,
            rootValue: delivery,
            contextValue: {
              ...context,
              pictureText: ({ base64 }: Picture) => base64.toString('latin1'),
              // Which of two errors that make the same field null is told depends on who is faster.
              isImmediate: broken.length > 0,
            },
          });
          const { errors, ...rest } = JSON.parse(JSON.stringify(plain));
          for (const error of errors ?? []) delete error.locations;
          const answer = shape.answer(delivery);
          const planned = planAnswers(operation)(delivery, {
            ...context,
            pictureText: ({ base64 }: Picture) => base64.toString('latin1'),
            isImmediate: true,
          });
          expect(planned && JSON.parse(JSON.stringify(planned))).toEqual(
            errors ? undefined : rest.data,
          );
          expect(answer).not.toBeInstanceOf(Promise);
          expect(JSON.parse(textOf(await answer))).toEqual({ ...rest, ...(errors && { errors }) });
          // The order of fields is part of the answer.
          if (!errors) expect(textOf(await answer)).toBe(JSON.stringify(rest));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('is made of the pictures as the box sent them, and of nothing that was copied', async () => {
    using inside = new Inside();
    const pictures = { ...inside.put('face', 'AAAA'), ...inside.put('scene', 'BBBBBBBB') };
    const key = pictures.scene?.key ?? '';
    const shape = shapeOf(
      inside,
      `one: sceneImage { base64 } faceImage { base64 } two: sceneImage { base64 }`,
    );
    const delivery = deliveryOf({ event: recognition({ boxId: boxId('a'), pictures }) });
    const { parts, byteLength, hasPictures } = await shape.answer(delivery);
    expect(parts.map(String)).toEqual([
      '{"data":{"recognitionEvents":{"one":{"base64":"',
      'BBBBBBBB',
      '"},"faceImage":{"base64":"',
      'AAAA',
      '"},"two":{"base64":"',
      'BBBBBBBB',
      '"}}}}',
    ]);
    expect(parts[1]).toBe(inside.images.get(key)?.picture.base64);
    expect(hasPictures).toBe(true);
    expect(byteLength).toBe(Buffer.concat([...parts]).length);
  });

  it('is one part when it has no picture', async () => {
    using inside = new Inside();
    const delivery = deliveryOf({
      event: recognition({ boxId: boxId('a'), identityName: 'Ünï 你' }),
    });
    const payload = await shapeOf(inside, `identityName ${ALL_BASE64}`).answer(delivery);
    expect(payload).toMatchObject({ hasPictures: false, position: 7 });
    expect(payload.parts).toHaveLength(1);
    expect(payload.byteLength).toBe(payload.parts[0]?.length);
    expect(JSON.parse(textOf(payload)).data.recognitionEvents.identityName).toBe('Ünï 你');
  });

  it('is valid JSON on one line, whatever a box sends as a picture and as text', async () => {
    const anyPicture = fc.oneof(
      fc.base64String(),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('A', '=', '"', '\\', '\n', '/', '\u2028', '\ud800') }),
    );
    await fc.assert(
      fc.asyncProperty(
        anyPicture,
        anyPicture,
        fc.string({ unit: 'binary' }),
        async (face, registered, identityName) => {
          using inside = new Inside();
          const message = {
            device_id: 'gate',
            timestamp: 1_566_016_554_020,
            score: 0.5,
            person_type: 1,
          };
          const decoded = decode(
            Buffer.from(
              JSON.stringify({
                ...message,
                identity_name: identityName,
                reg_pic: registered,
                ext_data: { recognize_face: face },
              }),
            ),
            dialectNamed('v5'),
          );
          if (!decoded.ok) throw decoded.error;
          const { eventId: _, pictures, ...event } = decoded.event;
          const stored = Object.entries(pictures).map(([slot, picture]) => {
            const slotKey = inside.images.keyOf('fuzzed', slot);
            inside.images.put(slotKey, picture, origin());
            const { byteLength, contentType } = picture;
            return [slot, { key: slotKey, byteLength, contentType }];
          });
          const delivery = deliveryOf({
            event: recognition({
              ...event,
              boxId: boxId('a'),
              pictures: Object.fromEntries(stored),
            }),
          });
          const text = textOf(await shapeOf(inside, `identityName ${ALL_BASE64}`).answer(delivery));
          expect(text).not.toMatch(/[\r\n]/);
          const { recognitionEvents } = JSON.parse(text).data;
          expect(recognitionEvents.faceImage?.base64).toBe(pictures.face?.base64.toString());
          expect(recognitionEvents.registeredImage?.base64).toBe(
            pictures.registered?.base64.toString(),
          );
          expect(recognitionEvents.identityName).toBe(event.identityName);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('waits for a resolver that takes its time', async () => {
    using inside = new Inside();
    const lastEventAt = (() => Promise.resolve(0)) as unknown as Directory['lastEventAt'];
    const directory = directoryWith(inside.directory, { lastEventAt });
    const answer = shapeOf({ ...inside, directory }, 'device { lastEventAt }').answer(deliveryOf());
    expect(answer).toBeInstanceOf(Promise);
    expect(JSON.parse(textOf(await answer)).data).toEqual({
      recognitionEvents: { device: { lastEventAt: '1970-01-01T00:00:00.000Z' } },
    });
  });

  it('is an error, told once, when the event can not be put into JSON', async () => {
    using inside = new Inside();
    const told: unknown[] = [];
    const shape = shapeOf(inside, 'id extra', {
      publicError: (error) => ({ message: `error ${told.push(error)}` }),
    });
    const extra = { count: 1n } as unknown as JsonObject;
    const event = recognition({ boxId: boxId('a'), extra });
    expect(textOf(await shape.answer(deliveryOf({ event })))).toBe(
      '{"errors":[{"message":"error 1"}]}',
    );
    expect(told).toEqual([expect.any(TypeError)]);
    expect(JSON.parse(textOf(await shape.answer(deliveryOf())))).toHaveProperty('data');
  });
});
