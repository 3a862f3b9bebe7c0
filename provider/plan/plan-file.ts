import { PLAN_VERSION, type PlanFile, type PlanItem } from "../model/plan-item";
import type { Advice } from "./advice";
import type { Plan, Wave } from "./plan";

const isoOf = (atMs: number): string => new Date(atMs).toISOString();

/** One object for each database: its wave, machine and times, or the limit that keeps it out. */
export const planItems = ({ waves }: Plan, advice: readonly Advice[]): object[] => [
  ...waves.flatMap(({ number, startMs, endMs, window, databases }) =>
    databases.map(
      ({ database, runner, submitMs, restoreMs, endMs: databaseEndMs }): PlanItem => ({
        ...{ version: PLAN_VERSION, database, wave: number, runner, windowOpensAt: isoOf(window.startMs) },
        windowClosesAt: Number.isFinite(window.endMs) ? isoOf(window.endMs) : undefined,
        ...{ waveStartsAt: isoOf(startMs), waveEndsAt: isoOf(endMs) },
        ...{ submitAt: isoOf(submitMs), restoreAt: isoOf(restoreMs), endAt: isoOf(databaseEndMs) },
      }),
    ),
  ),
  ...advice.flatMap(({ databases, limit, what, remedy }) =>
    databases.map((database) => ({ version: PLAN_VERSION, database, limit, what, remedy })),
  ),
];

/** The waves of a plan file, in their order. */
export function wavesOfFile({ planned }: PlanFile): Wave[] {
  const waves = new Map<number, Wave>();
  for (const each of planned) {
    const wave = waves.get(each.wave) ?? {
      number: each.wave,
      startMs: Date.parse(each.waveStartsAt),
      endMs: Date.parse(each.waveEndsAt),
      window: {
        startMs: Date.parse(each.windowOpensAt),
        endMs: each.windowClosesAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(each.windowClosesAt),
      },
      databases: [],
    };
    waves.set(each.wave, wave);
    wave.databases.push({
      ...{ database: each.database, runner: each.runner, submitMs: Date.parse(each.submitAt) },
      ...{ restoreMs: Date.parse(each.restoreAt), endMs: Date.parse(each.endAt) },
    });
  }
  return [...waves.values()];
}
