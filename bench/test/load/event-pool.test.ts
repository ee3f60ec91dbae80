import { decode, decodePicture, dialectNamed } from '@se5/core';
import { describe, expect, test } from 'vitest';
import { identityOf, preparePool } from '../../src/load/event-pool.ts';

const NOW = 1_790_000_000_123;

function decodeFrame(frame: Buffer) {
  const short = frame.readUInt8(1);
  const payload = frame.subarray(short === 126 ? 4 : 10);
  const decoded = decode(payload, dialectNamed('v5'));
  if (!decoded.ok) throw decoded.error;
  return decoded.event;
}

describe('a prepared event', () => {
  const [event] = preparePool({ devices: 3, pictureBytes: 30_000 });

  test('is what a box sends: its device, its person, its time', () => {
    const sent = decodeFrame(event?.frame(41, NOW, false) ?? Buffer.alloc(0));
    expect(sent).toMatchObject({
      deviceId: event?.facts.deviceId,
      personType: event?.facts.personType,
      groupName: event?.facts.groupName,
      score: event?.facts.similarity,
      identityId: identityOf(41),
      occurredAt: NOW,
      pictures: {},
      extra: {},
    });
  });

  test('has its pictures only when they are wanted, and of the size that was asked for', () => {
    const { pictures } = decodeFrame(event?.frame(42, NOW, true) ?? Buffer.alloc(0));
    for (const picture of [pictures.face, pictures.scene, pictures.registered]) {
      expect(picture).toMatchObject({ byteLength: 30_000, contentType: 'image/jpeg' });
      expect(picture && decodePicture(picture).length).toBe(30_000);
    }
  });

  test('is another one each time', () => {
    const frames = [1, 2].map((sequence) => event?.frame(sequence, NOW, false));
    expect(decodeFrame(frames[0] ?? Buffer.alloc(0)).identityId).toBe(identityOf(1));
    expect(decodeFrame(frames[1] ?? Buffer.alloc(0)).identityId).toBe(identityOf(2));
  });
});
