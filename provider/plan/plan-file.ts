import { z } from "zod";
import type { Advice } from "./advice";
import type { Plan, Wave } from "./plan";

/** Format of the items. A program and an earlier plan of another format are refused. */
const VERSION = 1;
const utcTime = z.iso.datetime();
const item = z.object({
  version: z.literal(VERSION),
  database: z.string(),
  wave: z.number().int().positive(),
  runner: z.number().int().positive(),
  windowOpensAt: utcTime,
  /** Missing for a window that does not end. */
  windowClosesAt: utcTime.optional(),
  waveStartsAt: utcTime,
  waveEndsAt: utcTime,
  submitAt: utcTime,
  restoreAt: utcTime,
  endAt: utcTime,
});
/** One database of a plan, as `--json` prints it. */
export type PlanItem = z.infer<typeof item>;

const unplannedItem = z.object({ version: z.literal(VERSION), database: z.string(), limit: z.string() });
/** A database that a plan leaves out. */
export type UnplannedItem = z.infer<typeof unplannedItem>;

const versions = z.array(z.object({ version: z.unknown().optional(), database: z.string() }));

const isoOf = (atMs: number): string => new Date(atMs).toISOString();

/** One object for each database: its wave, machine and times, or the limit that keeps it out. */
export const planItems = ({ waves }: Plan, advice: readonly Advice[]): object[] => [
  ...waves.flatMap(({ number, startMs, endMs, window, databases }) =>
    databases.map(
      ({ database, runner, submitMs, restoreMs, endMs: databaseEndMs }): PlanItem => ({
        ...{ version: VERSION, database, wave: number, runner, windowOpensAt: isoOf(window.startMs) },
        windowClosesAt: Number.isFinite(window.endMs) ? isoOf(window.endMs) : undefined,
        ...{ waveStartsAt: isoOf(startMs), waveEndsAt: isoOf(endMs) },
        ...{ submitAt: isoOf(submitMs), restoreAt: isoOf(restoreMs), endAt: isoOf(databaseEndMs) },
      }),
    ),
  ),
  ...advice.flatMap(({ databases, limit, what, remedy }) =>
    databases.map((database) => ({ version: VERSION, database, limit, what, remedy })),
  ),
];

export interface PlanFile {
  /** In the order of the waves. */
  planned: PlanItem[];
  unplanned: UnplannedItem[];
}

/** Reads what `plan --json` printed. The fault is the rest of a sentence that begins with the file's name. */
export function parsePlanFile(text: string): PlanFile | { fault: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { fault: "is not JSON" };
  }
  const known = versions.safeParse(json);
  if (!known.success) return { fault: "is not what plan --json prints" };
  const other = known.data.find(({ version }) => version !== VERSION);
  if (other !== undefined) return { fault: `has format ${other.version ?? 0}; this version reads format ${VERSION}` };
  const { success, data } = z.array(z.union([item, unplannedItem])).safeParse(json);
  if (!success) return { fault: "is not what plan --json prints" };
  const planned = data.flatMap((each) => ("wave" in each ? [each] : [])).sort((one, other) => one.wave - other.wave);
  return { planned, unplanned: data.flatMap((each) => ("wave" in each ? [] : [each])) };
}

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
