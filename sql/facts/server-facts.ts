import { type FactGroup, factGroup, flag, number, text, time } from "../../provider/source/fact-group";

const BOTH = ["baseline", "verify"] as const;
const SOURCE_ONLY = ["baseline"] as const;

/** Looks up an option by name, so that an unknown one gives null and not an error. */
const configured = (name: string) =>
  flag(`(SELECT CONVERT(int, c.value_in_use) FROM sys.configurations AS c WHERE c.name = N'${name}')`);

const LAST_GOOD_CHECKDB = "CONVERT(datetime, DATABASEPROPERTYEX(d.name, N'LastGoodCheckDbTime'))";

/** Restricts a query to the databases of the script's parameters. */
const WANTED = "INNER JOIN #wanted AS w ON w.database_id = d.database_id";

/** Endpoints with a lower id belong to the system. [sys.endpoints] */
const LAST_SYSTEM_ENDPOINT = 65535;

/** Facts that are queried on the server, without entering a database. */
export const serverFacts: readonly FactGroup[] = [
  factGroup({
    kind: "server",
    scope: "server",
    scripts: BOTH,
    facts: {
      serverName: text("CONVERT(nvarchar(128), SERVERPROPERTY(N'ServerName'))"),
      productVersion: text("CONVERT(nvarchar(128), SERVERPROPERTY(N'ProductVersion'))"),
      edition: text("CONVERT(nvarchar(128), SERVERPROPERTY(N'Edition'))"),
      engineEdition: number("CONVERT(int, SERVERPROPERTY(N'EngineEdition'))"),
      collation: text("CONVERT(nvarchar(128), SERVERPROPERTY(N'Collation'))"),
      takenAt: time("GETDATE()"),
      takenAtUtc: time("GETUTCDATE()"),
      clrEnabled: configured("clr enabled"),
      containedAuthentication: configured("contained database authentication"),
      crossDatabaseChaining: configured("cross db ownership chaining"),
    },
    from: "",
  }),
  factGroup({
    kind: "database",
    scope: "server",
    scripts: BOTH,
    facts: {
      database: text("d.name"),
      state: text("d.state_desc"),
      createDate: time("d.create_date"),
      compatibilityLevel: number("d.compatibility_level"),
      collation: text("d.collation_name"),
      recoveryModel: text("d.recovery_model_desc"),
      owner: text("SUSER_SNAME(d.owner_sid)"),
      userAccess: text("d.user_access_desc"),
      pageVerify: text("d.page_verify_option_desc"),
      isReadOnly: flag("d.is_read_only"),
      isStandby: flag("d.is_in_standby"),
      isTrustworthy: flag("d.is_trustworthy_on"),
      isChained: flag("d.is_db_chaining_on"),
      isBrokerEnabled: flag("d.is_broker_enabled"),
      isCdcEnabled: flag("d.is_cdc_enabled"),
      isPublished: flag("d.is_published"),
      // sys.databases.is_subscribed is always 0 [sys.databases].
      isSubscribed: flag("CONVERT(int, DATABASEPROPERTYEX(d.name, N'IsSubscribed'))"),
      isMergePublished: flag("d.is_merge_published"),
      isEncrypted: flag("d.is_encrypted"),
      isMasterKeyEncryptedByServer: flag("d.is_master_key_encrypted_by_server"),
      isAutoCreateStatistics: flag("d.is_auto_create_stats_on"),
      isAutoUpdateStatistics: flag("d.is_auto_update_stats_on"),
      isReadCommittedSnapshot: flag("d.is_read_committed_snapshot_on"),
      snapshotIsolation: text("d.snapshot_isolation_state_desc"),
      isChangeTracked: flag(
        "CASE WHEN EXISTS (SELECT 1 FROM sys.change_tracking_databases AS t WHERE t.database_id = d.database_id) THEN 1 ELSE 0 END",
      ),
      // NULL before 2016 SP2; the script uses DBCC DBINFO on older servers.
      lastGoodCheckDb: time(
        `CASE WHEN ${LAST_GOOD_CHECKDB} > CONVERT(datetime, N'19000101', 112) THEN ${LAST_GOOD_CHECKDB} END`,
      ),
      containment: text("d.containment_desc", 11),
      isInAvailabilityGroup: flag("CASE WHEN d.replica_id IS NULL THEN 0 ELSE 1 END", 11),
      delayedDurability: text("d.delayed_durability_desc", 12),
      isQueryStoreOn: flag("d.is_query_store_on", 13),
    },
    from: `FROM sys.databases AS d ${WANTED}`,
  }),
  factGroup({
    kind: "encryptionKey",
    scope: "server",
    scripts: SOURCE_ONLY,
    facts: {
      database: text("d.name"),
      encryptionState: number("k.encryption_state"),
      algorithm: text("k.key_algorithm"),
      encryptorType: text("k.encryptor_type", 11),
    },
    from: `FROM sys.dm_database_encryption_keys AS k INNER JOIN sys.databases AS d ON d.database_id = k.database_id ${WANTED}`,
  }),
  factGroup({
    kind: "job",
    scope: "server",
    scripts: SOURCE_ONLY,
    facts: {
      name: text("j.name"),
      database: text("s.database_name"),
      isEnabled: flag("MAX(CONVERT(int, j.enabled))"),
    },
    from: "FROM msdb.dbo.sysjobs AS j INNER JOIN msdb.dbo.sysjobsteps AS s ON s.job_id = j.job_id INNER JOIN #wanted AS w ON w.name COLLATE DATABASE_DEFAULT = s.database_name COLLATE DATABASE_DEFAULT GROUP BY j.name, s.database_name",
  }),
  factGroup({
    kind: "linkedServer",
    scope: "server",
    scripts: SOURCE_ONLY,
    facts: { name: text("l.name"), product: text("l.product"), provider: text("l.provider") },
    from: "FROM sys.servers AS l WHERE l.is_linked = 1",
  }),
  factGroup({
    kind: "serverTrigger",
    scope: "server",
    scripts: SOURCE_ONLY,
    facts: { name: text("t.name"), isEnabled: flag("1 - CONVERT(int, t.is_disabled)") },
    from: "FROM sys.server_triggers AS t WHERE t.is_ms_shipped = 0",
  }),
  factGroup({
    kind: "endpoint",
    scope: "server",
    scripts: SOURCE_ONLY,
    facts: { name: text("e.name"), type: text("e.type_desc") },
    from: `FROM sys.endpoints AS e WHERE e.endpoint_id > ${LAST_SYSTEM_ENDPOINT}`,
  }),
  factGroup({
    kind: "mailProfile",
    scope: "server",
    scripts: SOURCE_ONLY,
    facts: { name: text("p.name") },
    from: "FROM msdb.dbo.sysmail_profile AS p",
  }),
  factGroup({
    kind: "workloadGroup",
    scope: "server",
    scripts: SOURCE_ONLY,
    facts: { name: text("g.name") },
    from: [
      "FROM sys.resource_governor_workload_groups AS g WHERE g.name NOT IN (N'internal', N'default')",
      "AND EXISTS (SELECT 1 FROM sys.resource_governor_configuration AS c WHERE c.is_enabled = 1)",
    ].join(" "),
  }),
  factGroup({
    kind: "traceFlag",
    scope: "server",
    scripts: SOURCE_ONLY,
    before: [
      "CREATE TABLE #trace_flags (flag int, is_on int, is_global int, is_session int);",
      "INSERT INTO #trace_flags (flag, is_on, is_global, is_session) EXEC (N'DBCC TRACESTATUS (-1) WITH NO_INFOMSGS;');",
    ].join(" "),
    facts: { name: text("CONVERT(nvarchar(10), f.flag)") },
    from: "FROM #trace_flags AS f WHERE f.is_on = 1 AND f.is_global = 1",
  }),
];
