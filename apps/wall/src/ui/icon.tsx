/** Strokes on a 20 × 20 grid. */
const paths = {
  ban: 'M10 2.5a7.500 7.500 0 1 0 0 15a7.500 7.500 0 0 0 0-15M4.700 4.700l10.600 10.600',
  question:
    'M7.200 7.300a2.800 2.800 0 1 1 4.300 2.400c-1 .600-1.500 1.200-1.500 2.300M10 15.200v.100',
  badge:
    'M4 5.500h12v11H4zM8 3.500h4v3.500H8zM7 13.500c.400-1.600 1.500-2.300 3-2.300s2.600.700 3 2.300M10 8.700v.600',
  star: 'M10 2.800l2.200 4.600 5 .700-3.600 3.500.900 5L10 14.200l-4.500 2.400.900-5L2.800 8.100l5-.700z',
  check: 'M4 10.500l4 4 8-9',
  dash: 'M5 10h10',
  pause: 'M7 4.500v11M13 4.500v11',
  play: 'M6.500 4.200l9 5.800-9 5.800z',
  sun: 'M10 6.500a3.500 3.500 0 1 0 0 7a3.500 3.500 0 0 0 0-7M10 2v1.500M10 16.500V18M2 10h1.500M16.500 10H18M4.300 4.300l1.100 1.100M14.600 14.600l1.100 1.100M4.300 15.700l1.100-1.100M14.600 5.400l1.100-1.100',
  moon: 'M16.500 12.200A7 7 0 0 1 7.800 3.500a7 7 0 1 0 8.700 8.700z',
  chevron: 'M5.500 8l4.500 4.500L14.500 8',
  close: 'M5 5l10 10M15 5L5 15',
  link: 'M3 10h14M6.500 6.500L3 10l3.500 3.500M13.500 6.500L17 10l-3.500 3.500',
  broken: 'M3 10h4M13 10h4M8.500 5.500l3 9',
  clock: 'M10 2.500a7.500 7.500 0 1 0 0 15a7.500 7.500 0 0 0 0-15M10 6v4.300l2.800 1.700',
  history: 'M4 4v4h4M4.300 8A6.500 6.500 0 1 1 3.500 11M10 6.500V10l2.500 1.500',
  gap: 'M3 6h5M12 6h5M3 10h3M14 10h3M3 14h5M12 14h5',
  back: 'M12.500 4.500L7 10l5.500 5.500',
  forward: 'M7.500 4.500L13 10l-5.500 5.500',
  leave: 'M8.500 3.500H4v13h4.500M8.500 10H17M13.500 6.500L17 10l-3.500 3.500',
  up: 'M10 16V4.500M5 9.500l5-5 5 5',
  eye: 'M2 10c1.500-3 4.500-5 8-5s6.500 2 8 5c-1.500 3-4.500 5-8 5s-6.500-2-8-5M10 7.500a2.500 2.500 0 1 0 0 5a2.500 2.500 0 0 0 0-5',
  hidden:
    'M3 3l14 14M5.500 6.200C4 7.100 2.800 8.400 2 10c1.500 3 4.500 5 8 5c1.300 0 2.500-.300 3.600-.700M8.500 5.100A9 9 0 0 1 10 5c3.500 0 6.500 2 8 5c-.500 1-1.100 1.800-1.900 2.500M8.300 8.200a2.500 2.500 0 0 0 3.500 3.500',
  rows: 'M3 5h14M3 8.300h14M3 11.700h14M3 15h14',
  sound:
    'M3.500 8v4h3l4 3.500v-11L6.500 8zM13.500 7.500c1.300 1.500 1.300 3.500 0 5M15.800 5.500c2.300 2.700 2.300 6.300 0 9',
  muted: 'M3.500 8v4h3l4 3.500v-11L6.500 8zM13.500 8l4 4M17.500 8l-4 4',
  filter: 'M3 5h14M5.500 10h9M8.500 15h3',
  globe:
    'M10 2.500a7.500 7.500 0 1 0 0 15a7.500 7.500 0 0 0 0-15M2.500 10h15M10 2.500c2.200 2 3.200 4.500 3.200 7.500s-1 5.500-3.200 7.500c-2.200-2-3.200-4.500-3.200-7.500s1-5.500 3.200-7.500',
} as const;

/** Mirrored where lines begin on the right: they point on, back or out, or are a letter of text. */
const pointing: ReadonlySet<string> = new Set<keyof typeof paths>([
  'back',
  'forward',
  'leave',
  'muted',
  'question',
  'sound',
]);

export type IconName = keyof typeof paths;

/** Decoration beside a word, never instead of one: hidden from assistive technology. */
export function Icon({ name, className = 'size-4' }: { name: IconName; className?: string }) {
  return (
    <svg
      viewBox="0 0 20 20"
      className={`shrink-0 ${pointing.has(name) ? 'rtl:-scale-x-100' : ''} ${className}`}
      aria-hidden="true"
    >
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
