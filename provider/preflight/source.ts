import type { InstanceFacts } from "../aliyun/rds-api";
import { isSameName } from "../model/names";
import type { Baseline } from "../source/baseline";
import { baselineFindings } from "../source/baseline-findings";
import { type Finding, notChecked, warningOf } from "./finding";

export interface SourceInput {
  baseline: Baseline;
  /** The database's name on the source. */
  database: string;
  /** Undefined where it could not be looked at: then nothing is said about versions, editions and collations. */
  instance: InstanceFacts | undefined;
  /** Whether the backup's own header was read. */
  hasHeader: boolean;
}

/** What the header of the backup tells better: the baseline was written before it, and may be older than what was done about it. */
const TOLD_BY_HEADER = new Set(["SOURCE_NOT_ONLINE", "SOURCE_NEWER", "SOURCE_NOT_WRITABLE"]);

/** The findings of the source's baseline about one database, and whether its collation is the instance's. */
export function checkSource({ baseline, database, instance, hasHeader }: SourceInput): Finding[] {
  const found = baselineFindings(baseline, {
    engineVersion: instance?.engineVersion,
    databases: [database],
    // What is written down together is taken for what is migrated together.
    together: baseline.databases.map(({ name }) => name),
  }).filter(({ code }) => !hasHeader || !TOLD_BY_HEADER.has(code));
  return [...found, ...checkCollation({ baseline, database, instance })];
}

/** tempdb has the instance's collation: a comparison of the two is error 468. Names are compared by the server's, too. */
function checkCollation({ baseline, database, instance }: Omit<SourceInput, "hasHeader">): Finding[] {
  const collation = baseline.databases.find(({ name }) => isSameName(name, database))?.collation;
  if (instance === undefined || collation === undefined) return [];
  const { instanceId, collation: instanceCollation } = instance;
  if (collation === null || instanceCollation === undefined) {
    const why = collation === null ? "The baseline does not tell it." : "The service does not tell the instance's.";
    return [notChecked(`whether the collation of ${database} is that of ${instanceId}`, why)];
  }
  if (collation.toLowerCase() === instanceCollation.toLowerCase()) return [];
  return [warningOf("COLLATION_DIFFERS", { database, collation, instance: instanceId, instanceCollation })];
}
