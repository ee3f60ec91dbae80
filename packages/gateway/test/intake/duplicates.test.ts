import { describe, expect, it } from 'vitest';
import { DuplicateWindow } from '../../src/intake/duplicates.ts';
import { eventIdOf } from '../../src/intake/event-id.ts';
import { boxEvent, boxId, picture } from '../support/recognitions.ts';

const box = boxId('hq-lobby');
const bare = boxEvent();
const withFace = (base64: string) => boxEvent({ pictures: { face: picture(base64) } });
const MINUTE = 60_000;

describe('the duplicate window', () => {
  it('admits an event once, under its id', () => {
    const window = new DuplicateWindow();
    expect(window.admit(box, bare, 0)).toBe(eventIdOf(box, bare));
    expect(window.admit(box, bare, 1)).toBeUndefined();
  });

  it('admits what is equal but comes from another box', () => {
    const window = new DuplicateWindow();
    window.admit(box, bare, 0);
    expect(window.admit(boxId('hq-gate'), bare, 0)).toBeDefined();
  });

  it.each([
    ['the same face', withFace('AAAA'), withFace('AAAA')],
    ['no face the second time', withFace('AAAA'), bare],
    ['no face the first time', bare, withFace('AAAA')],
    ['another scene', boxEvent({ pictures: { scene: picture('AAAA') } }), bare],
  ])('takes an equal event with %s for a duplicate', (_, first, second) => {
    const window = new DuplicateWindow();
    expect(window.admit(box, first, 0)).toBeDefined();
    expect(window.admit(box, second, 0)).toBeUndefined();
  });

  it('takes an equal event with another face for another event, with an id of its own', () => {
    const window = new DuplicateWindow();
    const ids = ['AAAA', 'BBBB', 'AAAABBBB'].map((face) => window.admit(box, withFace(face), 0));
    expect(ids).not.toContain(undefined);
    expect(new Set(ids).size).toBe(3);
    const again = ['AAAA', 'BBBB', 'AAAABBBB'].map((face) => window.admit(box, withFace(face), 0));
    expect(again).toEqual([undefined, undefined, undefined]);
    expect(window.admit(box, bare, 0)).toBeUndefined();
  });

  it('gives a face that is told apart the same id whichever came before', () => {
    const [one, other] = [new DuplicateWindow(), new DuplicateWindow()];
    one.admit(box, withFace('AAAA'), 0);
    other.admit(box, withFace('CCCC'), 0);
    const second = withFace('BBBB');
    expect(one.admit(box, second, 0)).toBe(other.admit(box, second, 0));
  });

  it('goes by the face that came second when the first event had none', () => {
    const window = new DuplicateWindow();
    window.admit(box, bare, 0);
    expect(window.admit(box, withFace('AAAA'), 0)).toBeUndefined();
    expect(window.admit(box, withFace('BBBB'), 0)).toBeDefined();
  });

  it('remembers for ten minutes', () => {
    const window = new DuplicateWindow();
    window.admit(box, bare, 0);
    expect(window.admit(box, bare, 10 * MINUTE)).toBeUndefined();
    expect(window.admit(box, bare, 10 * MINUTE + 1)).toBeDefined();
  });

  it('remembers the last 100,000 events', () => {
    const window = new DuplicateWindow();
    const nth = (n: number) => boxEvent({ occurredAt: n });
    for (let n = 0; n <= 100_000; n += 1) window.admit(box, nth(n), 0);
    expect(window.admit(box, nth(1), 0)).toBeUndefined();
    expect(window.admit(box, nth(0), 0)).toBeDefined();
  });
});
