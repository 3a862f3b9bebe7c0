import { counted } from "../errors/message-text";
import { migrationError } from "../errors/migration-error";
import { parseDurationMs } from "../model/duration";
import { nameOfFile } from "../model/increment";
import { listedIncrements, type MigrationInputs, phaseOf } from "../model/inputs";
import type { MigrationOutputs } from "../model/outputs";
import { describeCutover, type MeasuredRound } from "./cutover-notice";
import { writtenAfter } from "./increment-plan";
import { planNextIncrement } from "./next-increment";

/** The action of an update on increments and the phase. */
export type ChainChange = { kind: "none"; warnings?: string[] } | { kind: "update"; why: string; warnings?: string[] };

/** Plans the change from the listed increments and the wanted phase; `none` for a migration without increments. */
export function planChainChange(
  recorded: MigrationOutputs,
  wanted: Partial<MigrationInputs>,
  nowMs: number,
): ChainChange {
  const { chain, status, databaseName } = recorded;
  const start = recorded.chainStart ?? wanted.chainStart;
  const listed = listedIncrements(wanted);
  if (start === undefined) return { kind: "none" };
  if (status === "online") return lateFiles(recorded, wanted, chain?.reachedLsn ?? start.lastLsn);
  if (status !== "waitingForIncrements") return { kind: "none" };
  const phase = phaseOf(wanted);
  const minIntervalMs = wanted.minInterval === undefined ? undefined : parseDurationMs(wanted.minInterval);
  const known = chain ?? { files: [] };
  const increment = planNextIncrement({
    chain: known,
    start,
    listed,
    phase,
    minIntervalMs,
    roundStartMs: nowMs,
    nowMs,
  });
  const { plan } = increment;
  if (phase === "online") {
    const last = plan.steps.at(-1);
    const applied = known.files.findLast(({ state, type }) => state === "applied" && type !== "FULL");
    const file =
      last === undefined ? (applied?.source ?? (applied && nameOfFile(applied.objectKey))) : nameOfFile(last.file);
    const end = {
      lsn: plan.reached.lsn.toString(),
      forkId: plan.reached.forkId,
      ...(file === undefined ? {} : { file }),
    };
    const rounds = known.files.flatMap(({ type, sizeBytes, seconds }): MeasuredRound[] =>
      type === "FULL" || seconds === undefined ? [] : [{ sizeBytes, seconds }],
    );
    const warnings = describeCutover({ databaseName, pending: plan.steps, listed, end, start, rounds });
    return { kind: "update", why: "the cutover", warnings };
  }
  if (increment.kind === "send") return { kind: "update", why: `${counted(plan.steps.length, "increment")} to apply` };
  // The update fails before any call and reports the files that cannot be applied.
  if (increment.kind === "done" && (plan.gaps.length > 0 || plan.otherForks.length > 0))
    return { kind: "update", why: "a range of the log is missing" };
  return { kind: "none" };
}

/** An online database takes no increments. New ones in a folder show that the source was still written. */
function lateFiles(
  { databaseName: database }: MigrationOutputs,
  wanted: Partial<MigrationInputs>,
  lsn: string,
): ChainChange {
  const late = writtenAfter(BigInt(lsn), listedIncrements(wanted));
  if (late.length === 0) return { kind: "none" };
  const named = late.find((each) => each.named === true);
  const files = late.map(({ file }) => file);
  if (named === undefined) {
    return { kind: "none", warnings: [migrationError("SOURCE_WRITTEN_AFTER", { database, files, lsn }).message] };
  }
  const { message } = migrationError("INCREMENT_AFTER_CUTOVER", { database, file: named.file });
  return { kind: "update", why: "a named increment that cannot be applied", warnings: [message] };
}
