import { type ChainEnd, type ChainStart, type Increment, nameOfFile } from "../model/increment";
import { formatBytes, formatDuration } from "../model/quantities";

/** The vendor's advice for the last log, so that the source is closed for minutes only; bytes. */
const ADVISED_LAST_LOG_BYTES = 500 * 2 ** 20;

/** One file that was applied, as it was measured. */
export interface MeasuredRound {
  sizeBytes: number;
  seconds: number;
}

export interface CutoverOutlook {
  databaseName: string;
  /** What is applied before the database is opened. */
  pending: readonly Increment[];
  listed: readonly Increment[];
  end: ChainEnd | undefined;
  start: ChainStart;
  rounds: readonly MeasuredRound[];
}

/** What a preview of a cutover says, one line each: from here on it is the reader's decision. */
export function describeCutover(outlook: CutoverOutlook): string[] {
  const { databaseName: database, pending, end, start, listed } = outlook;
  const first = pending.length === 0 ? "" : `applies ${pending.map(({ file }) => nameOfFile(file)).join(", ")} and `;
  const last = listed.find(({ file }) => nameOfFile(file) === end?.file);
  const flags = last ?? start;
  return [
    `CUTOVER of ${database}: this up ${first}opens the database. POINT OF NO RETURN: an open database takes no more logs, and ` +
      "RDS takes its first backup of it only at its next backup slot.",
    `Before it: stop every application that writes to ${database}, and let the last log be taken WITH NORECOVERY, which closes the ` +
      `source. Roll back, as long as nobody has written to the copy: RESTORE DATABASE [${database}] WITH RECOVERY on the source.`,
    ...lastLogAdvice(last),
    ...(flags.readOnly === true
      ? [
          `${database} was READ_ONLY when the last backup was taken: the copy comes up read-only (ALTER DATABASE … SET READ_WRITE).`,
        ]
      : []),
    ...(flags.singleUser === true
      ? [
          `${database} was in SINGLE_USER when the last backup was taken: so is the copy (ALTER DATABASE … SET MULTI_USER).`,
        ]
      : []),
    expectedTime(outlook),
  ];
}

function lastLogAdvice(last: Increment | undefined): string[] {
  if (last === undefined || last.type !== "LOG" || last.sizeBytes <= ADVISED_LAST_LOG_BYTES) return [];
  return [
    `The last log ${nameOfFile(last.file)} has ${formatBytes(last.sizeBytes)}; the vendor advises at most 500 MB, because the source is ` +
      "closed while it is applied. A log or differential before it would make it smaller.",
  ];
}

/** Each file takes what the earlier ones took at least, and longer in proportion to its size when it is larger than they were. */
function expectedTime({ pending, rounds }: CutoverOutlook): string {
  const opening = "opening was not measured here (the vendor's example: one minute, DBCC CHECKDB behind it)";
  if (pending.length === 0) return `Expected time: nothing is left to apply; ${opening}.`;
  if (rounds.length === 0) return `Expected time: not known, no increment was applied before; ${opening}.`;
  const mean = (of: (round: MeasuredRound) => number): number =>
    rounds.reduce((sum, round) => sum + of(round), 0) / rounds.length;
  const meanSeconds = mean(({ seconds }) => seconds);
  const meanBytes = Math.max(
    1,
    mean(({ sizeBytes }) => sizeBytes),
  );
  const seconds = pending.reduce((sum, { sizeBytes }) => sum + meanSeconds * Math.max(1, sizeBytes / meanBytes), 0);
  return (
    `Expected time: about ${formatDuration(seconds)} for ${pending.length} file${pending.length === 1 ? "" : "s"}, after ` +
    `${rounds.length} earlier one${rounds.length === 1 ? "" : "s"} of ${formatDuration(meanSeconds)} each; ${opening}.`
  );
}
