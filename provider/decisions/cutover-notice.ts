import { counted } from "../errors/message-text";
import { type ChainEnd, type ChainStart, type Increment, nameOfFile } from "../model/increment";
import { formatBytes, formatDuration } from "../model/quantities";

/** The vendor's advice for the size of the last log, which keeps the source closed for minutes only. */
export const ADVISED_LAST_LOG_BYTES = 500 * 2 ** 20;

/** Size and duration of one applied file. */
export interface MeasuredRound {
  sizeBytes: number;
  seconds: number;
}

export interface CutoverNoticeInput {
  databaseName: string;
  /** Increments that are applied before the database is opened. */
  pending: readonly Increment[];
  listed: readonly Increment[];
  end: ChainEnd | undefined;
  start: ChainStart;
  rounds: readonly MeasuredRound[];
}

/** Lines that the preview of a cutover prints. */
export function describeCutover(input: CutoverNoticeInput): string[] {
  const { databaseName: database, pending, end, start, listed } = input;
  const last = listed.find(({ file }) => nameOfFile(file) === end?.file);
  const flags = last ?? start;
  return [
    `${cutoverHeadline(database, pending)}: an open database takes no more logs, and ` +
      "RDS backs it up for the first time only in its next backup window.",
    `Before it: stop every application that writes to ${database}, and take the last log WITH NORECOVERY, which closes the ` +
      `source. Roll back, as long as nobody has written to the copy: RESTORE DATABASE [${database}] WITH RECOVERY on the source.`,
    ...lastLogAdvice(last),
    ...(flags.readOnly === true
      ? [
          `${database} was READ_ONLY when the last backup was taken, so the copy is read-only (ALTER DATABASE … SET READ_WRITE).`,
        ]
      : []),
    ...(flags.singleUser === true
      ? [
          `${database} was in SINGLE_USER when the last backup was taken, and so is the copy (ALTER DATABASE … SET MULTI_USER).`,
        ]
      : []),
    expectedTime(input),
  ];
}

/** How the preview of a cutover begins. @param pending increments that are applied before the database is opened */
export function cutoverHeadline(database: string, pending: readonly Pick<Increment, "file">[]): string {
  const first = pending.length === 0 ? "" : `applies ${pending.map(({ file }) => nameOfFile(file)).join(", ")} and `;
  return `CUTOVER of ${database}: this up ${first}opens the database. POINT OF NO RETURN`;
}

/** How the preview of a group's cutover begins. */
export const groupCutoverHeadline = (databases: readonly string[]): string =>
  `CUTOVER of ${databases.join(", ")}: POINT OF NO RETURN.`;

/** The line of a row when a differential or log backup is applied. */
export const appliedLine = (file: string, seconds: number): string => `applied ${file} in ${formatDuration(seconds)}`;

function lastLogAdvice(last: Increment | undefined): string[] {
  if (last === undefined || last.type !== "LOG" || last.sizeBytes <= ADVISED_LAST_LOG_BYTES) return [];
  return [
    `The last log ${nameOfFile(last.file)} has ${formatBytes(last.sizeBytes)}; the vendor advises at most 500 MB, because the source is ` +
      "closed while it is applied. Take a log or differential before it to make it smaller.",
  ];
}

/** Estimate: each file takes the mean time of the earlier ones, or more in proportion to its size if it is larger. */
function expectedTime({ pending, rounds }: CutoverNoticeInput): string {
  const opening = "the time to open the database is not measured (the vendor's example: one minute, then DBCC CHECKDB)";
  if (pending.length === 0) return `Expected time: nothing is left to apply; ${opening}.`;
  if (rounds.length === 0) return `Expected time: unknown, because no increment was applied before; ${opening}.`;
  const mean = (of: (round: MeasuredRound) => number): number =>
    rounds.reduce((sum, round) => sum + of(round), 0) / rounds.length;
  const meanSeconds = mean(({ seconds }) => seconds);
  const meanBytes = Math.max(
    1,
    mean(({ sizeBytes }) => sizeBytes),
  );
  const seconds = pending.reduce((sum, { sizeBytes }) => sum + meanSeconds * Math.max(1, sizeBytes / meanBytes), 0);
  return (
    `Expected time: about ${formatDuration(seconds)} for ${counted(pending.length, "file")}, after ` +
    `${counted(rounds.length, "earlier one")} of ${formatDuration(meanSeconds)} each; ${opening}.`
  );
}
