import type { InstanceFacts } from "../aliyun/rds-api";
import { isSameName } from "../model/names";
import type { Baseline } from "../source/baseline";
import { baselineFindings } from "../source/baseline-findings";
import { type Finding, notChecked, shared, warningOf } from "./finding";

export interface SourceInput {
  baseline: Baseline;
  /** The database's name on the source. */
  database: string;
  /** Undefined where it could not be fetched: then versions, editions and collations are not checked. */
  instance: InstanceFacts | undefined;
  /** Whether the backup's own header was read. */
  hasHeader: boolean;
}

/** Findings that the backup's header replaces: the baseline is older and may describe problems that are fixed since. */
const REPLACED_BY_HEADER = new Set(["SOURCE_NOT_ONLINE", "SOURCE_NEWER", "SOURCE_NOT_WRITABLE"]);

/** Findings of the source's baseline about one database, and the comparison of its collation with the instance's. */
export function checkSource({ baseline, database, instance, hasHeader }: SourceInput): Finding[] {
  const found = baselineFindings(baseline, {
    engineVersion: instance?.engineVersion,
    databases: [database],
    // Databases of one baseline are assumed to be migrated together.
    together: baseline.databases.map(({ name }) => name),
  }).filter(({ code }) => !hasHeader || !REPLACED_BY_HEADER.has(code));
  const findings = found.map((each) => (each.database === undefined ? shared(each) : each));
  return [...findings, ...checkCollation({ baseline, database, instance })];
}

/**
 * tempdb has the instance's collation: comparing a database's texts with it fails with error 468. The server's
 * collation also decides how database names compare.
 */
function checkCollation({ baseline, database, instance }: Omit<SourceInput, "hasHeader">): Finding[] {
  const collation = baseline.databases.find(({ name }) => isSameName(name, database))?.collation;
  if (instance === undefined || collation === undefined) return [];
  const { instanceId, collation: instanceCollation } = instance;
  if (collation === null)
    return [
      notChecked(`whether the collation of ${database} is that of ${instanceId}`, "The baseline does not contain it."),
    ];
  if (instanceCollation === undefined) {
    const what = `whether the databases have the collation of ${instanceId}`;
    return [shared(notChecked(what, "The service does not return the instance's."))];
  }
  if (collation.toLowerCase() === instanceCollation.toLowerCase()) return [];
  return [warningOf("COLLATION_DIFFERS", { database, collation, instance: instanceId, instanceCollation })];
}
