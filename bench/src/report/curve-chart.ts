import { formatNumber } from './format.ts';

/** One line of a chart, its points by rising x. */
export interface Curve {
  readonly label: string;
  readonly colour: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Chart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly curves: readonly Curve[];
}

const WIDTH = 460;
const HEIGHT = 320;
const MARGIN = { left: 68, right: 84, top: 34, bottom: 44 };
const FONT = 'font-family="system-ui, sans-serif" font-size="12"';
const TEXT = '#333333';
const GRID = '#dddddd';

/** Between the base lines of two labels, in pixels. */
const LABEL_DISTANCE = 14;

/** Charts side by side, both axes logarithmic, as one SVG document that needs nothing else. */
export function drawCharts(charts: readonly Chart[]): string {
  const width = WIDTH * charts.length;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" height="${HEIGHT}" ${FONT}>`,
    `<title>${escaped(charts.map(({ title }) => title).join('; '))}</title>`,
    `<rect width="${width}" height="${HEIGHT}" fill="#ffffff"/>`,
    ...charts.map(
      (chart, index) => `<g transform="translate(${index * WIDTH} 0)">\n${drawChart(chart)}\n</g>`,
    ),
    '</svg>',
    '',
  ].join('\n');
}

function drawChart({ title, xLabel, yLabel, curves }: Chart): string {
  const points = curves.flatMap((curve) => curve.points);
  const x = logScale(
    points.map((point) => point.x),
    MARGIN.left,
    WIDTH - MARGIN.right,
  );
  const y = logScale(
    points.map((point) => point.y),
    HEIGHT - MARGIN.bottom,
    MARGIN.top,
  );
  const [left, right] = [MARGIN.left, WIDTH - MARGIN.right];
  const [top, bottom] = [MARGIN.top, HEIGHT - MARGIN.bottom];
  return [
    text(title, left, 18, 'font-weight="600"'),
    ...x.ticks.map((tick) => line(x.at(tick), top, x.at(tick), bottom)),
    ...x.ticks.map((tick) =>
      text(formatNumber(tick), x.at(tick), bottom + 16, 'text-anchor="middle"'),
    ),
    ...y.ticks.map((tick) => line(left, y.at(tick), right, y.at(tick))),
    ...y.ticks.map((tick) =>
      text(formatNumber(tick), left - 6, y.at(tick) + 4, 'text-anchor="end"'),
    ),
    text(xLabel, (left + right) / 2, bottom + 34, 'text-anchor="middle"'),
    text(yLabel, 14, (top + bottom) / 2, `text-anchor="middle" ${upright(14, (top + bottom) / 2)}`),
    ...curves.map((curve) => drawCurve(curve, x.at, y.at)),
    ...labels(curves, y.at).map(({ label, colour, at }) =>
      text(label, right + 8, at + 4, `style="fill: ${colour}"`),
    ),
  ].join('\n');
}

/** At the end of each curve, and further down where they would cover each other. */
function labels(curves: readonly Curve[], y: (value: number) => number) {
  let lowest = Number.NEGATIVE_INFINITY;
  return curves
    .flatMap(({ label, colour, points }) => {
      const last = points.at(-1);
      return last ? [{ label, colour, at: y(last.y) }] : [];
    })
    .toSorted((a, b) => a.at - b.at)
    .map((place) => {
      lowest = Math.max(place.at, lowest + LABEL_DISTANCE);
      return { ...place, at: lowest };
    });
}

function drawCurve(
  { colour, points }: Curve,
  x: (value: number) => number,
  y: (value: number) => number,
): string {
  const places = points.map((point) => ({ x: round(x(point.x)), y: round(y(point.y)) }));
  return [
    `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${places
      .map((place) => `${place.x},${place.y}`)
      .join(' ')}"/>`,
    ...places.map((place) => `<circle cx="${place.x}" cy="${place.y}" r="3" fill="${colour}"/>`),
  ].join('\n');
}

/** Powers of ten that hold all values, from `start` to `end` in pixels. */
function logScale(values: readonly number[], start: number, end: number) {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  return {
    at: (value: number) =>
      round(start + ((Math.log10(value) - low) / (high - low)) * (end - start)),
    ticks: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)),
  };
}

const round = (value: number): number => Math.round(value * 10) / 10;

const line = (x1: number, y1: number, x2: number, y2: number): string =>
  `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${GRID}"/>`;

const text = (content: string, x: number, y: number, attributes = ''): string =>
  `<text x="${x}" y="${y}" fill="${TEXT}" ${attributes}>${escaped(content)}</text>`;

const escaped = (content: string): string =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const upright = (x: number, y: number): string => `transform="rotate(-90 ${x} ${y})"`;
