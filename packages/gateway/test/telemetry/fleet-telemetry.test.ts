import { BoxError, type LinkState, toDeviceId } from '@se5/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFleetTelemetry } from '../../src/telemetry/fleet-telemetry.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { boxId } from '../support/recognitions.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { IDLE } from '../support/telemetry.ts';

const LOBBY = boxId('lobby');
const refused = new BoxError('UNREACHABLE', 'ws://lobby:5679 cannot be reached');
const since = 0;
const STOPPED: LinkState = { name: 'STOPPED', since };
const CONNECTING: LinkState = {
  name: 'CONNECTING',
  since,
  attemptedAt: since,
  attempts: 1,
  lastError: undefined,
};
const LIVE: LinkState = { name: 'LIVE', since };
const SILENT: LinkState = { name: 'SILENT', since };
const BACKING_OFF: LinkState = {
  name: 'BACKING_OFF',
  attemptedAt: undefined,
  since,
  attempts: 1,
  retryAt: 500,
  lastError: refused,
};

function setUp() {
  const { logger, lines } = recordedLog();
  const metrics = createMetrics(IDLE);
  const telemetry = createFleetTelemetry(logger, metrics);
  const pass = (...states: LinkState[]) => {
    let previous = STOPPED;
    for (const state of states) {
      telemetry.link(LOBBY, state, previous);
      previous = state;
    }
  };
  /** What an operator sees at the default level. */
  const shown = () => lines.filter(({ level }) => level !== 'debug');
  return { telemetry, metrics, pass, shown, messages: () => shown().map((line) => line.message) };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the log of a link', () => {
  it('has one line when a box is out of reach, not one for each attempt', () => {
    const { pass, shown } = setUp();
    pass(CONNECTING, BACKING_OFF, CONNECTING, BACKING_OFF, CONNECTING, BACKING_OFF);
    expect(shown()).toEqual([
      {
        level: 'warn',
        fields: { box: 'lobby', code: 'UNREACHABLE' },
        message: 'box lobby: ws://lobby:5679 cannot be reached; trying until it answers',
      },
    ]);
  });

  it('says why a box that was reached is not listened to', () => {
    const { pass, messages } = setUp();
    const lastError = new BoxError('BOX_REFUSED', 'the devices of lobby can not be had');
    const waiting: LinkState = { ...CONNECTING, lastError };
    pass(CONNECTING, waiting, waiting, LIVE);
    expect(messages()).toEqual([
      'box lobby: the devices of lobby can not be had; trying until it answers',
      'box lobby is connected',
    ]);
  });

  it('has one line for each change after that', () => {
    const { pass, messages } = setUp();
    pass(CONNECTING, LIVE, SILENT, LIVE, BACKING_OFF, CONNECTING, LIVE, STOPPED);
    expect(messages()).toEqual([
      'box lobby is connected',
      'box lobby has gone silent',
      'box lobby sends events again',
      'box lobby: ws://lobby:5679 cannot be reached; trying until it answers',
      'box lobby is connected',
    ]);
  });
});

describe('messages that cannot be read', () => {
  it('are all counted, and logged once a minute with what was held back', async () => {
    const { telemetry, metrics, shown } = setUp();
    const error = new BoxError('INVALID_EVENT', 'timestamp: found nothing, expected a time', {
      field: 'timestamp',
      messageBytes: 120,
      offset: 17,
    });
    for (let sent = 0; sent < 5; sent++) telemetry.unreadable(LOBBY, error);
    vi.advanceTimersByTime(59_000);
    telemetry.unreadable(LOBBY, error);
    vi.advanceTimersByTime(1_000);
    telemetry.unreadable(LOBBY, error);

    const about = { code: 'INVALID_EVENT', field: 'timestamp', messageBytes: 120, offset: 17 };
    expect(shown().map(({ fields }) => fields)).toEqual([
      { box: 'lobby', ...about, unlogged: 0 },
      { box: 'lobby', ...about, unlogged: 5 },
    ]);
    expect(await metrics.render()).toContain('se5_unreadable_total{box="lobby"} 7');
  });

  it('that are pictures are counted by kind, and named once a minute without content', async () => {
    const { telemetry, metrics, shown } = setUp();
    const device = toDeviceId('gate');
    telemetry.spoiltPicture(LOBBY, device, { slot: 'face', reason: 'format', bytes: 120 });
    telemetry.spoiltPicture(LOBBY, device, { slot: 'scene', reason: 'base64', bytes: 7 });
    vi.advanceTimersByTime(60_000);
    telemetry.spoiltPicture(LOBBY, device, { slot: 'scene', reason: 'base64', bytes: 7 });
    expect(shown().map(({ fields }) => fields)).toEqual([
      { box: 'lobby', device: 'gate', slot: 'face', reason: 'format', bytes: 120, unlogged: 0 },
      { box: 'lobby', device: 'gate', slot: 'scene', reason: 'base64', bytes: 7, unlogged: 1 },
    ]);
    const rendered = await metrics.render();
    const name = 'se5_spoilt_pictures_total{box="lobby"';
    expect(rendered).toContain(`${name},slot="face",reason="format"} 1`);
    expect(rendered).toContain(`${name},slot="scene",reason="base64"} 2`);
  });

  it('of one box do not hide those of another', () => {
    const { telemetry, shown } = setUp();
    const error = new BoxError('MALFORMED_MESSAGE', 'not JSON');
    telemetry.unreadable(LOBBY, error);
    telemetry.unreadable(boxId('gate'), error);
    expect(shown()).toHaveLength(2);
  });
});

describe('what was missed', () => {
  const outage = { from: 0, to: 60_000, recovered: 7, missingPictures: 0, error: undefined };
  const fields = {
    box: 'lobby',
    from: '1970-01-01T00:00:00.000Z',
    to: '1970-01-01T00:01:00.000Z',
    recovered: 7,
  };

  it('has one line when it has been read back, and counts', async () => {
    const { telemetry, metrics, shown } = setUp();
    telemetry.backfill(LOBBY, { ...outage, state: 'RUNNING' });
    telemetry.backfill(LOBBY, { ...outage, state: 'COMPLETE' });
    const message = 'box lobby: 7 missed events were read back from it';
    expect(shown()).toEqual([{ level: 'info', fields, message }]);
    const figures = await metrics.render();
    expect(figures).toContain('se5_backfilled_total{box="lobby"} 7');
    expect(figures).toContain('se5_backfills_total{box="lobby",result="complete"} 1');
  });

  it('says how many of its pictures could not be had', () => {
    const { telemetry, shown } = setUp();
    telemetry.backfill(LOBBY, { ...outage, missingPictures: 3, state: 'COMPLETE' });
    expect(shown()).toEqual([
      {
        level: 'info',
        fields: { ...fields, missingPictures: 3 },
        message:
          'box lobby: 7 missed events were read back from it; 3 of their pictures could not be read',
      },
    ]);
  });

  it('has a warning that says why when it could not be, or not all of it', async () => {
    const { telemetry, metrics, shown } = setUp();
    const error = new BoxError('NOT_SUPPORTED', 'no such endpoint', { status: 404 });
    telemetry.backfill(LOBBY, { ...outage, state: 'INCOMPLETE', error });
    telemetry.backfill(LOBBY, { ...outage, state: 'INCOMPLETE' });
    const message = 'box lobby: not all missed events could be read back from it';
    expect(shown()).toEqual([
      {
        level: 'warn',
        fields: { ...fields, code: 'NOT_SUPPORTED', status: 404 },
        message: `${message}: no such endpoint`,
      },
      { level: 'warn', fields, message },
    ]);
    expect(await metrics.render()).toContain(
      'se5_backfills_total{box="lobby",result="incomplete"} 2',
    );
  });
});

describe('a device list that cannot be had', () => {
  const failed = new BoxError('TIMEOUT', 'no answer');

  it('is said once for each connection', () => {
    const { telemetry, pass, messages } = setUp();
    pass(CONNECTING, LIVE);
    telemetry.devicesFailed(LOBBY, failed);
    telemetry.devicesFailed(LOBBY, failed);
    vi.advanceTimersByTime(3_600_000);
    telemetry.devicesFailed(LOBBY, failed);
    expect(messages().filter((message) => message.includes('devices'))).toEqual([
      'box lobby: not all of its devices could be read: no answer',
      'box lobby: not all of its devices could be read: no answer',
    ]);
  });

  it('is no news of a box that is out of reach anyway', () => {
    const { telemetry, pass, messages } = setUp();
    telemetry.devicesFailed(LOBBY, failed);
    pass(CONNECTING, BACKING_OFF);
    telemetry.devicesFailed(LOBBY, failed);
    expect(messages()).toHaveLength(1);
  });
});
