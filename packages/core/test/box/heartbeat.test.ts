import { describe, expect, it } from 'vitest';
import { Heartbeat, LOST_POLLS_THAT_END_A_LINK } from '../../src/box/heartbeat.ts';

/** All but the last of the polls that it takes. */
const losePolls = (heartbeat: Heartbeat, bytesRead: number) => {
  for (let poll = 1; poll < LOST_POLLS_THAT_END_A_LINK; poll += 1) {
    expect(heartbeat.pollLost(bytesRead)).toBe('wait');
  }
};

describe('Heartbeat', () => {
  it('goes on pinging a box that never answered a ping', () => {
    const heartbeat = new Heartbeat();
    for (let ping = 0; ping < 100; ping += 1) expect(heartbeat.pingDue(129)).toBe('ping');
  });

  it('gives up a box that has answered pings and then says nothing from one to the next', () => {
    const heartbeat = new Heartbeat();
    heartbeat.pingDue(129);
    heartbeat.pong();
    expect(heartbeat.pingDue(131)).toBe('ping');
    expect(heartbeat.pingDue(131)).toBe('lost');
  });

  it('takes a part of a message for a sign of life where a pong is late', () => {
    const heartbeat = new Heartbeat();
    heartbeat.pingDue(129);
    heartbeat.pong();
    for (let read = 131; read < 10_000; read += 1_000) {
      expect(heartbeat.pingDue(read)).toBe('ping');
    }
  });

  it('gives up a quiet box without pongs when several polls in a row found nobody', () => {
    const heartbeat = new Heartbeat();
    losePolls(heartbeat, 129);
    expect(heartbeat.pollLost(129)).toBe('lost');
  });

  it('begins to count the polls anew when something was read between them', () => {
    const heartbeat = new Heartbeat();
    losePolls(heartbeat, 129);
    losePolls(heartbeat, 130);
    expect(heartbeat.pollLost(130)).toBe('lost');
  });

  it('begins to count the polls anew when one was answered between them', () => {
    const heartbeat = new Heartbeat();
    losePolls(heartbeat, 129);
    heartbeat.pollAnswered();
    losePolls(heartbeat, 129);
    expect(heartbeat.pollLost(129)).toBe('lost');
  });

  it('does not judge a box that answers pings by its HTTP side', () => {
    const heartbeat = new Heartbeat();
    heartbeat.pong();
    losePolls(heartbeat, 129);
    expect(heartbeat.pollLost(129)).toBe('wait');
  });
});
