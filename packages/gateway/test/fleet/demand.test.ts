import type { PictureDemand } from '@se5/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PictureDemandLedger, type PictureWant } from '../../src/fleet/demand.ts';
import { FleetDirectory } from '../../src/fleet/fleet-directory.ts';
import { boxConfig, boxDevice, boxId, siteConfig } from '../support/recognitions.ts';

const LIVE: PictureDemand = { live: true, registered: false };
const REGISTERED: PictureDemand = { live: false, registered: true };
const BOTH: PictureDemand = { live: true, registered: true };
const NONE: PictureDemand = { live: false, registered: false };

const lobby = boxId('hq-lobby');
const gate = boxId('hq-gate');
const list = (...ids: string[]) => ids.map(boxDevice);

const everywhere = (pictures: PictureDemand): PictureWant => ({ pictures, reaches: () => true });
const ofDevice = (id: string): PictureWant => ({
  pictures: BOTH,
  reaches: (_, devices) => devices.some(({ deviceId }) => deviceId === id),
});

describe('the ledger of picture demand', () => {
  let directory: FleetDirectory;
  let ledger: PictureDemandLedger;
  let asked: [string, PictureDemand][];

  beforeEach(() => {
    vi.useFakeTimers();
    directory = new FleetDirectory([
      siteConfig('hq', [boxConfig({ id: lobby }), boxConfig({ id: gate })]),
    ]);
    asked = [];
    ledger = new PictureDemandLedger(directory, (id, demand) => asked.push([id, demand]));
  });
  afterEach(() => {
    ledger[Symbol.dispose]();
    vi.useRealTimers();
  });

  it('asks for nothing as long as nobody wants anything', () => {
    directory.list(lobby, list('a'));
    expect(asked).toEqual([]);
    expect(ledger.of(lobby)).toEqual(NONE);
  });

  it('asks each box for the union of what is wanted of it', () => {
    ledger.acquire(everywhere(LIVE));
    ledger.acquire({ pictures: REGISTERED, reaches: (box) => box.id === lobby });
    expect(ledger.of(lobby)).toEqual(BOTH);
    expect(ledger.of(gate)).toEqual(LIVE);
    expect(asked).toEqual([
      [lobby, LIVE],
      [gate, LIVE],
      [lobby, BOTH],
    ]);
  });

  it('says nothing to a box when who wants what changes, but not what is wanted', () => {
    const first = ledger.acquire(everywhere(BOTH));
    asked = [];
    ledger.acquire(everywhere(LIVE));
    ledger.acquire(everywhere(REGISTERED));
    first[Symbol.dispose]();
    vi.advanceTimersByTime(60_000);
    expect(asked).toEqual([]);
  });

  it('asks for no more two seconds after the last has left', () => {
    const wants = [ledger.acquire(everywhere(LIVE)), ledger.acquire(everywhere(LIVE))];
    asked = [];
    for (const want of wants) want[Symbol.dispose]();
    vi.advanceTimersByTime(1_999);
    expect(asked).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(asked).toEqual([
      [lobby, NONE],
      [gate, NONE],
    ]);
  });

  it('does not ask twice for one who comes back at once', () => {
    const want = ledger.acquire(everywhere(LIVE));
    asked = [];
    want[Symbol.dispose]();
    vi.advanceTimersByTime(1_000);
    ledger.acquire(everywhere(LIVE));
    vi.advanceTimersByTime(60_000);
    expect(asked).toEqual([]);
    expect(ledger.of(lobby)).toEqual(LIVE);
  });

  it('counts a want once that is given back twice', () => {
    const want = ledger.acquire(everywhere(LIVE));
    ledger.acquire(everywhere(LIVE));
    want[Symbol.dispose]();
    want[Symbol.dispose]();
    vi.advanceTimersByTime(60_000);
    expect(ledger.of(lobby)).toEqual(LIVE);
  });

  it('waits for a device to appear, and follows it from box to box', () => {
    const want = ledger.acquire(ofDevice('a'));
    directory.list(lobby, list('b'));
    expect(asked).toEqual([]);
    directory.list(lobby, list('a', 'b'));
    expect(asked).toEqual([[lobby, BOTH]]);
    directory.list(lobby, list('b'));
    directory.list(gate, list('a'));
    expect(asked.slice(1)).toEqual([
      [lobby, NONE],
      [gate, BOTH],
    ]);
    want[Symbol.dispose]();
    vi.advanceTimersByTime(2_000);
    expect(ledger.of(gate)).toEqual(NONE);
  });

  it('counts a device that is gone once, however often its box lists the others', () => {
    ledger.acquire(ofDevice('a'));
    directory.list(lobby, list('a'));
    directory.list(lobby, list('b'));
    directory.list(lobby, list('b', 'c'));
    ledger.acquire(everywhere(LIVE));
    expect(ledger.of(lobby)).toEqual(LIVE);
  });

  it('asks for nothing when a device appears after its last subscriber has left', () => {
    const want = ledger.acquire(ofDevice('a'));
    want[Symbol.dispose]();
    vi.advanceTimersByTime(2_000);
    directory.list(lobby, list('a'));
    expect(asked).toEqual([]);
  });

  it('leaves no timer and listens no more when disposed of', () => {
    ledger.acquire(everywhere(LIVE))[Symbol.dispose]();
    const want = ledger.acquire(ofDevice('a'));
    asked = [];
    ledger[Symbol.dispose]();
    want[Symbol.dispose]();
    expect(vi.getTimerCount()).toBe(0);
    directory.list(lobby, list('a'));
    expect(asked).toEqual([]);
  });
});
