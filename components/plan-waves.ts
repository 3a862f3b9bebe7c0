import { migrationError } from "../provider/errors/migration-error";
import { systemFaultOf } from "../provider/errors/system-fault";
import { locateInProject } from "../provider/files/project-folder";
import { MANIFEST_LIMIT_BYTES, readWholeFile } from "../provider/files/read-whole-file";
import { nameKey } from "../provider/model/names";
import { type PlanFile, type PlanItem, parsePlanFile } from "../provider/model/plan-item";
import { type DatabaseFilter, filterNames } from "./discovery/database-filter";
import type { DiscoveredDatabase, SkippedBackup } from "./discovery/discovery";
import type { Wave } from "./waves";

/** The waves of a plan, or the share of one of its machines. */
export interface PlanArgs {
  /** Path of what `sqlserver-migration plan MANIFEST --json` printed. Relative paths start where those of `backups` start. */
  plan: string;
  /**
   * The machine of the plan whose databases this stack migrates, from 1. A list also takes the shares of others, for example of a
   * machine that has failed. What has begun in a stack stays in it when the plan changes.
   * @default all machines
   */
  runner?: number | number[];
}

/** The databases of a stack in the waves of a plan. */
export interface PlannedShare {
  waves: Wave[];
  /** Backups of databases that this stack does not migrate. */
  skipped: SkippedBackup[];
}

/** Reads a plan. @throws INPUT_INVALID for a file that is not one, or of another format */
export async function readPlan(file: string): Promise<PlanFile> {
  const bytes = await readWholeFile(locateInProject(file).path, MANIFEST_LIMIT_BYTES).catch((cause) => {
    throw fault("plan", `cannot be read: ${systemFaultOf(cause).reason}`, "Correct the path of the plan.", { cause });
  });
  const plan = parsePlanFile(bytes.toString("utf8"));
  if ("fault" in plan) throw fault("plan", plan.fault, REPLAN);
  return plan;
}

/**
 * Chooses the databases of a stack: those of its runners, and those that have begun in it.
 * @throws INPUT_INVALID for a plan of other databases, or a runner that the plan does not have
 */
export function assignPlan(
  plan: PlanFile,
  { runner }: Pick<PlanArgs, "runner">,
  {
    databases,
    filter,
    hasBegun,
  }: {
    databases: readonly DiscoveredDatabase[];
    filter: DatabaseFilter;
    hasBegun: (database: string) => boolean;
  },
): PlannedShare {
  const runners = runner === undefined ? undefined : requireRunners([runner].flat(), plan);
  const planned = new Map(plan.planned.map((each) => [nameKey(each.database), each]));
  const limits = new Map(plan.unplanned.map((each) => [nameKey(each.database), each.limit]));
  requireDiscovered(plan, databases, filter);
  const waves = new Map<number, Wave>();
  const skipped: SkippedBackup[] = [];
  const missing: string[] = [];
  const firstWave = plan.planned[0];
  for (const found of databases) {
    const key = nameKey(found.database);
    const item = planned.get(key);
    const begun = hasBegun(found.database);
    const limit = limits.get(key);
    if (item !== undefined && (begun || runners?.includes(item.runner) !== false)) place(item, found);
    // What has begun does not wait for its wave.
    else if (begun && firstWave !== undefined) place(firstWave, found);
    else if (item !== undefined)
      skipped.push({
        file: found.backup,
        cause: "notChosen",
        reason: `is the backup of ${found.database}, which runner ${item.runner} migrates`,
      });
    else if (limit !== undefined)
      skipped.push({
        file: found.backup,
        cause: "notPlanned",
        reason: `holds ${found.database}, which does not fit the plan (${limit})`,
      });
    else missing.push(found.database);
  }
  if (missing.length > 0) throw fault("plan", `does not contain ${listed(missing)}`, REPLAN);
  if (waves.size === 0) throw fault("plan", "has no database for this stack", REPLAN);
  return { waves: [...waves].sort(([one], [other]) => one - other).map(([, wave]) => wave), skipped };

  function place({ wave: number, windowOpensAt, windowClosesAt }: PlanItem, found: DiscoveredDatabase): void {
    const wave = waves.get(number) ?? {
      plan: { name: String(number), opensAt: windowOpensAt, closesAt: windowClosesAt },
      databases: [],
    };
    waves.set(number, wave);
    wave.databases.push(found);
  }
}

const REPLAN =
  "Run `sqlserver-migration plan MANIFEST --previous PLAN --json` with this version and the manifest of this program.";

function requireRunners(runners: readonly number[], { planned }: PlanFile): readonly number[] {
  const known = [...new Set(planned.map((each) => each.runner))].sort((one, other) => one - other);
  const unknown = runners.find((each) => !known.includes(each));
  if (unknown === undefined && runners.length > 0) return runners;
  const text = runners.length === 0 ? "is empty" : `is ${unknown}; the plan has ${known.join(", ") || "none"}`;
  throw fault("runner", text, "Choose a runner of the plan, or plan with --runners.");
}

/** A plan of other databases was made from another manifest. */
function requireDiscovered(
  { planned }: PlanFile,
  databases: readonly DiscoveredDatabase[],
  filter: DatabaseFilter,
): void {
  const names = planned.map(({ database }) => database);
  const found = new Set(databases.map(({ database }) => nameKey(database)));
  const unknown = filterNames(names, filter, () => false).chosen.filter((name) => !found.has(nameKey(name)));
  if (unknown.length > 0) throw fault("plan", `contains ${listed(unknown)} without a backup`, REPLAN);
}

const NAMED = 5;
function listed(names: readonly string[]): string {
  if (names.length === 1) return `${names[0]}`;
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  return `${names.length} databases (${names.slice(0, NAMED).join(", ")}${more})`;
}

const fault = (member: keyof PlanArgs, text: string, remedy: string, options: { cause?: unknown } = {}) =>
  migrationError("INPUT_INVALID", { property: `waves.${member}`, fault: text, remedy }, options);
