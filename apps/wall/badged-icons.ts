import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const icon = fileURLToPath(new URL('public/icon.svg', import.meta.url));

/** A badge over the lower half, as large as fits: a tab shows the icon in 16 pixels. */
const badge = (text: string) =>
  `<rect x="8" y="12" width="24" height="20" rx="6" fill="#b91c1c"/><text x="20" y="27.500" text-anchor="middle" font-family="sans-serif" font-size="16" font-weight="700" fill="#fff">${text}</text>`;

/** By the name of the file: its text. */
function drawIcons(): ReadonlyMap<string, string> {
  const plain = readFileSync(icon, 'utf8');
  const counts = Array.from({ length: 9 }, (_, index) => `${index + 1}`);
  return new Map(
    [...counts, 'more'].map((count) => [
      `icon-${count}.svg`,
      plain.replace('</svg>', `${badge(count === 'more' ? '9+' : count)}</svg>`),
    ]),
  );
}

/**
 * Makes `icon-1.svg` to `icon-9.svg` and `icon-more.svg` of the page's icon, for the built page and
 * for Vite's own server. They are files, since the page's policy allows no icon that is drawn in
 * the page.
 */
export const badgedIcons = (): Plugin => ({
  name: 'badged-icons',
  configureServer({ middlewares }) {
    const icons = drawIcons();
    middlewares.use((request, response, next) => {
      const drawn = icons.get(request.url?.slice(1) ?? '');
      if (drawn === undefined) next();
      else response.setHeader('Content-Type', 'image/svg+xml').end(drawn);
    });
  },
  generateBundle() {
    for (const [fileName, source] of drawIcons()) {
      this.emitFile({ type: 'asset', fileName, source });
    }
  },
});
