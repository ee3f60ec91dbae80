/** A time as the gateway or the page has it: ISO 8601, or ms since the Unix epoch. */
export type Time = string | number;

/** Says times in the language and the time zone of the page. */
export interface Times {
  /** `14:05:09` */
  readonly clock: (time: Time) => string;
  /** `14:05` */
  readonly minute: (time: Time) => string;
  /** `14:05`, or with its date when that is not the day of `now`. */
  readonly since: (time: Time, now: number) => string;
  /** `Sunday, 29 November 2026` */
  readonly day: (time: Time) => string;
  /** Date, time and zone in full. */
  readonly full: (time: Time) => string;
  /** How long ago: `now`, `12 sec. ago`, `5 min. ago`, `3 hr. ago`, `2 days ago`. */
  readonly ago: (time: Time, now: number) => string;
  /** For how long: `now`, `12 sec`, `5 min`, `3 hr`, `2 days`. */
  readonly lasting: (time: Time, now: number) => string;
  /** `1.5 sec` of 1,500 ms. */
  readonly seconds: (ms: number) => string;
}

const styles = {
  clock: { timeStyle: 'medium', hourCycle: 'h23' },
  minute: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  dateMinute: {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  },
  day: { dateStyle: 'full' },
  full: { dateStyle: 'medium', timeStyle: 'long', hourCycle: 'h23' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/** Newer than this is `now`, in s. */
const newest = 5;

const units = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
  { unit: 'second', seconds: 1 },
] as const;

/** @param locale BCP 47. @param timeZone IANA name. */
export function timesIn(locale: string, timeZone: string): Times {
  const formats = new Map<keyof typeof styles, Intl.DateTimeFormat>();
  const format = (style: keyof typeof styles, time: Time): string => {
    let made = formats.get(style);
    if (!made) {
      made = new Intl.DateTimeFormat(locale, { ...styles[style], timeZone });
      formats.set(style, made);
    }
    return made.format(new Date(time));
  };
  const now = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(0, 'second');
  const relative = new Intl.RelativeTimeFormat(locale, { style: 'short' });
  const inUnit = (unit: string, count: number, digits = 0) =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }).format(count);
  return {
    clock: (time) => format('clock', time),
    minute: (time) => format('minute', time),
    since: (time, at) =>
      format(format('day', time) === format('day', at) ? 'minute' : 'dateMinute', time),
    day: (time) => format('day', time),
    full: (time) => format('full', time),
    ago(time, at) {
      const age = ageOf(time, at);
      return age ? relative.format(-age.count, age.unit) : now;
    },
    lasting(time, at) {
      const age = ageOf(time, at);
      return age ? inUnit(age.unit, age.count) : now;
    },
    seconds: (ms) => inUnit('second', ms / 1_000, 1),
  };
}

/** Undefined for now. */
function ageOf(time: Time, now: number) {
  const age = Math.max(0, Math.round((now - new Date(time).getTime()) / 1_000));
  const found = units.find(({ seconds }) => age >= seconds);
  if (age < newest || !found) return undefined;
  return { unit: found.unit, count: Math.floor(age / found.seconds) };
}
