import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  type FetchImplementation,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose';
import { z } from 'zod';
import type { IssuerKeys } from '../config/access.ts';
import { WatchedFile } from './watched-file.ts';

/** For the keys to come, in ms. */
const TIMEOUT_MS = 5_000;

/** Between two questions for a key that is not among those that are known, in ms. */
const COOLDOWN_MS = 10_000;

/** After a question that failed until the next one, in ms. */
export const RETRY_MS = 5_000;

/** How long keys are used without being asked for again, in ms. */
const MAX_AGE_MS = 600_000;

/** Of all keys of one issuer. */
const MAX_BYTES = 1024 * 1024;

/** The keys can't be had now. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

export interface KeySource extends Disposable {
  /** Rejects with `KeysUnavailable`, or with an error of jose for a key that there is not. */
  readonly key: JWTVerifyGetKey;
}

export interface KeySourceOptions {
  /** Told why keys can't be had, each time that they are asked for in vain. */
  readonly failed: (error: unknown) => void;
  /** Of elapsed time, in ms. */
  readonly elapsed: () => number;
  /** As for a `WatchedFile`. */
  readonly pollMs?: number | undefined;
}

export async function openKeys(keys: IssuerKeys, options: KeySourceOptions): Promise<KeySource> {
  switch (keys.kind) {
    case 'secret':
      return secretKey(keys.secret);
    case 'file':
      return keysOfFile(keys.path, options);
    case 'address':
      return keysOfAddress(keys.address, options);
  }
}

const nothingToClose = { [Symbol.dispose]() {} };

function secretKey(secret: string): KeySource {
  const bytes = new TextEncoder().encode(secret);
  return { key: async () => bytes, ...nothingToClose };
}

/** The keys that were read last stay while the file holds none. */
async function keysOfFile(path: string, { failed, pollMs }: KeySourceOptions): Promise<KeySource> {
  let keys: JWTVerifyGetKey | undefined;
  const file = await WatchedFile.open(path, {
    maxBytes: MAX_BYTES,
    ...(pollMs !== undefined && { pollMs }),
    changed(content) {
      try {
        if (content.kind !== 'text') throw new KeysUnavailable(`the file is ${content.kind}`);
        keys = createLocalJWKSet(parseKeys(content.text));
      } catch (error) {
        failed(error);
      }
    },
  });
  return {
    key: async (...token) => {
      if (!keys) throw new KeysUnavailable();
      return keys(...token);
    },
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}

function keysOfAddress(address: string, { failed, elapsed }: KeySourceOptions): KeySource {
  let failedAt: number | undefined;
  /** Whoever sends tokens must not make us ask an issuer that is down again and again. */
  const patiently: FetchImplementation = async (url, options) => {
    if (failedAt !== undefined && elapsed() - failedAt < RETRY_MS) throw new KeysUnavailable();
    try {
      const answer = await boundedFetch(url, options);
      failedAt = undefined;
      return answer;
    } catch (error) {
      failedAt = elapsed();
      failed(error);
      throw new KeysUnavailable('the keys could not be asked for', { cause: error });
    }
  };
  const keys = createRemoteJWKSet(new URL(address), {
    timeoutDuration: TIMEOUT_MS,
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: MAX_AGE_MS,
    [customFetch]: patiently,
  });
  return { key: keys, ...nothingToClose };
}

const keysSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

/** @throws for what is no JSON Web Key Set (RFC 7517). */
const parseKeys = (text: string): JSONWebKeySet => keysSchema.parse(JSON.parse(text));

/** @throws for what is no answer of 200 with JSON, or one of more than 1 MiB. */
const boundedFetch: FetchImplementation = async (url, options) => {
  const response = await fetch(url, options);
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new KeysUnavailable(`answered with ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > MAX_BYTES) throw new KeysUnavailable(`answered with more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  createLocalJWKSet(parseKeys(text));
  return new Response(text);
};
