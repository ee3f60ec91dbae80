import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { machineSchema } from '../machine.ts';
import { measurementSchema } from './measurement.ts';

/** The last full run. */
export const LATEST = new URL('../../results/latest.json', import.meta.url);

const resultsSchema = z.object({
  recordedAt: z.iso.datetime(),
  machine: machineSchema,
  rounds: z.int(),
  measurements: z.array(measurementSchema),
});

export type Results = z.infer<typeof resultsSchema>;

/** @throws {z.ZodError} when the file is not what `writeLatest` writes. */
export const readLatest = (): Results =>
  resultsSchema.parse(JSON.parse(readFileSync(LATEST, 'utf8')));

export const writeLatest = (results: Results): void =>
  writeFileSync(LATEST, `${JSON.stringify(results, rounded, 2)}\n`);

const DIGITS = 5;

/** More digits than that are noise. */
const rounded = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value;
