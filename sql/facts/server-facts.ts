import { type FactGroup, factGroup, flag, number, text, time } from "../../provider/source/fact-group";

const BOTH = ["baseline", "verify"] as const;
const SOURCE_ONLY = ["baseline"] as const;

/** Looks up an option by name, so that an unknown one gives null and not an error. */
const configured = (name: string) =>
  flag(`(SELECT CONVERT(int, c.value_in_use) FROM sys.configurations AS c WHERE c.name = N'${name}')`);

const LAST_GOOD_CHECKDB = "CONVERT(datetime, DATABASEPROPERTYEX(d.name, N'LastGoodCheckDbTime'))";

/** Restricts a query to the databases of the script's parameters. */
const WANTED = "INNER JOIN #wanted AS w ON w.database_id = d.database_id";

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
      isSubscribed: flag("d.is_subscribed"),
      isMergePublished: flag("d.is_merge_published"),
      isEncrypted: flag("d.is_encrypted"),
      isMasterKeyEncryptedByServer: flag("d.is_master_key_encrypted_by_server"),
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
    from: "FROM msdb.dbo.sysjobs AS j INNER JOIN msdb.dbo.sysjobsteps AS s ON s.job_id = j.job_id INNER JOIN #wanted AS w ON w.name = s.database_name GROUP BY j.name, s.database_name",
  }),
  factGroup({
    kind: "linkedServer",
    scope: "server",
    scripts: SOURCE_ONLY,
    facts: { name: text("l.name"), product: text("l.product"), provider: text("l.provider") },
    from: "FROM sys.servers AS l WHERE l.is_linked = 1",
  }),
];
