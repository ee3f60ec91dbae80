const formats = new Map<string, Intl.DateTimeFormat>();

function format(timeZone: string | null | undefined, style: 'time' | 'full'): Intl.DateTimeFormat {
  const key = `${style}/${timeZone ?? ''}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(undefined, {
    ...(timeZone ? { timeZone } : {}),
    ...(style === 'full' ? { dateStyle: 'medium', timeStyle: 'long' } : { timeStyle: 'medium' }),
    hourCycle: 'h23',
  });
  formats.set(key, made);
  return made;
}

/** `14:05:09` in the site's time zone, or the reader's where the site names none. */
export const clockTime = (iso: string, timeZone?: string | null): string =>
  format(timeZone, 'time').format(new Date(iso));

/** Date, time and zone in full. */
export const fullTime = (iso: string, timeZone?: string | null): string =>
  format(timeZone, 'full').format(new Date(iso));

/** `now`, `12 s`, `5 min`, `3 h`, `2 d`. */
export function age(iso: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(iso)) / 1000));
  if (seconds < 5) return 'now';
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
