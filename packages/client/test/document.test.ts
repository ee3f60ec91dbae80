import { describe, expect, test } from 'vitest';
import { resumeTraits, textOf } from '../src/document.ts';
import { ClientError } from '../src/errors.ts';

describe('whether a subscription can be resumed', () => {
  test('is read off its text', () => {
    expect(
      resumeTraits(
        'subscription ($after: String) { recognitionEvents(after: $after) { id cursor } }',
      ),
    ).toEqual({ followsJournal: true, takesAfter: true });
    expect(
      resumeTraits('subscription ($after: String) { alarms(after: $after) { id cursor } }'),
    ).toEqual({ followsJournal: true, takesAfter: true });
    expect(resumeTraits('subscription { boxStatus { id } }')).toEqual({
      followsJournal: false,
      takesAfter: false,
    });
  });

  test('needs a variable that is declared and handed on', () => {
    for (const text of [
      'subscription { recognitionEvents { id } }',
      'subscription ($after: String) { recognitionEvents { id } }',
      'subscription ($since: String) { recognitionEvents(after: $since) { id } }',
      'subscription { recognitionEvents(after: "$after: $after after: $after") { id } }',
      'subscription { recognitionEvents { id } } # ($after: String) (after: $after)',
      'subscription ($filter: RecognitionEventFilter = {groupNames: ["#"]}) { recognitionEvents { id } }',
    ]) {
      expect(resumeTraits(text)).toEqual({ followsJournal: true, takesAfter: false });
    }
  });

  test('survives white space, comments and strings that look like something else', () => {
    const text = `
      # a subscription { with "quotes }
      subscription Door($after :String, $filter: RecognitionEventFilter = { groupNames: ["# \\" "] }) {
        recognitionEvents(
          filter: $filter
          after : $after # from where
        ) { id cursor }
      }`;
    expect(resumeTraits(text)).toEqual({ followsJournal: true, takesAfter: true });
  });
});

test('a parsed document is refused with what to give instead', () => {
  const parsed = { kind: 'Document', definitions: [] };
  expect(() => textOf(parsed)).toThrow(ClientError);
  expect(() => textOf(parsed)).toThrow(/pass its text/);
});
