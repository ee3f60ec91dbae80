import { pathToFileURL } from 'node:url';
import compile from 'icu-minify/compile';
import type { Plugin } from 'vite';
import { z } from 'zod';

const moduleSchema = z.object({ messages: z.record(z.string(), z.record(z.string(), z.string())) });

/** Parses the messages when the page is built, so that it brings no parser of them along. */
export const compiledMessages = (): Plugin => ({
  name: 'compiled-messages',
  config: () => ({
    resolve: {
      alias: { 'use-intl/format-message': 'use-intl/format-message/format-only' },
    },
  }),
  transform: {
    filter: { id: /\/language\/messages\/[\w-]+\.ts$/ },
    async handler(_code, id) {
      const { messages } = moduleSchema.parse(await import(pathToFileURL(id).href));
      const compiled = mapped(messages, (room) => mapped(room, (text) => compile(text)));
      return { code: `export const messages = ${JSON.stringify(compiled)};`, map: null };
    },
  },
});

const mapped = <A, B>(record: Readonly<Record<string, A>>, of: (value: A) => B) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, of(value)]));
