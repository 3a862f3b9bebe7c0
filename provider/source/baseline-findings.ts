import { parseEngineVersion } from "../model/engine-version";
import { nameKey } from "../model/names";
import type { Baseline } from "./baseline";
import { BASELINE_RULES } from "./baseline-rules";
import { listed } from "./listed";
import { SERVER_OBJECTS } from "./rules/server-objects";

/** Known facts about the destination. */
export interface BaselineDestination {
  /** RDS engine version, for example `2019_std_ha`. Without it versions and editions are not checked. */
  engineVersion?: string;
  /** Source names of the databases to migrate. @default all databases of the baseline */
  databases?: readonly string[];
  /** All databases that are migrated into the same instance, by any program. @default `databases` */
  together?: readonly string[];
}

/** One finding of a baseline, compatible with the preflight's findings. */
export interface BaselineFinding {
  severity: "error" | "warning";
  code: string;
  /** Undefined for a finding about the whole server. */
  database: string | undefined;
  message: string;
}

/** A finding with the parts of its message. */
export interface DetailedFinding extends BaselineFinding {
  what: string;
  remedy: string;
}

/** The findings of {@link detailedFindings} as a preview reports them. */
export const baselineFindings = (source: Baseline, destination?: BaselineDestination): BaselineFinding[] =>
  detailedFindings(source, destination).map(({ severity, code, database, message }) => ({
    ...{ severity, code, database, message },
  }));

/**
 * Everything in a baseline that stops a migration or is not part of a backup, in the order of the databases, errors
 * first. Pure: the same baseline always gives the same findings. A migrated database that the baseline lacks is a
 * warning.
 */
export function detailedFindings(source: Baseline, destination: BaselineDestination = {}): DetailedFinding[] {
  const names = destination.databases ?? source.databases.map(({ name }) => name);
  const together = new Set((destination.together ?? names).map(nameKey));
  const engine = destination.engineVersion === undefined ? undefined : parseEngineVersion(destination.engineVersion);
  const byName = new Map(source.databases.toReversed().map((each) => [nameKey(each.name), each]));
  const findings: DetailedFinding[] = [];
  for (const name of names) {
    const database = byName.get(nameKey(name));
    if (database === undefined) {
      findings.push(
        about(name, "warning", "SOURCE_NOT_IN_BASELINE", "it is not in the baseline", "Run sql/baseline.sql again."),
      );
      continue;
    }
    for (const { code, severity, find, remedy } of BASELINE_RULES) {
      const what = find({ database, source, engine, together });
      if (what !== undefined) findings.push(about(database.name, severity, code, what, remedy));
    }
    for (const { what, why } of database.notRead) findings.push(notRead(database.name, what, why));
    const unread = database.checksums.filter(({ why }) => why !== null);
    if (unread.length > 0)
      findings.push(
        notRead(database.name, `rows of ${listed(unread.map(({ name }) => name))}`, String(unread[0]?.why)),
      );
  }
  for (const { what, why } of source.notRead) findings.push(notRead(undefined, what, why));
  for (const { code, find, remedy } of SERVER_OBJECTS) {
    const what = find(source);
    if (what !== undefined) findings.push(about(undefined, "warning", code, what, remedy));
  }
  return findings;
}

const notRead = (database: string | undefined, what: string, why: string): DetailedFinding =>
  about(database, "warning", "SOURCE_NOT_READ", `not checked: ${what} (${why})`, "Run sql/baseline.sql as sysadmin.");

function about(
  database: string | undefined,
  severity: BaselineFinding["severity"],
  code: string,
  what: string,
  remedy: string,
): DetailedFinding {
  const subject = database === undefined ? "" : `Database ${database}: `;
  return { severity, code, database, what, remedy, message: `${code}: ${subject}${what}. ${remedy}` };
}
