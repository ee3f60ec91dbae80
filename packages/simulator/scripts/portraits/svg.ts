/** Attributes to markup; what is undefined is left out. */
type Attributes = Readonly<Record<string, string | number | undefined>>;

const round = (value: string | number): string | number =>
  typeof value === 'number' ? Math.round(value * 100) / 100 : value;

/** One SVG element; names in camelCase become `kebab-case`. */
export const el = (
  name: string,
  attributes: Attributes,
  ...children: readonly string[]
): string => {
  const text = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => {
      const attribute = SVG_CAMEL.has(key)
        ? key
        : key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
      return ` ${attribute}="${round(value ?? '')}"`;
    })
    .join('');
  return children.length === 0
    ? `<${name}${text}/>`
    : `<${name}${text}>${children.join('')}</${name}>`;
};

// SVG spells these with capitals.
const SVG_CAMEL: ReadonlySet<string> = new Set([
  'viewBox',
  'gradientUnits',
  'gradientTransform',
  'clipPathUnits',
  'baseFrequency',
  'numOctaves',
  'stdDeviation',
  'stitchTiles',
]);

export const path = (d: string, fill: string, more: Attributes = {}): string =>
  el('path', { d: d.replace(/\s+/g, ' ').trim(), fill, ...more });

export const line = (d: string, stroke: string, width: number, more: Attributes = {}): string =>
  el('path', {
    d,
    fill: 'none',
    stroke,
    strokeWidth: width,
    strokeLinecap: 'round',
    strokeLinejoin: 'round',
    ...more,
  });

export const oval = (
  cx: number,
  cy: number,
  rx: number,
  ry: number,
  fill: string,
  more: Attributes = {},
): string => el('ellipse', { cx, cy, rx, ry, fill, ...more });

export const box = (
  x: number,
  y: number,
  width: number,
  height: number,
  fill: string,
  more: Attributes = {},
): string => el('rect', { x, y, width, height, fill, ...more });

export const group = (transform: string, ...children: readonly string[]): string =>
  el('g', { transform }, ...children);
