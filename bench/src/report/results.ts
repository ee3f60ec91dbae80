import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { machineSchema } from './machine.ts';
import { measurementSchema } from './measurement.ts';

export const resultsSchema = z.object({
  /** The command that repeats it. */
  command: z.string(),
  recordedAt: z.iso.datetime(),
  machine: machineSchema,
  /** By name, as they were installed. */
  versions: z.record(z.string(), z.string()),
  rounds: z.int(),
  measurements: z.array(measurementSchema),
  /** By figure, why it could not be measured. */
  failures: z.record(z.string(), z.string()),
});

export type Results = z.infer<typeof resultsSchema>;

/** @throws {z.ZodError} when the file is not what `writeResults` writes. */
export const readResults = (path: URL): Results =>
  resultsSchema.parse(JSON.parse(readFileSync(path, 'utf8')));

export const writeResults = (path: URL, results: Results): void =>
  writeFileSync(path, `${JSON.stringify(results, rounded, 2)}\n`);

const DIGITS = 5;

/** More digits than that are noise. */
const rounded = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value;
