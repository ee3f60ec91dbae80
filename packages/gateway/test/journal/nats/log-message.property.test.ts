import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  authorOf,
  boxToken,
  decodeMessage,
  decodeNote,
  encodeEvent,
  encodeGap,
  encodeNote,
  encodeOwned,
  openMessage,
} from '../../../src/journal/nats/log-message.ts';
import { Keyring } from '../../../src/privacy/keyring.ts';
import { ruleMatch } from '../../support/alarms.ts';
import { anyRecognition } from '../../support/arbitraries.ts';
import { boxId, gap } from '../../support/recognitions.ts';

const author = fc.record({ gateway: fc.string(), process: fc.string(), number: fc.nat() });

it('an event comes out of the log as it went in, and nobody reads a person in the message', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'se5-message-'));
  using keyring = new Keyring(join(folder.path, 'keys.db'));
  fc.assert(
    fc.property(author, anyRecognition, fc.string(), (by, drawn, name) => {
      const identityName = `name-${name}`;
      const event = { ...drawn, identityName, extra: { note: [name, null, 1] } };
      keyring.prepare([event]);
      const matches = [ruleMatch({ title: identityName })];
      const bytes = encodeEvent(by, { event, matches }, keyring);
      expect(Buffer.from(bytes).includes(identityName)).toBe(false);
      expect(authorOf(bytes)).toEqual(by);
      const message = decodeMessage(bytes);
      expect(message.author).toEqual(by);
      expect(message.kind === 'event' && openMessage(message, keyring)).toEqual({
        ...{ kind: 'event', event, matches },
      });
    }),
    { numRuns: 50 },
  );
});

it('gaps, owners and notes come out as they went in', () => {
  const numbers = fc.option(fc.integer());
  const noted = fc.record({
    at: fc.integer(),
    instant: fc.record({
      boot: fc.string(),
      ms: fc.double({ noNaN: true, noDefaultInfinity: true }),
    }),
  });
  const ask = fc.record({ process: fc.string(), number: fc.integer() });
  fc.assert(
    fc.property(author, numbers, fc.option(noted), fc.option(ask), (by, from, to, asked) => {
      const lost = gap({ boxId: boxId('lobby'), from });
      expect(decodeMessage(encodeGap(by, lost))).toMatchObject({ author: by, gap: lost });
      const owned = decodeMessage(encodeOwned(by, boxId('lobby')));
      expect(owned).toMatchObject({ kind: 'owned', author: by, boxId: 'lobby' });
      const handedTo = asked ?? undefined;
      const note = decodeNote(encodeNote(by, { to: to ?? undefined, handedTo }));
      expect(note).toEqual({
        ...{ author: by, handedTo },
        to: JSON.parse(JSON.stringify(to)) ?? undefined,
      });
    }),
  );
});

it('fields that a newer gateway adds are ignored, and a newer version is refused', () => {
  const by = { gateway: 'a', process: 'p', number: 1 };
  const head = JSON.parse(Buffer.from(encodeGap(by, gap())).toString()) as object;
  const newer = (more: object) => Buffer.from(`${JSON.stringify({ ...head, ...more })}\n`);
  expect(decodeMessage(newer({ colour: 'red' }))).toMatchObject({ kind: 'gap', author: by });
  expect(() => decodeMessage(newer({ v: 2 }))).toThrow(/"v"/);
});

it('each box has a subject of its own, of characters that subjects may have', () => {
  const id = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(id, id, (one, other) => {
      const [a, b] = [one, other].map((text) => boxToken(text as ReturnType<typeof boxId>));
      expect(a).toMatch(/^[^\s.*>]+$/);
      expect(a === b).toBe(one === other);
    }),
  );
});
