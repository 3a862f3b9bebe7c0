import { cutoverObstacles } from "../decisions/cutover-guard";
import type { IncrementPlan } from "../decisions/increment-plan";
import { type ChainEnd, nameOfFile } from "../model/increment";
import { listedIncrements } from "../model/inputs";
import type { ChainFile, ChainState } from "../model/outputs";
import type { Job } from "../session/job";

/** The chain's part of the progress; created on first use. */
export function chainOf({ progress }: Pick<Job, "progress">): ChainState {
  progress.chain ??= { files: [] };
  return progress.chain;
}

/** Records a file that was submitted, or is about to be. */
export function recordFile({ files }: ChainState, file: ChainFile): ChainFile {
  files.push(file);
  return file;
}

/** Records that a file is restored, and the LSN that the database has reached with it. */
export function recordApplied(chain: ChainState, file: ChainFile, forkId: string | null | undefined): void {
  file.state = "applied";
  if (chain.reachedLsn !== undefined && BigInt(file.lastLsn) <= BigInt(chain.reachedLsn)) return;
  chain.reachedLsn = file.lastLsn;
  if (forkId !== undefined && forkId !== null) chain.forkId = forkId;
}

/** The last file that the service has applied. */
export function endOfChain(chain: ChainState): ChainEnd | undefined {
  const last = chain.files.findLast(({ state, lastLsn }) => state === "applied" && lastLsn === chain.reachedLsn);
  if (last === undefined || chain.reachedLsn === undefined) return undefined;
  return {
    lsn: chain.reachedLsn,
    forkId: chain.forkId ?? null,
    ...(last.type === "FULL" ? {} : { file: last.source ?? nameOfFile(last.objectKey) }),
    ...(last.tail === true ? { tail: true } : {}),
  };
}

/** Updates the outputs that describe a database that waits for increments. */
export function updateCutoverStatus(job: Job, plan: IncrementPlan): void {
  const { progress, inputs, session } = job;
  const chain = chainOf(job);
  const applying = chain.files.find(({ state }) => state === "sent");
  if (chain.reachedLsn !== undefined) progress.nextLsn = chain.reachedLsn;
  const last = chain.files.findLast(({ state, type }) => state === "applied" && type === "LOG");
  const writtenMs = Date.parse(last?.modifiedAt ?? "");
  if (!Number.isNaN(writtenMs)) progress.lag = Math.max(0, Math.round((session.clock.now() - writtenMs) / 1000));
  const end = endOfChain(chain);
  progress.cutoverObstacles = cutoverObstacles({
    reachedLsn: BigInt(chain.reachedLsn ?? 0),
    listed: listedIncrements(inputs),
    gaps: plan.gaps,
    pending: plan.steps,
    ...(end === undefined ? {} : { end }),
    ...(applying === undefined ? {} : { applying: applying.source ?? nameOfFile(applying.objectKey) }),
    ...(inputs.cutover === undefined ? {} : { cutover: inputs.cutover }),
  });
  progress.readyForCutover = progress.cutoverObstacles.length === 0;
}

/** Clears the outputs of a waiting database, which mean nothing after the cutover. */
export function clearCutoverStatus({ progress }: Pick<Job, "progress">): void {
  progress.nextLsn = undefined;
  progress.lag = undefined;
  progress.readyForCutover = undefined;
  progress.cutoverObstacles = undefined;
}
