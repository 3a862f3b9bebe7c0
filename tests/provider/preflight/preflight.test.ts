import type { PlainObject } from "../../../provider/model/plain";
import type { BackupSpec } from "../../../testing/backup-writer/write-backup";
import { Fixture, messages, URN } from "../../../testing/fixture";
import { NO_BASELINE } from "../support/no-baseline";

const GIB = 2 ** 30;

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.close());

const urnOf = (name: string): string => URN.replace("::erp", `::${name}`);

async function findings(args: PlainObject): Promise<{ failures: string[]; warnings: string[] }> {
  const { failures, log } = await fixture.preview(args);
  return { failures, warnings: messages(log, "warning") };
}

const instance = (seed: object): Promise<void> =>
  fixture.emulator.rds.setInstance({ id: fixture.emulator.instanceId, ...seed });

/** A small backup of a database with these file sizes. */
const sized = (dataGib: number, logGib = 0): Partial<BackupSpec> => ({
  files: [
    { LogicalName: "data", PhysicalName: "D:\\data.mdf", Type: "D", Size: dataGib * GIB },
    { LogicalName: "log", PhysicalName: "D:\\log.ldf", Type: "L", Size: logGib * GIB },
  ],
});

describe("the backup against the instance", () => {
  test("a backup of a newer SQL Server is refused", async () => {
    await instance({ engineVersion: "2016_std_ha" });
    const { failures } = await findings({ backup: await fixture.backup("erp.bak") });
    expect(failures).toEqual([
      expect.stringMatching(/^VERSION_TOO_NEW: \[backup\] .*SQL Server 2019 \(database version 904\).*2016_std_ha/s),
    ]);
  });

  test("a backup of the same or an older version is accepted; for an unknown engine version it is not checked", async () => {
    const backup = await fixture.backup("erp.bak");
    for (const engineVersion of ["2019_std_ha", "2022_web"]) {
      await instance({ engineVersion });
      expect(await findings({ backup })).toEqual({ failures: [], warnings: [] });
    }
    await instance({ engineVersion: "2031_std" });
    expect(await findings({ backup })).toEqual({
      failures: [],
      warnings: [
        expect.stringMatching(
          /^not checked: whether rm-\S+ restores \S+erp\.bak\.\nThe engine version 2031_std is unknown/,
        ),
      ],
    });
  });

  test("a manifest entry replaces a missing file: its version and size are checked", async () => {
    const manifest = {
      ...{ sizeBytes: 90_000, crc64: "1", backupSetGuid: "8D0E4E34-0C7B-4F5A-9D6E-0123456789AB" },
      ...{ backupStartDate: null, backupFinishDate: null, databaseVersion: 957, restoredBytes: 200 * GIB },
    };
    // No maintenance window: the result must not depend on the time of day.
    await instance({ engineVersion: "2019_std_ha", maintainTime: "" });
    const args = { backup: "gone.bak", databaseName: "erp", manifest };
    const { failures, warnings } = await findings(args);
    expect(failures).toEqual([
      expect.stringMatching(/^VERSION_TOO_NEW: \[backup\] \S*gone\.bak .*SQL Server 2022 \(database version 957\)/s),
    ]);
    expect(warnings).toEqual([expect.stringMatching(/^SPACE_TIGHT: /)]);
  });

  test.each([
    [{ isReadOnly: true }, /^BACKUP_READ_ONLY: .*read-only on RDS/s],
    [{ isSingleUser: true }, /^BACKUP_SINGLE_USER: .*MULTI_USER/s],
    [
      { files: [...(sized(1).files ?? []), { LogicalName: "docs", PhysicalName: "D:\\fs", Type: "S", Size: 0 }] },
      /^BACKUP_OTHER_FILES: .*docs/s,
    ],
  ] as [Partial<BackupSpec>, RegExp][])("%j is a warning", async (spec, warning) => {
    const { failures, warnings } = await findings({ backup: await fixture.backup("erp.bak", spec) });
    expect(failures).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(warning)]);
  });

  test.each([
    ["SIMPLE", /^BACKUP_SIMPLE_RECOVERY: \[increments\] .*no log backups/s],
    ["BULK-LOGGED", /^BACKUP_BULK_LOGGED: \[increments\] .*requires FULL/s],
  ] as const)(
    "in the recovery model %s: a warning where increments are declared, else nothing",
    async (model, warning) => {
      const backup = await fixture.backup("erp.bak", { recoveryModel: model });
      expect(await findings({ backup })).toEqual({ failures: [], warnings: [] });
      const { failures, warnings } = await findings({ backup, phase: "restoring" });
      expect(failures).toEqual([]);
      expect(warnings).toEqual([expect.stringMatching(warning)]);
    },
  );

  test("over 3,000,000,000,000 bytes: a warning that 3 TB is not defined", async () => {
    await instance({ storageGb: 100_000 });
    const backup = await fixture.backup("erp.bak", { dataBytes: 3.1e12 }, true);
    const { failures, warnings } = await findings({ backup });
    expect(failures).toEqual([]);
    expect(warnings).toContainEqual(expect.stringMatching(/^BACKUP_NEAR_LIMIT: .*No document says whether/s));
  });

  test("a backup of a damaged database is refused", async () => {
    const { failures } = await findings({ backup: await fixture.backup("erp.bak", { isDamaged: true }) });
    expect(failures).toEqual([expect.stringMatching(/^BACKUP_OF_DAMAGED: .*CHECKDB/s)]);
  });

  test("a name that contradicts the header is a warning", async () => {
    const backup = await fixture.backup("crm_FULL_20240501020000.bak");
    const { failures, warnings } = await findings({ backup });
    expect(failures).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/^BACKUP_NAME_DIFFERS: .*database crm against erp/s)]);
  });

  test("2008 R2 with cloud disks: a warning that the documents contradict each other", async () => {
    await instance({ engineVersion: "08r2_ent_ha" });
    const backup = await fixture.backup("erp.bak", { softwareVersion: { major: 10, minor: 50, build: 6000 } });
    const { failures, warnings } = await findings({ backup });
    expect(failures).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/^VERSION_2008R2_CLOUD: .*documents disagree/s)]);
  });
});

describe("the instance", () => {
  test("without a privileged account: a warning", async () => {
    await instance({ accounts: [{ name: "app", type: "Normal" }] });
    const { failures, warnings } = await findings({ backup: await fixture.backup("erp.bak") });
    expect(failures).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/^ACCOUNT_MISSING: .*Privileged Account/s)]);
  });

  test("whose maintenance window begins before a long restore ends: a warning", async () => {
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString().slice(11, 16);
    await instance({ maintainTime: `${inAnHour}Z-${inAnHour.slice(0, 3)}59Z`, storageGb: 10_000 });
    const { failures, warnings } = await findings({ backup: await fixture.backup("erp.bak", sized(500)) });
    expect(failures).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/^MAINTENANCE_NEAR: .*before a restore of about/s)]);
  });

  test("without room for the data is refused with the total of all new databases of the run", async () => {
    await instance({ storageGb: 100, systemBytes: 0 });
    const process = fixture.process();
    const failures: string[][] = [];
    for (const name of ["a", "b", "c", "d"]) {
      const backup = await fixture.backup(`${name}.bak`, { databaseName: name, ...sized(40) });
      const previewed = await fixture.preview({ backup, resourceUrn: urnOf(name) }, undefined, process);
      failures.push(previewed.failures);
    }
    expect(failures.map((each) => each.length)).toEqual([0, 0, 1, 0]);
    expect(failures[2]?.[0]).toMatch(/^SPACE_TOO_SMALL: .*100\.0 GiB free\. With c, .*3 new databases.*120\.0 GiB/s);
  });

  test("with room for the data but not for the logs: a warning that names what is counted", async () => {
    await instance({ storageGb: 100, systemBytes: 0 });
    const { failures, warnings } = await findings({ backup: await fixture.backup("erp.bak", sized(50, 60)) });
    expect(failures).toEqual([]);
    expect(warnings).toContainEqual(expect.stringMatching(/^SPACE_TIGHT: .*log files at full size/s));
  });

  test("with too many databases: the first one above the limit is refused", async () => {
    await instance({ dbMaxQuantity: 2 });
    await fixture.emulator.rds.setDatabase({ instanceId: fixture.emulator.instanceId, name: "old" });
    const process = fixture.process();
    const failures: string[][] = [];
    for (const name of ["a", "b", "c"]) {
      const backup = await fixture.backup(`${name}.bak`, { databaseName: name });
      failures.push((await fixture.preview({ backup, resourceUrn: urnOf(name) }, undefined, process)).failures);
    }
    expect(failures.map((each) => each.length)).toEqual([0, 1, 0]);
    expect(failures[1]?.[0]).toMatch(
      /^DATABASES_TOO_MANY: .*accepts only 2 databases\.\nIt has 1; b would be number 3/,
    );
  });

  test.each([
    [["DBInstanceDiskUsed"], ["rds:DescribeResourceUsage"]],
    [[], []],
  ])(
    "without %j in its description: the used disk space is fetched in another way",
    async (withheldAttributes, calls) => {
      await instance({ storageGb: 100, systemBytes: 70 * GIB, withheldAttributes });
      const { failures } = await findings({ backup: await fixture.backup("erp.bak", sized(40)) });
      expect(failures).toEqual([expect.stringMatching(/^SPACE_TOO_SMALL: .*30\.0 GiB free/s)]);
      expect(fixture.since(0).filter((call) => call === "rds:DescribeResourceUsage")).toEqual(calls);
    },
  );

  test("without its free disk space or database limit: not checked", async () => {
    const free = `not checked: the free disk of ${fixture.emulator.instanceId}. The service does not return it.`;
    const backup = await fixture.backup("erp.bak", sized(40));
    await instance({ withheldAttributes: ["DBInstanceStorage", "DBMaxQuantity"] });
    const { failures, log } = await fixture.preview({ backup });
    expect(failures).toEqual([]);
    expect(messages(log, "warning")).toEqual([free]);
    expect(messages(log, "info")).toContainEqual(expect.stringMatching(/^not checked: how many databases/));
    await instance({ withheldAttributes: ["DBInstanceDiskUsed"] });
    await fixture.emulator.rds.forbidAction({ action: "DescribeResourceUsage" });
    expect((await findings({ backup })).warnings).toEqual([
      expect.stringMatching(
        /^not checked: the free disk of the instance\.\nNOT_AUTHORIZED: .*rds:DescribeResourceUsage/s,
      ),
    ]);
  });

  test("whose edition lists no tasks: the quotas are reported as not checked", async () => {
    await instance({ engineVersion: "2017_ent", category: "AlwaysOn" });
    const backup = await fixture.backup("erp.bak", { softwareVersion: { major: 14, minor: 0, build: 3000 } });
    const { failures, log } = await fixture.preview({ backup });
    expect(failures).toEqual([]);
    expect(messages(log, "info")).toContainEqual(
      `not checked: the quotas of ${fixture.emulator.instanceId}. Its edition does not list migration tasks.`,
    );
  });

  test("with a used-up daily quota of a database: a warning", async () => {
    const { instanceId } = fixture.emulator;
    await fixture.emulator.rds.shapeRestore({ failWith: "DBCC checkdb failed", always: true });
    await fixture.emulator.rds.setPace({ taskMs: 0 });
    const backup = await fixture.backup("erp.bak");
    await fixture.up({ backup, wait: "submitted" });
    const { rds } = fixture.process().session.clients;
    const [task] = await fixture.tasks();
    const position = `oss-cn-hangzhou.aliyuncs.com:${fixture.emulator.bucket}:erp_FULL_20240501020000.bak`;
    while ((await fixture.tasks()).length < 20) {
      const request = { instanceId, databaseName: task?.dbName ?? "erp", checkDb: "async" as const };
      await rds({}).createMigrateTask({ ...request, object: { position } });
    }
    const newer = await fixture.backup("newer.bak", { startDate: "2024-06-01T02:00:00" });
    const { failures, warnings } = await findings({ backup: newer });
    expect(failures).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(/^QUOTA_DATABASE: .*erp has used 20 of 20 .*At least 20 tasks of full backups/s),
    ]);
    // The very backup of these tasks needs none: its last one is what the next run takes up.
    const { log } = await fixture.preview({ backup });
    expect(messages(log, "warning")).toEqual([]);
    expect(messages(log, "info")).toContainEqual(expect.stringMatching(/^continues migration task \d+/));
  });

  test("with a used-up daily quota: the first database above it gets the warning, with one call per page", async () => {
    const { instanceId, bucket, oss, rds } = fixture.emulator;
    await rds.shapeRestore({ failWith: "DBCC checkdb failed", always: true });
    await rds.setPace({ taskMs: 0 });
    await oss.putObject(bucket, "old.bak", await fixture.backup("old.bak"));
    const { createMigrateTask } = fixture.process().session.clients.rds({});
    const object = { position: `oss-cn-hangzhou.aliyuncs.com:${bucket}:old.bak` };
    for (let index = 0; index < 499; index++)
      await createMigrateTask({ instanceId, databaseName: `old${index}`, checkDb: "async", object });
    const mark = fixture.mark;
    const process = fixture.process();
    for (const name of ["aa", "bb", "cc"]) {
      const backup = await fixture.backup(`${name}.bak`, { databaseName: name });
      const { failures } = await fixture.preview({ backup, resourceUrn: urnOf(name) }, undefined, process);
      expect(failures).toEqual([]);
    }
    expect(messages(process.log, "warning")).toEqual([
      expect.stringMatching(/^QUOTA_INSTANCE: .*has used 499 of 500 .*At least 499 migrations .* this run adds 2\./s),
    ]);
    expect(fixture.since(mark).filter((call) => call === "rds:DescribeMigrateTasks")).toHaveLength(5);
  });
});

describe("the import role", () => {
  test("missing is refused, with the link to grant it", async () => {
    await fixture.emulator.ram.removeRole({ name: "AliyunRDSImportRole" });
    const { failures } = await findings({ backup: await fixture.backup("erp.bak") });
    expect(failures).toEqual([
      expect.stringMatching(/^IMPORT_ROLE_MISSING: .*AliyunRDSImportRole.*https:\/\/\S+.*Restore from OSS Backup/s),
    ]);
  });

  test("missing is accepted at the preview of a program that creates it", async () => {
    await fixture.emulator.ram.removeRole({ name: "AliyunRDSImportRole" });
    const { failures, warnings } = await findings({
      backup: await fixture.backup("erp.bak"),
      roleMayNotExistYet: true,
    });
    expect({ failures, warnings }).toEqual({ failures: [], warnings: [] });
  });

  test("missing beside the newer role, or trusting another service: a warning", async () => {
    const backup = await fixture.backup("erp.bak");
    const { ram } = fixture.emulator;
    await ram.setRole({ name: "AliyunRDSImportRole", trustedServices: ["ecs.aliyuncs.com"] });
    expect((await findings({ backup })).warnings).toEqual([expect.stringMatching(/^IMPORT_ROLE_NOT_TRUSTING/)]);
    await ram.removeRole({ name: "AliyunRDSImportRole" });
    await ram.setRole({ name: "AliyunServiceRoleForRdsImport" });
    expect((await findings({ backup })).warnings).toEqual([expect.stringMatching(/^IMPORT_ROLE_LINKED/)]);
  });

  test("that the credentials may not read is not checked, and the warning contains the missing policy", async () => {
    await fixture.emulator.ram.forbidAction({ action: "GetRole" });
    const { failures, warnings } = await findings({ backup: await fixture.backup("erp.bak") });
    expect(failures).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/^not checked: the role AliyunRDSImportRole.*NOT_AUTHORIZED/s)]);
    const [policy = ""] = /\{.*\}/.exec(warnings[0] ?? "") ?? [];
    expect(JSON.parse(policy)).toEqual({
      Version: "1",
      Statement: [{ Effect: "Allow", Action: ["ram:GetRole"], Resource: ["acs:ram:*:*:role/AliyunRDSImportRole"] }],
    });
  });
});

describe("a bucket of another account is refused", () => {
  test("where OSS refuses access to it", async () => {
    fixture.emulator.oss.makeBucket({ name: "others", ownerId: "1234567890123456" });
    const { failures } = await findings({ backup: await fixture.backup("erp.bak"), bucket: "others" });
    expect(failures).toEqual([
      expect.stringMatching(/^BUCKET_FOREIGN: \[bucket\] others belongs to another account.*not belong to you/s),
    ]);
  });

  test("where a bucket policy allows access: by its owner and the account of the role", async () => {
    const { session, log } = fixture.process();
    const bucket = async () => ({ ...(await session.lookups.bucket({}, fixture.emulator.bucket)), ownerId: "17" });
    const shown = { ...session, lookups: { ...session.lookups, bucket } };
    const backup = await fixture.backup("erp.bak");
    const { failures } = await fixture.preview({ backup }, undefined, { session: shown, log });
    expect(failures).toEqual([
      expect.stringMatching(
        `^BUCKET_OTHER_ACCOUNT: [^]* belongs to account 17, the instance to ${fixture.emulator.accountId}`,
      ),
    ]);
  });
});

describe("an object that already exists in the bucket", () => {
  test.each([
    [{ storageClass: "IA" }, /^OBJECT_NOT_STANDARD: .*storage class IA/s],
    [{ storageClass: "Archive" }, /^OBJECT_NOT_STANDARD/],
    [{ serverSideEncryption: "KMS" }, /^OBJECT_ENCRYPTED: .*KMS/s],
  ] as const)("with %j is refused", async (wish, failure) => {
    const { bucket, oss } = fixture.emulator;
    await oss.putObject(bucket, "erp.bak", await fixture.backup("erp.bak"), wish);
    expect((await findings({ backup: `oss://${bucket}/erp.bak` })).failures).toEqual([expect.stringMatching(failure)]);
  });

  test("with a name that the documents treat differently: a warning", async () => {
    const { bucket, oss } = fixture.emulator;
    await oss.putObject(bucket, "erp (copy).bak", await fixture.backup("erp.bak"));
    const { failures, warnings } = await findings({ backup: `oss://${bucket}/erp (copy).bak` });
    expect(failures).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/^KEY_DOUBTFUL: .*documents disagree/s)]);
  });
});

test("conditions that this migration's own task causes are a note, although the instance is busy and full", async () => {
  await fixture.emulator.rds.shapeRestore({ holdAt: "downloading" });
  const args = { backup: await fixture.backup("erp.bak", sized(40)) };
  const lost = await fixture.up({ ...args, wait: "submitted" });
  await instance({ status: "Restoring", dbMaxQuantity: 0, storageGb: 10 });
  const { failures, log } = await fixture.preview(args);
  expect(failures).toEqual([]);
  expect(messages(log, "warning")).toEqual([]);
  expect(messages(log, "info")).toEqual([
    `continues migration task ${lost.outputs.migrateTaskId}, which an earlier run submitted`,
    NO_BASELINE,
  ]);
});

describe("the requests", () => {
  const ALL = [
    ...["rds:DescribeDBInstanceAttribute", "oss:GetBucketInfo", "ram:GetRole"],
    ...["rds:DescribeAccounts", "rds:DescribeMigrateTasks", "rds:DescribeDatabases"],
  ];

  async function previewAll(count: number): Promise<void> {
    const process = fixture.process();
    for (let index = 0; index < count; index++) {
      const name = `db${index}`;
      const backup = await fixture.backup(`${name}.bak`, { databaseName: name, dataBytes: 8192 });
      const { failures } = await fixture.preview({ backup, resourceUrn: urnOf(name) }, undefined, process);
      expect(failures).toEqual([]);
    }
  }

  test("are shared: fifty new databases need as many calls as one", async () => {
    await previewAll(50);
    expect(fixture.since(0).sort()).toEqual([...ALL].sort());
  });

  test("grow with pages: 250 databases on the instance take three", async () => {
    const { instanceId } = fixture.emulator;
    for (let index = 0; index < 250; index++)
      await fixture.emulator.rds.setDatabase({ instanceId, name: `old${index}` });
    await previewAll(3);
    expect(fixture.since(0).filter((call) => call === "rds:DescribeDatabases")).toHaveLength(3);
    expect(fixture.since(0)).toHaveLength(ALL.length + 2);
  });

  test("do not happen when nothing is new", async () => {
    const args = { backup: await fixture.backup("erp.bak") };
    const done = await fixture.up(args);
    const mark = fixture.mark;
    expect((await fixture.preview(args, done)).failures).toEqual([]);
    expect(fixture.since(mark)).toEqual([]);
  });

  test.each([
    ["DescribeAccounts", "the accounts"],
    ["DescribeMigrateTasks", "the quotas of the day"],
    ["DescribeDatabases", "the databases"],
  ])("that are not permitted (%s) are reported as not checked, with the policy", async (action, what) => {
    await fixture.emulator.rds.forbidAction({ action });
    const { failures, warnings } = await findings({ backup: await fixture.backup("erp.bak") });
    expect(failures).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(`^not checked: ${what}\\.\\sNOT_AUTHORIZED`)]);
    expect(warnings[0]).toContain(`"Action":["rds:${action}"]`);
  });
});
