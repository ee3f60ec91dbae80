import { describe, expect, it } from 'vitest';
import { decodePicture, pictureFromBase64 } from '../../src/protocol/picture.ts';
import { jpeg, png, webp } from './messages.ts';

describe('a picture', () => {
  it.each([
    ['image/jpeg', jpeg],
    ['image/png', png],
    ['image/webp', webp],
    ['image/gif', Buffer.from('GIF89a').toString('base64')],
    ['image/bmp', Buffer.from('BM12').toString('base64')],
    [
      'application/octet-stream',
      Buffer.from('RIFF\x24\0\0\0WAVEfmt ', 'latin1').toString('base64'),
    ],
    ['application/octet-stream', 'AA=='],
  ])('is %s by its first bytes', (contentType, base64) => {
    expect(pictureFromBase64(base64)?.contentType).toBe(contentType);
  });

  it.each([1, 2, 3, 4, 60_000])(
    'of %i bytes decodes to them, and says how many they are',
    (size) => {
      const bytes = Buffer.alloc(size, 'picture');
      const picture = pictureFromBase64(bytes.toString('base64'));
      expect(picture?.byteLength).toBe(size);
      expect(picture && decodePicture(picture)).toEqual(bytes);
    },
  );

  it('goes by what it is, not by what its data-URI says', () => {
    expect(pictureFromBase64(`data:image/jpeg;base64,${png}`)).toEqual(pictureFromBase64(png));
  });

  it('is none when there is no base64', () => {
    expect(pictureFromBase64('')).toBeUndefined();
    expect(pictureFromBase64('no picture')).toBeUndefined();
  });
});
