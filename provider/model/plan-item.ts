import { z } from "zod";

/** Format of the items. A program and an earlier plan of another format are refused. */
export const PLAN_VERSION = 1;
const utcTime = z.iso.datetime();
const item = z.object({
  version: z.literal(PLAN_VERSION),
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

const unplannedItem = z.object({ version: z.literal(PLAN_VERSION), database: z.string(), limit: z.string() });
/** A database that a plan leaves out. */
export type UnplannedItem = z.infer<typeof unplannedItem>;

const versions = z.array(z.object({ version: z.unknown().optional(), database: z.string() }));

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
  const other = known.data.find(({ version }) => version !== PLAN_VERSION);
  if (other !== undefined)
    return { fault: `has format ${other.version ?? 0}; this version reads format ${PLAN_VERSION}` };
  const { success, data } = z.array(z.union([item, unplannedItem])).safeParse(json);
  if (!success) return { fault: "is not what plan --json prints" };
  const planned = data.flatMap((each) => ("wave" in each ? [each] : [])).sort((one, other) => one.wave - other.wave);
  return { planned, unplanned: data.flatMap((each) => ("wave" in each ? [] : [each])) };
}
