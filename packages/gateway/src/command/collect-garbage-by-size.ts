import { setFlagsFromString } from 'node:v8';

/**
 * Lets V8 collect garbage by how much the memory has grown, buffers included. Without it, V8
 * looks through all objects after each 64 MiB of buffers that came, which messages with pictures
 * are in a second: measured, it then takes half of all CPU time. Newer versions of V8 do so by
 * themselves; one that does not know the flag says so, and goes on.
 */
export const collectGarbageBySize = (): void =>
  setFlagsFromString('--external-memory-accounted-in-global-limit');
