import { parseIsoTime } from "../calendar-time";
import { RpcFault } from "../world";

/** Formats a time for replies, `2017-05-30T12:11:04Z`; empty for null. */
export const wireTime = (ms: number | null): string =>
  ms === null ? "" : `${new Date(ms).toISOString().slice(0, "2017-05-30T12:11:04".length)}Z`;

/**
 * Parses a time in the format of DescribeMigrateTasks: `yyyy-MM-ddTHH:mmZ`, UTC, without seconds.
 *
 * @throws RpcFault 400 `Invalid<Name>.Malformed`
 */
export function parseMinute(name: string, text: string): number {
  const ms = /^.{16}Z$/.test(text) ? parseIsoTime(text.replace("Z", ":00Z")) : Number.NaN;
  if (Number.isNaN(ms)) {
    throw new RpcFault(400, `Invalid${name}.Malformed`, `The specified parameter "${name}" is not yyyy-MM-ddTHH:mmZ.`);
  }
  return ms;
}
