import { type BoxEvent, decode, dialectNamed, type Picture } from '@se5/core';

const dialect = dialectNamed('v5');

interface PeerImage {
  readonly url: string;
  readonly base64: string;
  readonly byteLength: number;
  readonly contentType: string;
}

/**
 * A recognition as the schema's fields want it, so that the peers' default resolvers are all
 * they need. All of it is made once for an event, whoever subscribes.
 */
export type PeerEvent = ReturnType<typeof toPeerEvent>;

/** @throws what is wrong with the message. */
export function readPeerEvent(message: Buffer, box: number, sequence: number): PeerEvent {
  const decoded = decode(message, dialect);
  if (!decoded.ok) throw decoded.error;
  return toPeerEvent(decoded.event, box, sequence);
}

function toPeerEvent(event: BoxEvent, box: number, sequence: number) {
  const boxId = `box-${box + 1}`;
  const site = { id: 'hq', name: 'Headquarters', timezone: 'Asia/Shanghai' };
  const boxEntry = { id: boxId, name: `Lobby ${box + 1}`, site };
  const { pictures, eventId: _, ...fields } = event;
  return {
    ...fields,
    // As long as the gateway's own.
    id: String(sequence).padStart(22, '0'),
    cursor: String(sequence).padStart(24, '0'),
    device: {
      id: `${boxId}/${event.deviceId}`,
      deviceId: event.deviceId,
      name: `Gate ${event.deviceId}`,
      box: boxEntry,
      site,
    },
    box: boxEntry,
    site,
    occurredAt: new Date(event.occurredAt).toISOString(),
    receivedAt: new Date().toISOString(),
    delivery: 'LIVE',
    replayed: false,
    similarity: event.score,
    faceImage: toPeerImage(pictures.face),
    sceneImage: toPeerImage(pictures.scene),
    registeredImage: toPeerImage(pictures.registered),
    imagesOmitted: false,
    gapsBefore: [],
  };
}

function toPeerImage(picture: Picture | undefined): PeerImage | null {
  if (!picture) return null;
  const { base64, byteLength, contentType } = picture;
  return { url: '', base64: base64.toString('latin1'), byteLength, contentType };
}
