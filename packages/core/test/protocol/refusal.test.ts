import { describe, expect, it } from 'vitest';
import { refusalIn } from '../../src/protocol/refusal.ts';

describe("a box's error envelope", () => {
  it('is BOX_REFUSED with the code of the box and the HTTP status', () => {
    const envelope = { error: { code: 40003, message: 'image error', status: 'PARAM_ERROR' } };
    const refusal = refusalIn(envelope, 400);
    expect(refusal?.code).toBe('BOX_REFUSED');
    expect(refusal?.detail).toEqual({ boxCode: '40003', status: 400 });
    expect(refusal?.message).toBe('The box refused: error 40003 (PARAM_ERROR), HTTP 400');
  });

  it('may have a symbol as its code, or none', () => {
    expect(refusalIn({ error: { code: 'INVALID_ARGUMENTS' } }, 200)?.detail).toEqual({
      boxCode: 'INVALID_ARGUMENTS',
      status: 200,
    });
    expect(refusalIn({ error: {} }, 500)).toMatchObject({
      message: 'The box refused: error without a code, HTTP 500',
      detail: { status: 500 },
    });
  });

  it('is never quoted beyond its code and its status', () => {
    const text = 'rtsp://operator:hunter2@10.0.0.7';
    const refusal = refusalIn({ error: { code: text, message: text, status: text } }, 400);
    expect(refusal?.code).toBe('BOX_REFUSED');
    expect(JSON.stringify([refusal?.message, refusal?.detail])).not.toContain('hunter2');
  });

  it.each([
    [{ data: {} }],
    [{ data: {}, error: null }],
    [{ error: 'no' }],
    [[]],
    [null],
    ['error'],
  ])('is not %j', (answer) => {
    expect(refusalIn(answer, 200)).toBeUndefined();
  });
});
