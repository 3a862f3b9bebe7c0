import type { ChainGap } from "../backup/restore-path";
import { counted } from "../errors/message-text";
import { type ChainEnd, type Increment, nameOfFile } from "../model/increment";

/** Everything that decides whether a database may be opened. */
export interface CutoverInput {
  /** The last LSN of the chain: of the applied files, or at preview of the files that will be applied. */
  reachedLsn: bigint;
  /** The file that ends at `reachedLsn`; it may no longer exist. */
  end?: Pick<ChainEnd, "file" | "tail">;
  listed: readonly Increment[];
  gaps: readonly ChainGap[];
  /** Files that have to be applied first. */
  pending: readonly Increment[];
  /** The file that is being applied. */
  applying?: string;
  cutover?: { requireTailLog?: boolean; final?: string };
}

/**
 * Reasons against opening the database; empty when it may be opened. An open database takes no more logs, so the chain
 * must be complete and the source must be closed. A log taken WITH NORECOVERY proves that; an empty log or any other
 * file does only if the user declares it the last one.
 */
export function cutoverObstacles(input: CutoverInput): string[] {
  const { gaps, pending, applying, cutover = {} } = input;
  const obstacles: string[] = [];
  if (applying !== undefined) obstacles.push(`${applying} is still being applied`);
  for (const { missingFrom, nextFile } of gaps)
    obstacles.push(`the log from LSN ${missingFrom} on is missing (${nextFile} starts after it)`);
  if (pending.length > 0) {
    const names = pending.map(({ file }) => nameOfFile(file)).join(", ");
    obstacles.push(`${counted(pending.length, "increment is", "increments are")} not applied yet: ${names}`);
  }
  if (obstacles.length > 0 || cutover.requireTailLog === false || isProvenEnd(input)) return obstacles;
  const last = input.end?.file === undefined ? "the full backup" : input.end.file;
  return [
    cutover.final === undefined
      ? `the last file, ${last}, is not a log taken WITH NORECOVERY: nothing proves that the source is closed`
      : `cutover.final declares ${cutover.final} the last file, but the chain ends with ${last} at LSN ${input.reachedLsn}`,
  ];
}

function isProvenEnd({ reachedLsn, end, listed, cutover }: CutoverInput): boolean {
  const isFinal = (file: string | undefined) =>
    file !== undefined && cutover?.final !== undefined && nameOfFile(file) === nameOfFile(cutover.final);
  if (end?.tail === true || isFinal(end?.file)) return true;
  // An empty log is not applied, but it ends at the same LSN and proves that nothing was written since.
  return listed.some(({ file, lastLsn, tail }) => BigInt(lastLsn) === reachedLsn && (tail === true || isFinal(file)));
}
