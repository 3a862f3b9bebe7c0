import { parseEngineVersion } from "../model/engine-version";
import { isSameName, nameKey } from "../model/names";
import type { Baseline } from "./baseline";
import { BASELINE_RULES } from "./baseline-rules";

/** Where the databases go, as far as it is known. */
export interface BaselineDestination {
  /** As RDS spells it, for example `2019_std_ha`. Unknown: nothing is said about versions and editions. */
  engineVersion?: string;
  /** The databases that are migrated, by their names on the source. Default: all in the baseline. */
  databases?: readonly string[];
  /** All that are migrated into the same instance, by any program. Default: `databases`. */
  together?: readonly string[];
}

/** What a baseline tells about a migration before anything is sent. Has what the preflight's findings have. */
export interface BaselineFinding {
  severity: "error" | "warning";
  code: string;
  /** Undefined for what concerns the whole server. */
  database: string | undefined;
  message: string;
}

/**
 * Everything in a baseline that a migration fails on or leaves behind, in the order of the databases, errors first in each. Pure: the same
 * baseline gives the same findings, whenever it is read. A database that is migrated and not in the baseline is a warning.
 */
export function baselineFindings(source: Baseline, destination: BaselineDestination = {}): BaselineFinding[] {
  const names = destination.databases ?? source.databases.map(({ name }) => name);
  const together = new Set((destination.together ?? names).map(nameKey));
  const engine = destination.engineVersion === undefined ? undefined : parseEngineVersion(destination.engineVersion);
  const findings: BaselineFinding[] = [];
  for (const name of names) {
    const database = source.databases.find((each) => isSameName(each.name, name));
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
  }
  for (const { what, why } of source.notRead) findings.push(notRead(undefined, what, why));
  if (source.linkedServers.length > 0) {
    const servers = source.linkedServers.map(({ name }) => name).join(", ");
    const what = `the source has linked servers, which do not travel: ${servers}`;
    findings.push(
      about(undefined, "warning", "SOURCE_LINKED_SERVERS", what, "Make on the destination those that are needed."),
    );
  }
  return findings;
}

const notRead = (database: string | undefined, what: string, why: string): BaselineFinding =>
  about(
    database,
    "warning",
    "SOURCE_NOT_READ",
    `not checked: ${what} (the server said: ${why})`,
    "Run sql/baseline.sql as sysadmin.",
  );

function about(
  database: string | undefined,
  severity: BaselineFinding["severity"],
  code: string,
  what: string,
  remedy: string,
): BaselineFinding {
  const subject = database === undefined ? "" : `Database ${database}: `;
  return { severity, code, database, message: `${code}: ${subject}${what}. ${remedy}` };
}
