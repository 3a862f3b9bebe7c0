import type { ChainGap } from "../backup/restore-path";
import { type ChainEnd, type Increment, nameOfFile } from "../model/increment";

/** What a database's opening depends on. */
export interface CutoverInput {
  /** The last LSN that the chain reaches: of what is applied, or at preview of what will be. */
  reachedLsn: bigint;
  /** What is known of the file that ends there; it may be gone by now. */
  end?: Pick<ChainEnd, "file" | "tail">;
  listed: readonly Increment[];
  gaps: readonly ChainGap[];
  /** Files that have to be applied first. */
  pending: readonly Increment[];
  /** A file that is being applied. */
  underWay?: string;
  cutover?: { requireTailLog?: boolean; final?: string };
}

/**
 * What speaks against opening the database; nothing does when the list is empty. An open database takes no more logs, so
 * the chain has to be whole, and something has to show that the source was closed: a log taken WITH NORECOVERY closes it,
 * an empty log or any other file only if the user declares it the last one.
 */
export function cutoverObstacles(question: CutoverInput): string[] {
  const { gaps, pending, underWay, cutover = {} } = question;
  const obstacles: string[] = [];
  if (underWay !== undefined) obstacles.push(`${underWay} is still being applied`);
  for (const { missingFrom, nextFile } of gaps)
    obstacles.push(`the log from LSN ${missingFrom} on is missing (${nextFile} begins behind it)`);
  if (pending.length > 0) {
    const names = pending.map(({ file }) => nameOfFile(file)).join(", ");
    obstacles.push(
      `${pending.length === 1 ? "one increment is" : `${pending.length} increments are`} not applied yet: ${names}`,
    );
  }
  if (obstacles.length > 0 || cutover.requireTailLog === false || isProvenEnd(question)) return obstacles;
  const last = question.end?.file === undefined ? "the full backup" : question.end.file;
  return [
    cutover.final === undefined
      ? `the last file, ${last}, is no log taken WITH NORECOVERY: nothing shows that the source was closed before it`
      : `cutover.final declares ${cutover.final} the last file, but the chain ends with ${last} at LSN ${question.reachedLsn}`,
  ];
}

function isProvenEnd({ reachedLsn, end, listed, cutover }: CutoverInput): boolean {
  const isFinal = (file: string | undefined) =>
    file !== undefined && cutover?.final !== undefined && nameOfFile(file) === nameOfFile(cutover.final);
  if (end?.tail === true || isFinal(end?.file)) return true;
  // An empty log is not applied, but it ends where the chain does and shows that nothing was written since.
  return listed.some(({ file, lastLsn, tail }) => BigInt(lastLsn) === reachedLsn && (tail === true || isFinal(file)));
}
