import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type BoxEvent, decode, dialectNamed, type Picture } from '@se5/core';
import { listenToBoxes } from './box-feed.ts';
import type { ContenderOptions } from './contender.ts';

/** The gateway's own schema: the peers answer the same operations with the same fields. */
export const peerTypeDefs = readFileSync(
  fileURLToPath(import.meta.resolve('@se5/gateway/schema.graphql')),
  'utf8',
);

/** A recognition with the schema's fields, so that the peers' default resolvers are all they need. */
export type PeerEvent = ReturnType<typeof toPeerEvent>;

const dialect = dialectNamed('v5');

/** Publishes each event of the boxes, made once for all who subscribe. */
export async function publishBoxes(
  options: ContenderOptions,
  publish: (event: PeerEvent) => void,
): Promise<void> {
  let sequence = 0;
  await listenToBoxes(options, (message, box) => {
    const decoded = decode(message, dialect);
    if (!decoded.ok) throw decoded.error;
    sequence += 1;
    publish(toPeerEvent(decoded.event, `box-${box + 1}`, sequence));
  });
}

function toPeerEvent(
  { pictures, eventId: _, ...event }: BoxEvent,
  boxId: string,
  sequence: number,
) {
  const site = { id: 'hq', name: 'Headquarters', timezone: 'Asia/Shanghai' };
  const box = { id: boxId, name: `Lobby ${boxId}`, site };
  const { deviceId } = event;
  return {
    ...event,
    // As long as the gateway's own.
    id: String(sequence).padStart(22, '0'),
    cursor: String(sequence).padStart(24, '0'),
    device: { id: `${boxId}/${deviceId}`, deviceId, name: `Gate ${deviceId}`, box, site },
    box,
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

function toPeerImage(picture: Picture | undefined) {
  if (!picture) return null;
  const { base64, byteLength, contentType } = picture;
  return { url: '', base64: base64.toString('latin1'), byteLength, contentType };
}
