/**
 * Parses `yyyy-MM-ddTHH:mm:ssZ` into milliseconds; NaN for any other text and for days that do not exist. `Date.parse`
 * alone reads February 30 as March 2.
 */
export function parseIsoTime(text: string): number {
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text.slice(0, -1)) ? ms : Number.NaN;
}

/** Parses `yyyyMMddTHHmmssZ`, the form of `x-oss-date`, as `parseIsoTime` does. */
export function parseCompactTime(text: string): number {
  return parseIsoTime(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}

/** Parses an HTTP date such as `Sun, 29 Nov 2026 08:41:45 GMT`; NaN for other texts and for days that do not exist. */
export function parseHttpDate(text: string): number {
  const ms = Date.parse(text);
  const [, day] = /^[A-Za-z]+, (\d{1,2})[ -][A-Za-z]{3}[ -]\d{2,4} \d\d:\d\d:\d\d GMT$/.exec(text) ?? [];
  return new Date(ms).getUTCDate() === Number(day) ? ms : Number.NaN;
}
