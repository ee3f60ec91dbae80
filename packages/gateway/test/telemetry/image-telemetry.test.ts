import { expect, it } from 'vitest';
import { ImageStoreError } from '../../src/images/image-store-error.ts';
import { watchedTelemetry } from '../support/telemetry.ts';

const full = new ImageStoreError(
  'FULL',
  "the pictures' folder images can’t grow: the disk is full",
);

it('a folder that can’t be written is one line and a figure until it works, and no reason to be unready', async () => {
  const { images, lines, metrics, health } = watchedTelemetry();
  for (let attempt = 0; attempt < 3; attempt += 1) images.unavailable(full);
  expect(lines).toMatchObject([
    { level: 'error', fields: { code: 'FULL' }, message: expect.stringContaining(full.message) },
  ]);
  expect(await metrics.render()).toMatch(/^se5_images_up 0$/m);
  expect(health.readiness().ready).toBe(true);
  images.available();
  expect(lines.at(-1)).toMatchObject({ level: 'info' });
  expect(await metrics.render()).toMatch(/^se5_images_up 1$/m);
});

it('pictures that stay too long are a line in a while', () => {
  const { images, lines } = watchedTelemetry();
  for (let attempt = 0; attempt < 3; attempt += 1) images.cleaningFailed?.(full);
  expect(lines).toMatchObject([
    {
      level: 'error',
      fields: { code: 'FULL' },
      message: expect.stringContaining('could not be deleted'),
    },
  ]);
});

it('lost pictures are counted, and a line in a while says so', async () => {
  const { images, lines, metrics } = watchedTelemetry({
    images: () => ({ pictures: 7, bytes: 4_200, lost: 3 }),
  });
  for (let picture = 0; picture < 3; picture += 1) images.lost();
  expect(lines).toMatchObject([{ level: 'warn' }]);
  expect(await metrics.render()).toMatch(/^se5_images_lost_total 3$/m);
});
