import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const icon = fileURLToPath(new URL('public/icon.svg', import.meta.url));

/** A badge over the lower half, as large as fits: a tab shows the icon in 16 pixels. */
const badge = (text: string) =>
  `<rect x="8" y="12" width="24" height="20" rx="6" fill="#b91c1c"/><text x="20" y="27.500" text-anchor="middle" font-family="sans-serif" font-size="16" font-weight="700" fill="#fff">${text}</text>`;

/**
 * Makes `icon-1.svg` to `icon-9.svg` and `icon-more.svg` of the page's icon. They are files, since
 * the page's policy allows no icon that is drawn in the page.
 */
export const badgedIcons = (): Plugin => ({
  name: 'badged-icons',
  generateBundle() {
    const plain = readFileSync(icon, 'utf8');
    const counts = Array.from({ length: 9 }, (_, index) => `${index + 1}`);
    for (const count of [...counts, 'more']) {
      this.emitFile({
        type: 'asset',
        fileName: `icon-${count}.svg`,
        source: plain.replace('</svg>', `${badge(count === 'more' ? '9+' : count)}</svg>`),
      });
    }
  },
});
