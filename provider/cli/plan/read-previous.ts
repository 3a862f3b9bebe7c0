import { readFile } from "node:fs/promises";
import { parsePlanFile } from "../../model/plan-item";
import type { PlanInput } from "../../plan/plan";
import { wavesOfFile } from "../../plan/plan-file";
import { UsageError } from "../program/usage-error";

/**
 * The waves of an earlier plan that have begun: by the clock, or because a database of theirs is in a state.
 * @throws UsageError for a file that is not a plan
 */
export async function readBegunWaves(
  file: string,
  { nowMs, hasBegun }: { nowMs: number; hasBegun: (database: string) => boolean },
): Promise<NonNullable<PlanInput["begun"]>> {
  const text = await readFile(file, "utf8").catch((cause: Error) => {
    throw new UsageError(`--previous: ${file} cannot be read: ${cause.message}`);
  });
  const plan = parsePlanFile(text);
  if ("fault" in plan) throw new UsageError(`--previous: ${file} ${plan.fault}`);
  const waves = wavesOfFile(plan);
  const last = waves.findLastIndex(
    ({ startMs, databases }) => startMs <= nowMs || databases.some(({ database }) => hasBegun(database)),
  );
  // Waves begin in their order, so that those before one that has begun have begun too.
  return waves.slice(0, last + 1);
}
