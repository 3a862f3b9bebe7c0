import type { ByteWindow } from "./byte-window";

/** MTF_DATE_TIME takes five bytes: 14 bits year, 4 month, 5 day, 5 hour, 6 minute, 6 second, big-endian. */
export const MTF_DATE_BYTES = 5;

/**
 * The local time of the server, `YYYY-MM-DDTHH:mm:ss`; null where the five bytes are zero (MTF's "unknown") or not a
 * date.
 */
export function readMtfDate(window: ByteWindow, at: number): string | null {
  const b0 = window.u8(at);
  const b1 = window.u8(at + 1);
  const b2 = window.u8(at + 2);
  const b3 = window.u8(at + 3);
  const b4 = window.u8(at + 4);
  const year = (b0 << 6) | (b1 >> 2);
  const month = ((b1 & 3) << 2) | (b2 >> 6);
  const day = (b2 >> 1) & 31;
  const hour = ((b2 & 1) << 4) | (b3 >> 4);
  const minute = ((b3 & 15) << 2) | (b4 >> 6);
  const second = b4 & 63;
  if (year === 0 || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return null;
  const two = (value: number) => String(value).padStart(2, "0");
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`;
}

/** The inverse of `readMtfDate`; null gives five zero bytes. */
export function encodeMtfDate(date: string | null): Uint8Array {
  const bytes = new Uint8Array(MTF_DATE_BYTES);
  const match = date?.match(/^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/);
  if (!match) return bytes;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  bytes[0] = year >> 6;
  bytes[1] = ((year & 63) << 2) | (month >> 2);
  bytes[2] = ((month & 3) << 6) | (day << 1) | (hour >> 4);
  bytes[3] = ((hour & 15) << 4) | (minute >> 2);
  bytes[4] = ((minute & 3) << 6) | second;
  return bytes;
}
