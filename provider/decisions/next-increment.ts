import type { ChainStart, Increment } from "../model/increment";
import type { Phase } from "../model/inputs";
import type { ChainState } from "../model/outputs";
import { callBudget } from "./call-budget";
import { pointOf } from "./increment-facts";
import { type IncrementPlan, planIncrements } from "./increment-plan";

export interface NextIncrementInput {
  chain: ChainState;
  start: ChainStart;
  listed: readonly Increment[];
  phase: Phase;
  /** Minimum interval between two runs that apply files in the phase `restoring`; undefined for none. */
  minIntervalMs: number | undefined;
  /** When this run began to apply files: the interval applies between runs, not between the files of one. */
  roundStartMs: number;
  nowMs: number;
}

/** The next action for a database that waits for increments. */
export type NextIncrement =
  | { kind: "send"; next: Increment; plan: IncrementPlan }
  /** Files are left, but wait for the interval or the daily calls. */
  | { kind: "deferred"; why: "interval" | "budget"; untilMs: number; plan: IncrementPlan }
  | { kind: "done"; plan: IncrementPlan };

/** Decides the next action. Pure, with the time as a value, so that preview and up decide alike. */
export function planNextIncrement(input: NextIncrementInput): NextIncrement {
  const { chain, phase, minIntervalMs, roundStartMs, nowMs } = input;
  const plan = planFrom(input);
  const [next] = plan.steps;
  if (next === undefined) return { kind: "done", plan };
  const sentAtMs = chain.files.map(({ sentAt }) => Date.parse(sentAt));
  const lastBeforeMs = chain.files
    .filter(({ type, sentAt }) => type !== "FULL" && Date.parse(sentAt) < roundStartMs)
    .reduce((latest, { sentAt }) => Math.max(latest, Date.parse(sentAt)), Number.NEGATIVE_INFINITY);
  // The cutover ignores the interval.
  if (phase === "restoring" && minIntervalMs !== undefined && lastBeforeMs + minIntervalMs > nowMs)
    return { kind: "deferred", why: "interval", untilMs: lastBeforeMs + minIntervalMs, plan };
  const budget = callBudget(sentAtMs, nowMs, phase === "online");
  if (budget.nextAtMs !== undefined) return { kind: "deferred", why: "budget", untilMs: budget.nextAtMs, plan };
  return { kind: "send", next, plan };
}

/** Avoids a file that has failed where another path reaches the same LSN. */
function planFrom({ chain, start, listed }: Pick<NextIncrementInput, "chain" | "start" | "listed">): IncrementPlan {
  const reached = chain.reachedLsn;
  const point = pointOf(start, reached === undefined ? undefined : { lsn: reached, forkId: chain.forkId ?? null });
  const whole = planIncrements(point, listed);
  const failed = new Set(chain.files.filter(({ state }) => state === "failed").map(({ setGuid }) => setGuid));
  if (!whole.steps.some(({ setGuid }) => failed.has(setGuid))) return whole;
  const withoutFailed = planIncrements(
    point,
    listed.filter(({ setGuid }) => !failed.has(setGuid)),
  );
  return withoutFailed.reached.lsn >= whole.reached.lsn ? withoutFailed : whole;
}
