import { type FactGroup, factGroup, flag, number, text } from "../../provider/source/fact-group";

const BOTH = ["baseline", "verify"] as const;
const SOURCE_ONLY = ["baseline"] as const;

const DATABASE = text("@database");
const count = (from: string) => number(`(SELECT COUNT_BIG(*) FROM ${from})`);
const objects = (...types: string[]) =>
  count(`sys.objects AS o WHERE o.is_ms_shipped = 0 AND o.type IN (${types.map((type) => `'${type}'`).join(", ")})`);

/** Pages of 8 KiB, the unit of sys.database_files. */
const PAGE_BYTES = 8192;
/**
 * Highest id of Service Broker's own services. [sys.services: observed in databases without DatabaseMail; assumed for
 * all versions]
 */
const LAST_OWN_BROKER_SERVICE = 65535;
/** SIDs of users WITHOUT LOGIN have 28 bytes, those of SQL logins 16. [field reports] */
const SID_BYTES_WITHOUT_LOGIN = 28;
/** A heap or a clustered index, which contain each row once. */
const ROWS_OF_TABLE = "p.index_id IN (0, 1)";

/** Facts that are queried in each database. */
export const databaseFacts: readonly FactGroup[] = [
  factGroup({
    kind: "dbo",
    scope: "database",
    scripts: BOTH,
    facts: {
      database: DATABASE,
      login: text("SUSER_SNAME(u.sid)"),
      isOwner: flag("CASE WHEN u.sid = d.owner_sid THEN 1 WHEN u.sid <> d.owner_sid THEN 0 END"),
    },
    from: "FROM sys.database_principals AS u INNER JOIN sys.databases AS d ON d.database_id = DB_ID() WHERE u.principal_id = 1",
  }),
  factGroup({
    kind: "file",
    scope: "database",
    scripts: BOTH,
    facts: {
      database: DATABASE,
      name: text("f.name"),
      type: text("f.type_desc"),
      sizeBytes: number(`CONVERT(bigint, f.size) * ${PAGE_BYTES}`),
    },
    from: "FROM sys.database_files AS f",
  }),
  factGroup({
    kind: "contents",
    scope: "database",
    scripts: BOTH,
    facts: {
      database: DATABASE,
      tables: objects("U"),
      rows: number(
        `(SELECT SUM(p.rows) FROM sys.partitions AS p INNER JOIN sys.tables AS t ON t.object_id = p.object_id WHERE t.is_ms_shipped = 0 AND ${ROWS_OF_TABLE})`,
      ),
      views: objects("V"),
      procedures: objects("P", "PC"),
      functions: objects("FN", "IF", "TF", "FS", "FT", "AF"),
      triggers: objects("TR", "TA"),
      // DDL triggers are in no schema, so sys.objects does not have them.
      databaseTriggers: count("sys.triggers AS t WHERE t.parent_class = 0 AND t.is_ms_shipped = 0"),
      synonyms: objects("SN"),
      sequences: objects("SO"),
      queues: objects("SQ"),
      types: count("sys.types AS t WHERE t.is_user_defined = 1"),
      indexes: count(
        "sys.indexes AS i INNER JOIN sys.objects AS o ON o.object_id = i.object_id WHERE o.is_ms_shipped = 0 AND i.type > 0",
      ),
      foreignKeys: objects("F"),
      constraints: objects("C", "D", "PK", "UQ"),
      untrustedConstraints: number(
        "(SELECT COUNT_BIG(*) FROM sys.foreign_keys AS k WHERE k.is_not_trusted = 1) + (SELECT COUNT_BIG(*) FROM sys.check_constraints AS k WHERE k.is_not_trusted = 1)",
      ),
      partitionedTables: number(
        "(SELECT COUNT(DISTINCT p.object_id) FROM sys.partitions AS p INNER JOIN sys.tables AS t ON t.object_id = p.object_id WHERE p.partition_number > 1)",
      ),
      // By number: 2008 R2 does not know the types 5 and 6, columnstore indexes.
      columnstoreIndexes: count("sys.indexes AS i WHERE i.type IN (5, 6)"),
      cdcTables: count("sys.tables AS t WHERE t.is_tracked_by_cdc = 1"),
      fulltextIndexes: count("sys.fulltext_indexes"),
      brokerServices: count(`sys.services AS s WHERE s.service_id > ${LAST_OWN_BROKER_SERVICE}`),
      memoryOptimizedFilegroups: count("sys.filegroups AS g WHERE g.type = 'FX'"),
      masterKeys: count("sys.symmetric_keys AS k WHERE k.name = N'##MS_DatabaseMasterKey##'"),
      symmetricKeys: count("sys.symmetric_keys AS k WHERE k.name <> N'##MS_DatabaseMasterKey##'"),
      certificates: count("sys.certificates"),
    },
    from: "",
  }),
  factGroup({
    kind: "table",
    scope: "database",
    scripts: BOTH,
    facts: {
      database: DATABASE,
      name: text("QUOTENAME(SCHEMA_NAME(t.schema_id)) + N'.' + QUOTENAME(t.name)"),
      rows: number("SUM(p.rows)"),
    },
    from: `FROM sys.tables AS t INNER JOIN sys.partitions AS p ON p.object_id = t.object_id WHERE t.is_ms_shipped = 0 AND ${ROWS_OF_TABLE} GROUP BY t.schema_id, t.name`,
  }),
  factGroup({
    kind: "editionFeature",
    scope: "database",
    scripts: SOURCE_ONLY,
    facts: { database: DATABASE, feature: text("s.feature_name") },
    from: "FROM sys.dm_db_persisted_sku_features AS s",
  }),
  factGroup({
    kind: "assembly",
    scope: "database",
    scripts: BOTH,
    facts: { database: DATABASE, name: text("a.name"), permissionSet: text("a.permission_set_desc") },
    from: "FROM sys.assemblies AS a WHERE a.is_user_defined = 1",
  }),
  factGroup({
    kind: "reference",
    scope: "database",
    scripts: SOURCE_ONLY,
    facts: {
      database: DATABASE,
      server: text("r.server_name"),
      otherDatabase: text("r.database_name"),
      by: text("MIN(r.by_object)"),
    },
    from: [
      // The catalog of a contained database has another collation than the database.
      "FROM (SELECT e.referenced_server_name COLLATE DATABASE_DEFAULT AS server_name, e.referenced_database_name COLLATE DATABASE_DEFAULT AS database_name,",
      "(QUOTENAME(OBJECT_SCHEMA_NAME(e.referencing_id)) + N'.' + QUOTENAME(OBJECT_NAME(e.referencing_id))) COLLATE DATABASE_DEFAULT AS by_object",
      "FROM sys.sql_expression_dependencies AS e",
      "WHERE e.referenced_database_name COLLATE DATABASE_DEFAULT <> DB_NAME() COLLATE DATABASE_DEFAULT OR e.referenced_server_name IS NOT NULL",
      "UNION ALL SELECT PARSENAME(y.base_object_name, 4) COLLATE DATABASE_DEFAULT, PARSENAME(y.base_object_name, 3) COLLATE DATABASE_DEFAULT,",
      "(QUOTENAME(SCHEMA_NAME(y.schema_id)) + N'.' + QUOTENAME(y.name)) COLLATE DATABASE_DEFAULT",
      "FROM sys.synonyms AS y",
      "WHERE PARSENAME(y.base_object_name, 3) COLLATE DATABASE_DEFAULT <> DB_NAME() COLLATE DATABASE_DEFAULT OR PARSENAME(y.base_object_name, 4) IS NOT NULL",
      ") AS r GROUP BY r.server_name, r.database_name",
    ].join(" "),
  }),
  factGroup({
    kind: "user",
    scope: "database",
    scripts: BOTH,
    facts: {
      database: DATABASE,
      name: text("u.name"),
      type: text("u.type_desc"),
      login: text("l.name"),
      isLoginDisabled: flag("CONVERT(int, l.is_disabled)"),
      isWithoutLogin: flag(
        `CASE WHEN u.type = 'S' AND DATALENGTH(u.sid) >= ${SID_BYTES_WITHOUT_LOGIN} THEN 1 ELSE 0 END`,
      ),
    },
    // 1 to 4 are dbo, guest, INFORMATION_SCHEMA and sys.
    from: "FROM sys.database_principals AS u LEFT JOIN sys.server_principals AS l ON l.sid = u.sid WHERE u.type IN ('S', 'U', 'G') AND u.principal_id > 4",
  }),
];
