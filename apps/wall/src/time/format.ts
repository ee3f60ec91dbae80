const styles = {
  time: { timeStyle: 'medium', hourCycle: 'h23' },
  minute: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  day: { dateStyle: 'full' },
  full: { dateStyle: 'medium', timeStyle: 'long', hourCycle: 'h23' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(timeZone: string, style: keyof typeof styles): Intl.DateTimeFormat {
  const key = `${style}/${timeZone}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(undefined, { ...styles[style], timeZone });
  formats.set(key, made);
  return made;
}

/** `14:05:09` */
export const clockTime = (iso: string, zone: string): string =>
  format(zone, 'time').format(new Date(iso));

/** `14:05` */
export const clockMinute = (iso: string, zone: string): string =>
  format(zone, 'minute').format(new Date(iso));

/** `14:05`, or with its date when that is not the day of `now`. */
export function sinceTime(time: string | number, zone: string, now: number): string {
  const at = new Date(time);
  const minute = format(zone, 'minute').format(at);
  const day = format(zone, 'day');
  if (day.format(at) === day.format(now)) return minute;
  const date = new Intl.DateTimeFormat(undefined, {
    timeZone: zone,
    month: 'short',
    day: 'numeric',
  });
  return `${date.format(at)}, ${minute}`;
}

/** `Sunday, 29 November 2026` */
export const dayOf = (iso: string, zone: string): string =>
  format(zone, 'day').format(new Date(iso));

/** Date, time and zone in full. */
export const fullTime = (iso: string, zone: string): string =>
  format(zone, 'full').format(new Date(iso));

/** `now`, `12 s`, `5 min`, `3 h`, `2 d`. */
export function age(iso: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(iso)) / 1000));
  if (seconds < 5) return 'now';
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
