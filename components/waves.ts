import { migrationError } from "../provider/errors/migration-error";
import type { MigrationInputs } from "../provider/model/inputs";
import { type NameList, parseNameList } from "../provider/model/name-pattern";
import type { DiscoveredDatabase } from "./discovery/discovery";

/** Databases of an instance that begin together, after those of the wave before. */
export interface WaveArgs {
  /** Name of the wave, unique in the instance; part of its outcome's resource name. */
  name: string;
  /** The databases, by their names on the source; `*` matches any characters. A database belongs to the first wave that names it. */
  databases: NameList;
  /**
   * When the wave may begin: two times in ISO 8601 with a zone, separated by `/`, such as
   * `2026-12-04T22:00+08:00/2026-12-07T06:00+08:00`. Outside it nothing of the wave begins; what has begun continues.
   * @default at any time
   */
  window?: string;
}

/** A wave with its databases. */
export interface Wave {
  /** Undefined for an instance without waves. */
  plan: MigrationInputs["wave"];
  databases: DiscoveredDatabase[];
}

/**
 * Distributes the databases over the waves, in the waves' order.
 * @throws INPUT_INVALID for a database without a wave, a wave without databases, a repeated name or a window that is none
 */
export function assignWaves(waves: readonly WaveArgs[] | undefined, databases: readonly DiscoveredDatabase[]): Wave[] {
  if (waves === undefined) return [{ plan: undefined, databases: [...databases] }];
  const assigned = waves.map(({ name, window }, index) => {
    if (name === "") throw fault(index, "name", "is empty", "Give each wave a name.");
    if (waves.findIndex((each) => each.name === name) !== index)
      throw fault(index, "name", `is ${JSON.stringify(name)}, as of another wave`, "Give each wave its own name.");
    return { plan: { name, ...parseWindow(index, window) }, databases: [] as DiscoveredDatabase[] };
  });
  const patterns = waves.map((wave) => parseNameList(wave.databases));
  const left: string[] = [];
  for (const found of databases) {
    const index = patterns.findIndex((each) => each.some(({ matches }) => matches(found.database)));
    if (index < 0) left.push(found.database);
    else assigned[index]?.databases.push(found);
  }
  if (left.length > 0)
    throw migrationError("INPUT_INVALID", {
      property: "waves",
      fault: `has no wave for ${left.length === 1 ? left[0] : `${left.length} databases: ${left.join(", ")}`}`,
      remedy: 'Name each database in a wave; "*" in the last wave takes all others.',
    });
  const empty = assigned.findIndex((wave) => wave.databases.length === 0);
  if (empty >= 0)
    throw fault(empty, "databases", "matches no database", "Correct the names, or remove the wave from the program.");
  return assigned;
}

const WINDOW_REMEDY = 'Write two times with a zone: "2026-12-04T22:00+08:00/2026-12-07T06:00+08:00".';
/** ISO 8601 with minutes and a zone: without one, each runner would use its own. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/;

function parseWindow(index: number, window: string | undefined): { opensAt?: string; closesAt?: string } {
  if (window === undefined) return {};
  const [opensAt = "", closesAt = "", ...others] = window.split("/");
  const isValid = others.length === 0 && [opensAt, closesAt].every((time) => TIME.test(time) && Date.parse(time) > 0);
  if (!isValid) throw fault(index, "window", `is ${JSON.stringify(window)}`, WINDOW_REMEDY);
  if (Date.parse(opensAt) >= Date.parse(closesAt)) throw fault(index, "window", "ends before it begins", WINDOW_REMEDY);
  return { opensAt, closesAt };
}

const fault = (index: number, member: keyof WaveArgs, text: string, remedy: string) =>
  migrationError("INPUT_INVALID", { property: `waves[${index}].${member}`, fault: text, remedy });
