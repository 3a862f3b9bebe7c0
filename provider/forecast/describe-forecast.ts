import { counted } from "../errors/message-text";
import { formatBytes, formatDuration, formatRate } from "../model/quantities";
import type { Forecast } from "./forecast";
import type { ForecastDatabase } from "./forecast-database";
import type { Rates } from "./learn-rates";
import type { Range } from "./range";
import type { StageModel } from "./stage-model";

/** `200 databases, 2.8 TiB: 11 to 16 h; the longest is ERP, 4 h`. */
export function describeForecast({ fleet, databases }: Forecast, sizes: readonly ForecastDatabase[]): string {
  const bytes = sizes.reduce((sum, { backupBytes }) => sum + backupBytes, 0);
  const whole = `${counted(sizes.length, "database")}, ${formatBytes(bytes)}: ${formatRange(fleet)}`;
  const [first, ...others] = databases;
  if (first === undefined || others.length === 0) return whole;
  const longest = others.reduce((one, other) => (other.alone > one.alone ? other : one), first);
  return `${whole}; the longest is ${longest.database}, ${formatAbout(longest.alone)}`;
}

/** What the rates come from, one part for each: `restores of 61.0 MB/s and 40s each, from 12`. */
export function describeRates({ upload, restore, restoresAtOnce, queueSeconds, check }: Rates): string[] {
  const basis = (samples: number, what: string): string =>
    samples === 0 ? "assumed" : `from ${counted(samples, what)}`;
  const { least, likely, most, samples } = restoresAtOnce;
  const atOnce = least === most ? counted(likely, "restore") : `${least} to ${counted(most, "restore")}`;
  return [
    `upload ${formatRate(upload.bytesPerSecond)} for each machine, ${upload.basis ?? basis(upload.samples, "upload")}`,
    `restore ${rateText(restore)}, ${basis(restore.samples, "restore")}`,
    `${atOnce} at once, ${basis(samples, "restore")}`,
    `queue ${formatDuration(queueSeconds)}`,
    `check ${rateText(check)}, ${basis(check.samples, "check")}`,
  ];
}

const rateText = ({ best: { secondsPerByte, overheadSeconds } }: StageModel): string =>
  `${formatRate(1 / secondsPerByte)}${overheadSeconds < 1 ? "" : ` and ${formatDuration(overheadSeconds)} each`}`;

const HOUR = 3600;
/** From here on a range is in hours. */
const LONG = 2 * HOUR;

/** `11 to 16 h`, `25 to 40 min`: a forecast is not known to the second. */
export function formatRange({ low, high }: Range): string {
  const [unit, text] = high >= LONG ? [HOUR, "h"] : [60, "min"];
  const from = rounded(low / unit, Math.floor);
  const to = rounded(high / unit, Math.ceil);
  return from === to ? `${to} ${text}` : `${from} to ${to} ${text}`;
}

/** `4 h`, `25 min`. */
export const formatAbout = (seconds: number): string =>
  seconds >= LONG ? `${rounded(seconds / HOUR, Math.round)} h` : `${Math.max(1, Math.round(seconds / 60))} min`;

/** Below ten in halves. */
const rounded = (value: number, round: (value: number) => number): number =>
  value < 10 ? round(value * 2) / 2 : round(value);
