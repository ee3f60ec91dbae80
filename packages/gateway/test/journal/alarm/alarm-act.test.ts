import { describe, expect, it } from 'vitest';
import { type Alarm, newAlarmId, openAlarm } from '../../../src/journal/alarm/alarm.ts';
import { type AlarmAct, judgeAct, MAX_ALARM_NOTES } from '../../../src/journal/alarm/alarm-act.ts';
import type { Position } from '../../../src/journal/journal.ts';
import { ruleMatch } from '../../support/alarms.ts';
import { recognition } from '../../support/recognitions.ts';

const id = newAlarmId();
const opened = openAlarm(id, ruleMatch(), recognition(), 1 as Position);

const act = (action: AlarmAct['action'], given: Partial<AlarmAct> = {}): AlarmAct => ({
  ...{ alarm: id, action, key: 'a', by: 'desk', at: 5 },
  ...given,
});

let position = 1;
const judge = (alarm: Alarm | undefined, given: AlarmAct) => {
  position += 1;
  return judgeAct(alarm, given, position as Position);
};

function after(alarm: Alarm, ...acts: readonly AlarmAct[]): Alarm {
  return acts.reduce((current, given) => {
    const judgement = judge(current, given);
    if (judgement.verdict !== 'applied') throw new Error(judgement.verdict);
    return judgement.alarm;
  }, alarm);
}

describe('an act on an alarm', () => {
  it('is refused where there is no alarm', () => {
    expect(judge(undefined, act('NOTE'))).toEqual({ verdict: 'refused', code: 'ALARM_NOT_FOUND' });
  });

  it('acknowledges it with a note, and assigns it', () => {
    const alarm = after(opened, act('ACKNOWLEDGE', { assignee: 'gate', text: 'on my way' }));
    expect(alarm).toMatchObject({
      ...{ state: 'ACKNOWLEDGED', assignee: 'gate', changed: position },
      acknowledged: { by: 'desk', at: 5 },
      notes: [{ by: 'desk', text: 'on my way' }],
    });
  });

  it('is the first that acknowledges or closes; who comes later is told of it', () => {
    const acknowledged = after(opened, act('ACKNOWLEDGE'));
    const later = { by: 'gate', key: 'b' };
    expect(judge(acknowledged, act('ACKNOWLEDGE', later))).toMatchObject({
      code: 'ALARM_ACKNOWLEDGED',
    });
    const closed = after(acknowledged, act('CLOSE'));
    for (const action of ['ACKNOWLEDGE', 'CLOSE'] as const) {
      expect(judge(closed, act(action, later))).toMatchObject({ code: 'ALARM_CLOSED' });
    }
    expect(after(closed, act('NOTE', later)).notes).toHaveLength(1);
  });

  it('is applied once under its key, whatever has happened since', () => {
    const acknowledged = after(opened, act('ACKNOWLEDGE'));
    const at = position;
    const noted = after(acknowledged, act('NOTE', { text: 'tall' }));
    const notedAt = position;
    const closed = after(noted, act('CLOSE'));
    expect(judge(closed, act('ACKNOWLEDGE'))).toEqual({ verdict: 'repeated', position: at });
    expect(judge(closed, act('NOTE'))).toEqual({ verdict: 'repeated', position: notedAt });
    expect(judge(closed, act('ACKNOWLEDGE', { by: 'gate' }))).toMatchObject({
      verdict: 'refused',
    });
  });

  it('finds room for notes up to the limit, and always for that of closing', () => {
    const notes = Array.from({ length: MAX_ALARM_NOTES }, (_, index) =>
      act('NOTE', { key: `note ${index}`, text: 'still here' }),
    );
    const full = after(opened, act('ACKNOWLEDGE', { text: 'seen' }), ...notes);
    expect(judge(full, act('NOTE', { key: 'one more' }))).toMatchObject({ code: 'ALARM_FULL' });
    expect(after(full, act('CLOSE', { text: 'gone' })).notes).toHaveLength(MAX_ALARM_NOTES + 2);
  });
});
