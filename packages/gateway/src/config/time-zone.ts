export const TIME_ZONE_FORM = 'an IANA time zone, such as Asia/Shanghai';

/** Whether it names a zone. An offset (`+08:00`) names none, though some platforms take it for one. */
export function isTimeZone(text: string): boolean {
  if (!/^[a-z]/i.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
