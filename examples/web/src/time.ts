// Times as people read them, on a campaign's clock, and as a datetime-local field has them.

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(locale: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, zone, options]);
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  formats.set(key, format);
  return format;
}

/** `Thu, 26 Nov 2026, 10:00`, on the zone's clock. */
export function showTime(instant: string, zone: string): string {
  return formatFor('en-GB', zone, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(instant));
}

/** `2026-11-26T10:00`: what the zone's clock shows at the instant (epoch milliseconds), as a datetime-local field takes it. */
export function localTime(instant: number, zone: string): string {
  return formatFor('sv-SE', zone, { dateStyle: 'short', timeStyle: 'short' })
    .format(instant)
    .replace(' ', 'T');
}

/** What a form begins with: tomorrow at ten. */
export function tomorrow(zone: string): string {
  return `${localTime(Date.now() + 86_400_000, zone).slice(0, 10)}T10:00`;
}

/** `GMT+5:30` */
export function offsetOf(zone: string): string {
  const parts = formatFor('en-GB', zone, { timeZoneName: 'shortOffset' }).formatToParts(new Date());
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
}
