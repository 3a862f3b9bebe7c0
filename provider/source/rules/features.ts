import { counted } from "../../errors/message-text";
import { nameKey } from "../../model/names";
import type { DatabaseBaseline } from "../baseline";
import { any, type BaselineRule, when } from "./baseline-rule";

const filesOf = (database: DatabaseBaseline, type: string): string[] =>
  database.files.filter((file) => file.type === type).map(({ name }) => name);

/** Features of SQL Server that a restore on another server removes, disables or may refuse. */
export const FEATURES: readonly BaselineRule[] = [
  {
    code: "SOURCE_FILESTREAM",
    severity: "warning",
    find: ({ database }) => any(filesOf(database, "FILESTREAM"), (list) => `it has FILESTREAM data (${list})`),
    remedy: "Whether RDS restores FILESTREAM is not documented: rehearse it, or move the data into a table.",
    source: "assumed: no document of ApsaraDB RDS mentions it; other services refuse it",
  },
  {
    code: "SOURCE_MEMORY_OPTIMIZED",
    severity: "warning",
    find: ({ database: { contents } }) =>
      when(
        (contents?.memoryOptimizedFilegroups ?? 0) > 0,
        "it has a filegroup for memory-optimized tables, which cannot be removed",
      ),
    remedy: "Check that the instance has the memory and the version (2016 and later, or Enterprise); rehearse it.",
    source: "In-Memory OLTP, features supported by editions",
  },
  {
    code: "SOURCE_CDC",
    severity: "warning",
    find: ({ database }) =>
      when(database.isCdcEnabled, "change data capture is on, and a restore on another server ends it"),
    remedy: "Set it up again on the destination; its history is lost.",
    source: "RESTORE (Transact-SQL), KEEP_CDC",
  },
  {
    code: "SOURCE_REPLICATED",
    severity: "warning",
    find: ({ database: { isPublished, isSubscribed, isMergePublished } }) =>
      when(
        isPublished === true || isSubscribed === true || isMergePublished === true,
        "it takes part in replication, which a restore on another server ends",
      ),
    remedy: "Set up replication again afterwards; let the subscribers catch up first.",
    source: "RESTORE (Transact-SQL), KEEP_REPLICATION",
  },
  {
    code: "SOURCE_BROKER",
    severity: "warning",
    find: ({ database }) =>
      when(
        database.isBrokerEnabled === true && (database.contents?.brokerServices ?? 0) > 0,
        "Service Broker is on and has services; it is off after a restore",
      ),
    remedy: "ALTER DATABASE … SET ENABLE_BROKER on the destination, or NEW_BROKER while the source still runs.",
    source: "RESTORE (Transact-SQL), ENABLE_BROKER",
  },
  {
    code: "SOURCE_CLR",
    severity: "warning",
    find: ({ database }) =>
      any(
        database.assemblies.map(({ name, permissionSet }) => `${name} (${permissionSet ?? "?"})`),
        (list) => `it has CLR assemblies: ${list}`,
      ),
    remedy: "CLR has to be on at the destination; from 2017 on assemblies have to be signed or trusted there.",
    source: "clr strict security",
  },
  {
    code: "SOURCE_FULLTEXT",
    severity: "warning",
    find: ({ database: { contents } }) =>
      when(
        (contents?.fulltextIndexes ?? 0) > 0,
        `it has ${counted(contents?.fulltextIndexes ?? 0, "full-text index", "full-text indexes")}`,
      ),
    remedy: "Check after the migration that full-text search is installed and the catalogs are populated.",
    source: "Upgrade full-text search",
  },
  {
    code: "SOURCE_REFERENCES",
    severity: "warning",
    find: ({ database, together }) =>
      any(
        database.references
          .filter(({ server, otherDatabase }) => server !== null || !together.has(nameKey(otherDatabase ?? "")))
          .map(
            ({ server, otherDatabase, by }) => `${[server, otherDatabase].filter(Boolean).join(".")} in ${by ?? "?"}`,
          ),
        (list) => `it refers to objects that are not migrated: ${list}`,
      ),
    remedy: "Migrate those databases together, create the linked servers on the destination, or change the code.",
    source: "sys.sql_expression_dependencies, sys.synonyms",
  },
  {
    code: "SOURCE_CONTAINED",
    severity: "warning",
    find: ({ database: { containment } }) =>
      when(containment !== null && containment !== "NONE", `it is a contained database (${containment})`),
    remedy: "The destination needs contained database authentication; check that its users can log in.",
    source: "Contained databases",
  },
];
