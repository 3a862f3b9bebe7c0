import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Advice } from "../../plan/advice";
import type { Plan, PlanInput, Wave } from "../../plan/plan";
import { UsageError } from "../program/usage-error";

const utcTime = z.iso.datetime();
const item = z.object({
  database: z.string(),
  wave: z.number().int().positive(),
  runner: z.number().int().positive(),
  waveStartsAt: utcTime,
  waveEndsAt: utcTime,
  submitAt: utcTime,
  restoreAt: utcTime,
  endAt: utcTime,
});
/** One database of a plan, as `--json` prints it. */
export type PlanItem = z.infer<typeof item>;

const planFile = z.array(z.union([item, z.object({ database: z.string(), limit: z.string() })]));

const isoOf = (atMs: number): string => new Date(atMs).toISOString();

/** One object for each database: its wave, machine and times, or the limit that keeps it out. */
export const planItems = ({ waves }: Plan, advice: readonly Advice[]): object[] => [
  ...waves.flatMap(({ number, startMs, endMs, databases }) =>
    databases.map(
      ({ database, runner, submitMs, restoreMs, endMs: databaseEndMs }): PlanItem => ({
        ...{ database, wave: number, runner, waveStartsAt: isoOf(startMs), waveEndsAt: isoOf(endMs) },
        ...{ submitAt: isoOf(submitMs), restoreAt: isoOf(restoreMs), endAt: isoOf(databaseEndMs) },
      }),
    ),
  ),
  ...advice.flatMap(({ databases, limit, what, remedy }) =>
    databases.map((database) => ({ database, limit, what, remedy })),
  ),
];

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
  const waves = wavesOf(text, file);
  const last = waves.findLastIndex(
    ({ startMs, databases }) => startMs <= nowMs || databases.some(({ database }) => hasBegun(database)),
  );
  // Waves begin in their order, so that those before one that has begun have begun too.
  return waves.slice(0, last + 1);
}

function wavesOf(text: string, file: string): Wave[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new UsageError(`--previous: ${file} is not JSON`);
  }
  const { success, data } = planFile.safeParse(json);
  if (!success) throw new UsageError(`--previous: ${file} is not what plan --json prints`);
  const waves = new Map<number, Wave>();
  for (const each of data) {
    if (!("wave" in each)) continue;
    const wave = waves.get(each.wave) ?? {
      number: each.wave,
      startMs: Date.parse(each.waveStartsAt),
      endMs: Date.parse(each.waveEndsAt),
      databases: [],
    };
    waves.set(each.wave, wave);
    wave.databases.push({
      ...{ database: each.database, runner: each.runner, submitMs: Date.parse(each.submitAt) },
      ...{ restoreMs: Date.parse(each.restoreAt), endMs: Date.parse(each.endAt) },
    });
  }
  return [...waves.values()].sort((one, other) => one.number - other.number);
}
