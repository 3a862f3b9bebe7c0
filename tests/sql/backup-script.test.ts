import { partOf, readScript } from "./support/scripts";
import { runTsql, type Value } from "./support/tsql-interpreter";
import { tokensOf } from "./support/tsql-tokens";

const script = readScript("backup-databases.sql");
/** The script without comments and with single blanks, as the server parses it. */
const code = tokensOf(script)
  .map(({ kind, text }) => (kind === "string" ? `'${text.replace(/\s+/g, " ")}'` : text))
  .join(" ");
const words = tokensOf(script)
  .filter(({ kind }) => kind === "word")
  .map(({ text }) => text.toUpperCase());

describe("the parameters", () => {
  it("are the vendor's four parameters, with a dry run as the default, and four more", () => {
    const parameters = [...script.matchAll(/^SET (@\w+) = (.+);$/gm)]
      .slice(0, 8)
      .map(([, name, value]) => [name, value]);
    expect(parameters).toEqual([
      ["@backup_databases_list", "N''"],
      ["@backup_type", "N'FULL'"],
      ["@backup_folder", "N''"],
      ["@is_run", "0"],
      ["@copy_only", "0"],
      ["@verify", "0"],
      ["@compression", "1"],
      ["@norecovery", "0"],
    ]);
  });

  it("have room for any folder; SYSNAME would truncate it at 128 characters", () => {
    expect(code).toMatch(/@backup_folder nvarchar \( 4000 \)/);
    expect(code).toMatch(/@path nvarchar \( 4000 \)/);
  });

  it("do not start a run when they are NULL", () => expect(code).toContain("@is_run = ISNULL ( @is_run , 0 )"));
});

describe("the statement", () => {
  const statementFor = (given: Record<string, Value>): string =>
    String(
      runTsql(partOf("backup-databases.sql", "backup-statement"), {
        "@statement": null,
        "@as_copy": 0,
        "@norecovery": 0,
        "@sees_files": 1,
        "@attempt": 1,
        "@compression_option": "",
        "@backup_type": "FULL",
        ...given,
      }).variables["@statement"],
    );
  const compressionFor = (given: Record<string, Value>): string =>
    String(
      runTsql(partOf("backup-databases.sql", "compression"), {
        "@can_compress": null,
        "@compression_option": null,
        "@compression": 1,
        "@version": 15,
        "@engine_edition": 3,
        "@edition_id": 1804890536,
        ...given,
      }).variables["@compression_option"],
    );

  it.each(["FULL", "DIFF", "LOG"].flatMap((type) => [0, 1].map((copy) => [type, copy] as const)))(
    "%s with copy-only %d conforms to the grammar of BACKUP",
    (type, copy) => {
      const statement = statementFor({
        "@backup_type": type,
        "@as_copy": copy,
        "@compression_option": ", COMPRESSION",
      });
      expect(statement).toMatch(
        /^BACKUP (DATABASE|LOG) @db TO DISK = @file WITH [A-Z_]+( = (@\w+|\d+))?(, [A-Z_]+( = (@\w+|\d+))?( \([A-Z_ =]+\))?)*; SET @error = @@ERROR;$/,
      );
      expect(statement.startsWith("BACKUP LOG ")).toBe(type === "LOG");
      expect(statement.includes(", DIFFERENTIAL")).toBe(type === "DIFF");
      expect(statement.includes(", COPY_ONLY")).toBe(copy === 1);
    },
  );

  it("closes the database only with @norecovery", () => {
    expect(statementFor({ "@backup_type": "LOG" })).not.toContain("NORECOVERY");
    expect(statementFor({ "@backup_type": "LOG", "@norecovery": 1 })).toBe(
      "BACKUP LOG @db TO DISK = @file WITH CHECKSUM, INIT, NAME = @set, STATS = 10, NORECOVERY; SET @error = @@ERROR;",
    );
  });

  it("passes names and paths only as parameters, so that nothing needs quoting", () => {
    expect(code).toMatch(
      /sp_executesql @statement , '@db sysname, @file nvarchar\(260\), .+?' , @db = @name , @file = @path/,
    );
    expect(partOf("backup-databases.sql", "backup-statement")).not.toMatch(/@name|@path|QUOTENAME/);
    expect(words).not.toContain("QUOTENAME");
  });

  it("requests checksums, and INIT for a new file", () => {
    expect(statementFor({})).toMatch(/WITH CHECKSUM, INIT, /);
    expect(code).toMatch(/xp_fileexist @path ; IF EXISTS .*? is_file = 1 .*?there is a file of this name already/);
  });

  it.each([
    ["Enterprise", { "@engine_edition": 3 }, ", COMPRESSION"],
    ["Standard", { "@engine_edition": 2, "@edition_id": -1534726760 }, ", COMPRESSION"],
    ["Business Intelligence", { "@engine_edition": 2, "@edition_id": 284895786 }, ", COMPRESSION"],
    ["Web", { "@engine_edition": 2, "@edition_id": 1293598313 }, ""],
    ["Express", { "@engine_edition": 4, "@edition_id": -1592396055 }, ""],
    ["Enterprise, switched off", { "@compression": 0 }, ", NO_COMPRESSION"],
    ["Web, switched off", { "@engine_edition": 2, "@edition_id": 1293598313, "@compression": 0 }, ""],
    ["Enterprise 2022", { "@version": 16 }, ", COMPRESSION (ALGORITHM = MS_XPRESS)"],
    ["Enterprise 2022, switched off", { "@version": 16, "@compression": 0 }, ", NO_COMPRESSION"],
    ["Express 2022", { "@version": 16, "@engine_edition": 4, "@edition_id": -1592396055 }, ""],
  ])("compresses if the edition supports it: %s", (_name, given, option) => expect(compressionFor(given)).toBe(option));

  it("is retried without compression when the edition refused it before a file existed", () => {
    expect(statementFor({ "@attempt": 2, "@compression_option": ", COMPRESSION" })).not.toContain("COMPRESSION");
    expect(code).toMatch(/IF @error = 0 OR @compression_option = '' BREAK ;/);
    expect(code).toMatch(/is_file = 1 \) BREAK ; SET @attempt = @attempt \+ 1/);
  });

  it("is copy-only for a full backup on a secondary replica, and never for a log there", () => {
    expect(code).toContain("WHEN @backup_type = 'FULL' AND ( @copy_only = 1 OR w . replica_role = 2 ) THEN 1");
    expect(code).toContain(
      "replica_role = 2 AND ( @backup_type = 'DIFF' OR ( @backup_type = 'LOG' AND @copy_only = 1 ) )",
    );
  });
});

describe("the tail of the log", () => {
  it("is for LOG that is not copy-only, and for named databases", () => {
    expect(code).toMatch(
      /IF @norecovery = 1 AND \( @backup_type <> 'LOG' OR @copy_only = 1 \) BEGIN RAISERROR .*? RETURN ;/,
    );
    expect(code).toMatch(/IF @norecovery = 1 AND @names = 0 BEGIN RAISERROR .*? RETURN ;/);
    expect(code).toContain("SET @norecovery = ISNULL ( @norecovery , 0 )");
  });

  it("is refused for mirrored databases and for replicas", () => {
    expect(code).toContain("WHEN @norecovery = 1 AND m . mirroring_role IS NOT NULL THEN");
    expect(code).toMatch(
      /'FAILED' , reason = 'in an availability group.*? replica_role IS NOT NULL AND @norecovery = 1/,
    );
  });

  it("prints how to open the database again, and neither opens it nor ends a session", () => {
    expect(code).toMatch(/'closed: RESTORE DATABASE \[' .*? WITH RECOVERY opens it again'/);
    for (const word of ["KILL", "SINGLE_USER", "ROLLBACK"]) expect(words).not.toContain(word);
  });
});

describe("a failing database", () => {
  it("no TRY surrounds BACKUP, and XACT_ABORT is off", () => {
    expect(words).not.toContain("TRY");
    expect(words).not.toContain("CATCH");
    expect(code).toContain("SET XACT_ABORT OFF");
  });

  it("the error is read directly after the statement, and a statement that does not compile is a failure", () => {
    expect(code).toMatch(/SET @error = - 1 ; EXEC sys \. sp_executesql @statement/);
    expect(code).toMatch(/IF @error <> 0 BEGIN UPDATE #databases SET outcome = 'FAILED'.*?CONTINUE ;/);
  });

  it("the run ends with a row for each database, and with an error if one failed", () => {
    const end = code.slice(code.lastIndexOf("SELECT database_name"));
    for (const column of [
      "outcome",
      "reason",
      "backup_file",
      "backup_bytes",
      "first_lsn",
      "last_lsn",
      "backup_set_guid",
    ])
      expect(end).toContain(column);
    expect(end).toMatch(/IF @failed > 0 RAISERROR \( '%d of %d databases failed: .*?' , 16 , 1 , @failed , @all \) ;$/);
  });

  it("a database that was dropped or renamed during the run is a failure, also the last one", () => {
    // At the head of the loop, before the row is chosen: the last round, which chooses none, does it as well.
    expect(code).toMatch(
      /WHILE 1 = 1 BEGIN UPDATE w SET outcome = 'FAILED' , reason = 'it was dropped or renamed during the run'.*?d \. name COLLATE Latin1_General_BIN2 = w \. database_name COLLATE Latin1_General_BIN2 \) ; SELECT TOP \( 1 \)/,
    );
  });

  it("a run that chooses no database is an error", () => {
    expect(code).toContain("@good = COUNT ( CASE WHEN outcome IN ( 'backed up' , 'would back up' ) THEN 1 END )");
    expect(code).toMatch(/IF @failed = 0 AND @good = 0 RAISERROR \( 'No database was chosen: .*?' , 16 , 1 \) ;/);
  });

  it("a transaction is refused before anything else", () => {
    expect(code).toMatch(
      /^USE \[?master\]? ; SET NOCOUNT ON ; SET XACT_ABORT OFF ; SET IMPLICIT_TRANSACTIONS OFF ; IF @@TRANCOUNT > 0 BEGIN RAISERROR .*? RETURN ; END ;/,
    );
  });

  it("it is one batch, which sqlcmd -b runs to its end", () => expect(words).not.toContain("GO"));
});

describe("skipped databases", () => {
  it.each([
    ["system databases", "d . database_id <= 4"],
    ["distribution databases", "d . is_distributor = 1"],
    ["snapshots", "d . source_database_id IS NOT NULL"],
    ["mirrors", "m . mirroring_role = 2"],
    ["restoring databases", "d . state = 1"],
    ["offline databases", "d . state <> 0"],
    ["standby databases", "d . is_in_standby = 1"],
    ["SIMPLE recovery with LOG", "@backup_type = 'LOG' AND d . recovery_model = 3"],
  ])("%s have a row with the reason", (_name, condition) => expect(code).toContain(`WHEN ${condition} THEN`));

  it("are an error when they were named", () => {
    expect(code).toContain("WHEN @names > 0 THEN 'FAILED' ELSE 'left out' END");
    expect(code).toContain("CASE WHEN is_named = 1 THEN 'FAILED' ELSE 'left out' END");
  });

  it("a missing database name is an error", () =>
    expect(code).toMatch(/'FAILED' , 'there is no database of this name' FROM #requested AS r WHERE NOT EXISTS/));

  it("the forwarder of a distributed availability group is a secondary", () =>
    expect(script).toMatch(
      /IF @version >= 13 AND @sees_groups = 1\s+EXEC sys\.sp_executesql N'\s+UPDATE w\s+SET replica_role = 2[^;]+is_distributed = 1[^;]+s\.role = 2;';/,
    ));

  it("the system databases of a contained availability group are left out", () =>
    expect(script).toMatch(
      /IF @version >= 16\s+EXEC sys\.sp_executesql N'[^;]+is_contained = 1[^;]+N''_master''[^;]+N''_msdb''[^;]+;';/,
    ));

  it("the type is compared without the server's rules of case", () =>
    expect(code).toContain("UPPER ( LTRIM ( RTRIM ( @backup_type ) ) COLLATE Latin1_General_BIN2 )"));

  it("a replica that is not preferred is only reported", () => {
    const update = /UPDATE #databases SET reason = 'this replica is not .*?;/.exec(code)?.[0] ?? "";
    expect(update).toContain("is_preferred_replica = 0");
    expect(update).not.toContain("outcome =");
  });

  it("logs and differentials without a base name the backup to take first", () => {
    expect(code).toMatch(
      /its log chain has not begun: take a full backup that is not copy-only first'.*?last_log_backup_lsn IS NULL/,
    );
    expect(code).toMatch(
      /no differential base: take a full backup that is not copy-only first'.*?differential_base_lsn IS NULL/,
    );
  });
});

describe("files and folders", () => {
  it("refuses a path of more than 259 characters", () =>
    expect(code).toMatch(/DATALENGTH \( @path \) \/ 2 > 259 UPDATE .*? 'FAILED'/));

  it("the name is DatabaseName_TYPE_time.bak with one time for the run, whatever the type", () => {
    expect(code).toContain("SET @path = @backup_folder + @separator + @file_part + @ending");
    expect(code).toMatch(/SET @ending = '_' \+ @backup_type \+ '_' \+ CONVERT \( nvarchar \( 8 \) , @run_at , 112 \)/);
    expect(code).toContain("+ '.bak'");
    expect(code.match(/GETDATE/g)).toHaveLength(1);
  });

  it("creates the folder only in a run, only if it is missing, and checks the return code", () => {
    expect(code).toMatch(
      /IF @is_run = 1 AND @has_folder = 0 AND @pending > 0 BEGIN SET @return = 1 ; EXEC @return = master \. dbo \. xp_create_subdir @backup_folder ; IF @return <> 0/,
    );
    expect(code.match(/xp_create_subdir/g)).toHaveLength(1);
  });

  it("no command shell is used", () => expect(script.toLowerCase()).not.toContain("xp_cmdshell"));

  it("a dry run reaches neither BACKUP nor VERIFYONLY", () => {
    const dry = code.indexOf("IF @is_run = 0 BEGIN UPDATE #databases SET outcome = 'would back up'");
    expect(dry).toBeGreaterThan(0);
    expect(code.slice(dry)).toMatch(/^IF @is_run = 0 BEGIN UPDATE .*? ; CONTINUE ; END ;/);
    for (const act of ["BACKUP DATABASE", "BACKUP LOG", "RESTORE VERIFYONLY"])
      expect(code.indexOf(`'${act}`)).toBeGreaterThan(dry);
  });

  it("verifies the files only on request", () =>
    expect(code).toMatch(/IF @verify = 1 BEGIN .*? 'RESTORE VERIFYONLY FROM DISK = @file WITH CHECKSUM/));
});

describe("a login that is not sysadmin", () => {
  it("must name its databases when it may not see all of them", () =>
    expect(code).toMatch(
      /IF @names = 0 AND ISNULL \( HAS_PERMS_BY_NAME \( NULL , NULL , 'VIEW ANY DATABASE' \) , 0 \) = 0 BEGIN RAISERROR .*? RETURN ;/,
    ));

  it("leaves folder and files to BACKUP, which then overwrites nothing", () => {
    expect(code).toContain("SET @sees_files = ISNULL ( IS_SRVROLEMEMBER ( 'sysadmin' ) , 0 )");
    const calls = code.match(/(IF @sees_files = 1 (BEGIN )?)?INSERT INTO #paths \([^)]*\) EXEC master/g) ?? [];
    // The third call is behind IF @sees_files = 0 BREAK.
    expect(calls.map((call) => call.startsWith("IF @sees_files = 1"))).toEqual([true, true, false]);
    expect(code).toMatch(/IF @sees_files = 0 BREAK ; DELETE FROM #paths/);
    const statement = runTsql(partOf("backup-databases.sql", "backup-statement"), {
      ...{ "@statement": null, "@as_copy": 0, "@norecovery": 0, "@sees_files": 0, "@attempt": 1 },
      ...{ "@compression_option": "", "@backup_type": "FULL" },
    }).variables["@statement"];
    expect(statement).toContain("WITH CHECKSUM, NOINIT, ");
  });

  it("warns without VIEW SERVER STATE that replicas were not checked, and takes no unchecked replica offline", () => {
    expect(code).toContain(
      "WHEN HAS_PERMS_BY_NAME ( NULL , NULL , 'VIEW SERVER STATE' ) = 1 OR HAS_PERMS_BY_NAME ( NULL , NULL , 'VIEW SERVER PERFORMANCE STATE' ) = 1 THEN 1 ELSE 0 END",
    );
    for (const [view] of script.matchAll(/IF @version >= \d+[^;]*?dm_hadr_availability_replica_states/g))
      expect(view).toContain("AND @sees_groups = 1");
    expect(script).toMatch(
      /SET outcome = CASE WHEN @norecovery = 1 THEN N''FAILED'' END,\s+reason = CASE\s+WHEN @norecovery = 1 THEN N''in an availability group/,
    );
  });
});

it("a purged or unreadable history is not an error", () => {
  const history = code.slice(code.indexOf("HAS_PERMS_BY_NAME ( 'msdb"), code.lastIndexOf("SELECT database_name"));
  expect(history).toContain("msdb . dbo . backupset");
  expect(history).not.toContain("FAILED");
});

it("the header warns that a disconnecting client cancels the backup, and that its log backups break the regular chain", () => {
  const head = script.slice(0, script.indexOf("*/")).replace(/\s+/g, " ");
  expect(head).toContain("a client that disconnects usually cancels the running backup");
  expect(head).toContain("migrate those instead");
});
