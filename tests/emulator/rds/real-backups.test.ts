import * as fs from "node:fs";
import * as path from "node:path";
import { type BackupSpec, backupBytes } from "../../../testing/backup-writer/write-backup";
import { BUCKET, positionOf, RdsFixture } from "../support/rds-fixture";

const SAMPLES = path.join(__dirname, "..", "..", "..", "..", "shared", "samples");
const haveSamples = fs.existsSync(SAMPLES);
if (!haveSamples) console.warn(`skipped: restores of real backups, because ${SAMPLES} does not exist`);

/** Creates a service that reads backups with the provider's reader. */
const fixture = (engineVersion: string) => new RdsFixture({ instances: [{ engineVersion }], readBackup: undefined });

async function restore(on: RdsFixture, bytes: Uint8Array): Promise<Record<string, string>> {
  on.world.putObject({ bucket: BUCKET, key: "x.bak", bytes });
  const taskId = await on.submit({ DBName: "Restored", OssObjectPositions: positionOf("x.bak") });
  on.advancePastTask();
  return on.task(taskId);
}

const GENERATED: { what: string; spec: BackupSpec; engineVersion?: string; description: RegExp }[] = [
  { what: "a full backup", spec: { databaseName: "Erp", type: "full" }, description: /^Success to DBCC/ },
  {
    what: "a compressed full backup",
    spec: { databaseName: "Erp", type: "full", compressed: true },
    description: /^Success/,
  },
  { what: "a differential", spec: { databaseName: "Erp", type: "differential" }, description: /Differential backup/ },
  { what: "a log", spec: { databaseName: "Erp", type: "log" }, description: /Transaction Log backup/ },
  {
    what: "one of two stripes",
    spec: { databaseName: "Erp", type: "full", family: { count: 2, sequence: 1 } },
    description: /^Failed to verify x\.bak, /,
  },
  {
    what: "a backup of SQL Server 2019 on 2017",
    spec: { databaseName: "Erp", type: "full" },
    engineVersion: "2017_std_ha",
    description: /^Failed to verify x\.bak, /,
  },
];

test.each(GENERATED)("checks the header of $what", async ({ spec, engineVersion = "2022_std_ha", description }) => {
  expect((await restore(fixture(engineVersion), backupBytes(spec))).Description).toMatch(description);
});

test("reads the size of the restored database from the header", async () => {
  const on = fixture("2022_std_ha");
  const before = Number((await on.send("DescribeResourceUsage")).DiskUsed);
  const file = { LogicalName: "data", PhysicalName: "D:\\d.mdf", Type: "D", Size: 7 * 1024 ** 3 } as const;
  await restore(on, backupBytes({ databaseName: "Erp", type: "full", files: [file] }));
  expect(Number((await on.send("DescribeResourceUsage")).DiskUsed) - before).toBe(7 * 1024 ** 3);
});

test.each([
  ["truncated", (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 512)],
  ["damaged in its first block", (bytes: Uint8Array) => bytes.with(20, (bytes[20] ?? 0) ^ 1)],
  ["a text file", () => Buffer.from("version https://git-lfs.github.com/spec/v1\n")],
  ["empty", () => new Uint8Array()],
])("fails to verify a backup that is %s", async (_, damage) => {
  const bytes = damage(backupBytes({ databaseName: "Erp", type: "full" }));
  expect(await restore(fixture("2022_std_ha"), bytes)).toMatchObject({
    Status: "Failed",
    Description: "Failed to verify x.bak, backup file was corrupted or newer edition than RDS.",
  });
});

const withSamples = haveSamples ? test : test.skip;
const sample = (file: string): Uint8Array => fs.readFileSync(path.join(SAMPLES, file));

withSamples.each([
  ["RestoreTimeClean/RestoreTimeClean.bak", "Success"],
  ["compressed/TutorialDB.bak", "Success"],
  ["compressed/sql_lab1.bak", "Failed"],
  ["sql2017/backup_test_raw.bak", "Success"],
  ["stripes/RestoreTimeStripe.bak", "Failed"],
  ["backuppassword/passwd.bak", "Failed"],
  ["DoubleDiffing/difftest-diff1.bak", "Failed"],
  ["RestoreTimeClean/RestoreTimeClean_1.trn", "Failed"],
])("restores the real backup %s on 2019: %s", async (file, status) => {
  expect((await restore(fixture("2019_std_ha"), sample(file))).Status).toBe(status);
});

withSamples.each([
  {
    chain: "a full backup and its logs",
    files: [
      "_FULL_20160629_141300.bak",
      "_LOG_20160629_141400.trn",
      "_LOG_20160629_141700.trn",
      "_LOG_20160629_142000.trn",
    ],
    status: "Waiting",
  },
  {
    chain: "a full backup, its differential and the next log with new records",
    files: ["_FULL_20160629_142200.bak", "_DIFF_20160629_142500.bak", "_LOG_20160629_142900.trn"],
    status: "Waiting",
  },
  {
    chain: "logs across a later full backup",
    files: [
      "_FULL_20160629_141300.bak",
      "_DIFF_20160629_141900.bak",
      "_LOG_20160629_142300.trn",
      "_LOG_20160629_142600.trn",
    ],
    status: "Waiting",
  },
  {
    chain: "a chain with a missing log",
    files: ["_FULL_20160629_141300.bak", "_LOG_20160629_142000.trn"],
    status: "Failed",
  },
  {
    chain: "a differential of the later full backup",
    files: ["_FULL_20160629_141300.bak", "_DIFF_20160629_142500.bak"],
    status: "Failed",
  },
])("restores $chain: $status", async ({ files, status }) => {
  const on = fixture("2012_std_ha");
  let taskId = "";
  for (const file of files) {
    on.world.putObject({ bucket: BUCKET, key: file, bytes: sample(path.join("ola-chain", `test${file}`)) });
    const params = { DBName: "Ola", BackupMode: "UPDF", IsOnlineDB: "False", MigrateTaskId: taskId };
    taskId = await on.submit({ ...params, OssObjectPositions: positionOf(file) });
    on.advancePastTask();
    await on.databases();
  }
  expect((await on.task(taskId)).Status).toBe(status);
});
