import { decode, dialectNamed } from '@se5/core';
import { expect, test } from 'vitest';
import { DEVICE, identityOf, PreparedEvent } from '../../src/load/prepared-event.ts';

const NOW = 1_790_000_000_123;

const event = new PreparedEvent(30_000);

function decoded(sequence: number, withPictures: boolean) {
  const result = decode(event.message(sequence, NOW, withPictures), dialectNamed('v5'));
  if (!result.ok) throw result.error;
  return result.event;
}

test('a prepared event is sent each time as another person’s, at another time', () => {
  for (const sequence of [1, 41]) {
    expect(decoded(sequence, false)).toMatchObject({
      deviceId: DEVICE,
      identityId: identityOf(sequence),
      occurredAt: NOW,
      pictures: {},
      extra: {},
    });
  }
});

test('a prepared event has pictures of the given size when they are wanted', () => {
  const { face, scene, registered } = decoded(42, true).pictures;
  for (const picture of [face, scene, registered]) {
    expect(picture).toMatchObject({ byteLength: 30_000, contentType: 'image/jpeg' });
  }
});
