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
  /** Pause between two rounds while the phase is restoring; undefined: none. */
  minIntervalMs: number | undefined;
  /** When this run began to apply: the interval is kept between runs, not between the files of one. */
  roundStartMs: number;
  nowMs: number;
}

/** What is to be done next about the increments of a database that waits for them. */
export type NextIncrement =
  | { kind: "send"; next: Increment; plan: IncrementPlan }
  /** Files are left and wait for the interval or the day's calls. */
  | { kind: "deferred"; why: "interval" | "budget"; untilMs: number; plan: IncrementPlan }
  | { kind: "done"; plan: IncrementPlan };

/** Pure: the clock comes in as a value, so that the same decision can be asked at preview and taken at up. */
export function planNextIncrement(question: NextIncrementInput): NextIncrement {
  const { chain, phase, minIntervalMs, roundStartMs, nowMs } = question;
  const plan = planFrom(question);
  const [next] = plan.steps;
  if (next === undefined) return { kind: "done", plan };
  const sentAtMs = chain.files.map(({ sentAt }) => Date.parse(sentAt));
  const lastBeforeMs = chain.files
    .filter(({ type, sentAt }) => type !== "FULL" && Date.parse(sentAt) < roundStartMs)
    .reduce((latest, { sentAt }) => Math.max(latest, Date.parse(sentAt)), Number.NEGATIVE_INFINITY);
  // The cutover waits for nothing that is a matter of pace.
  if (phase === "restoring" && minIntervalMs !== undefined && lastBeforeMs + minIntervalMs > nowMs)
    return { kind: "deferred", why: "interval", untilMs: lastBeforeMs + minIntervalMs, plan };
  const budget = callBudget(sentAtMs, nowMs, phase === "online");
  if (budget.nextAtMs !== undefined) return { kind: "deferred", why: "budget", untilMs: budget.nextAtMs, plan };
  return { kind: "send", next, plan };
}

/** A file that has failed is gone round where another way leads as far. */
function planFrom({ chain, start, listed }: Pick<NextIncrementInput, "chain" | "start" | "listed">): IncrementPlan {
  const reached = chain.reachedLsn;
  const point = pointOf(start, reached === undefined ? undefined : { lsn: reached, forkId: chain.forkId ?? null });
  const whole = planIncrements(point, listed);
  const failed = new Set(chain.files.filter(({ state }) => state === "failed").map(({ setGuid }) => setGuid));
  if (!whole.steps.some(({ setGuid }) => failed.has(setGuid))) return whole;
  const around = planIncrements(
    point,
    listed.filter(({ setGuid }) => !failed.has(setGuid)),
  );
  return around.reached.lsn >= whole.reached.lsn ? around : whole;
}
