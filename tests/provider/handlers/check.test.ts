import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FaultRuleInput } from "../../../emulator/faults/fault-rule";
import type { InstanceSeed } from "../../../emulator/rds/rds-options";
import { fileFault } from "../../../provider/backup-files/examine-backup";
import { check } from "../../../provider/handlers/check";
import type { PlainObject } from "../../../provider/model/plain";
import { UNKNOWN_VALUE } from "../../../provider/model/unknown";
import { backupBytes } from "../../../testing/backup-writer/write-backup";
import { callOf, Fixture, messages, URN } from "../../../testing/fixture";
import { haveSamples, samplePath } from "../backup/samples";
import { hideCredentials } from "../support/hidden-credentials";
import { NO_BASELINE } from "../support/no-baseline";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.open();
});
afterEach(() => fixture.close());

const failuresOf = async (args: PlainObject): Promise<string[]> => (await fixture.preview(args)).failures;

/** Returns the only failure of a preview; further ones would hide the cause. */
async function failureOf(args: PlainObject): Promise<string> {
  const failures = await failuresOf(args);
  expect(failures).toHaveLength(1);
  return failures[0] ?? "";
}

test("a sound migration passes, and its inputs hold the database's name and the backup's identity", async () => {
  const backup = await fixture.backup("erp.bak");
  const { failures, inputs, log } = await fixture.preview({ backup });
  expect(failures).toEqual([]);
  expect(inputs).toMatchObject({
    backup,
    databaseName: "erp",
    backupId: expect.stringMatching(/^[0-9A-F-]{36}\/\d+$/),
  });
  expect(log).toEqual([{ kind: "info", urn: URN, message: NO_BASELINE }]);
});

test("a preview changes nothing in the cloud", async () => {
  await fixture.preview({ backup: await fixture.backup("erp.bak") });
  expect(fixture.since(0)).toEqual([
    ...["rds:DescribeDBInstanceAttribute", "oss:GetBucketInfo", "ram:GetRole"],
    ...["rds:DescribeAccounts", "rds:DescribeMigrateTasks", "rds:DescribeDatabases"],
  ]);
});

describe("an unusable backup is reported with the property, the fault and the remedy", () => {
  const write = (name: string, bytes: Uint8Array | string): string => {
    const path = join(fixture.folder, name);
    writeFileSync(path, bytes);
    return path;
  };

  test("a missing file", async () => {
    const backup = join(fixture.folder, "gone.bak");
    expect(await failureOf({ backup })).toBe(
      `BACKUP_MISSING: [backup] ${backup} does not exist.\nCorrect the path. A relative path starts at the folder of Pulumi.yaml, and in an inline program at the working directory. For a backup that is uploaded already, give oss://bucket/key.`,
    );
  });

  test("an empty file", async () => {
    expect(await failureOf({ backup: write("empty.bak", "") })).toMatch(
      /^BACKUP_EMPTY: \[backup\] .*empty\.bak is empty/s,
    );
  });

  test("a folder", async () => {
    const backup = join(fixture.folder, "backups");
    mkdirSync(backup);
    expect(await failureOf({ backup })).toMatch(/^BACKUP_IS_FOLDER: \[backup\] .*is a folder.*the one database/s);
  });

  const isRoot = process.getuid?.() === 0;
  if (isRoot) console.warn("Running as root, who may read every file: the test over an unreadable file is skipped.");
  (isRoot ? test.skip : test)("an unreadable file", async () => {
    const backup = await fixture.backup("secret.bak");
    chmodSync(backup, 0);
    expect(await failureOf({ backup })).toMatch(/^BACKUP_UNREADABLE: \[backup\] .*EACCES.*right to read/s);
  });

  test.each([
    [
      { code: "EACCES" },
      /^BACKUP_UNREADABLE: \[backup\] erp\.bak cannot be read\.\nReason: permission denied \(EACCES\)\.\n.*right to read/,
    ],
    [{ code: "ENOTDIR" }, /^BACKUP_MISSING/],
    ["odd", /^BACKUP_UNREADABLE: .*unknown reason/s],
  ])("a file that the system refuses with %j", (cause, message) => {
    expect(fileFault("erp.bak", cause).message).toMatch(message);
  });

  test("a path through a file", async () => {
    const file = await fixture.backup("erp.bak");
    expect(await failureOf({ backup: join(file, "erp.bak") })).toMatch(/^BACKUP_MISSING/);
  });

  test.each([
    ["a text", "erp.bak", "This is no backup.\n"],
    ["random bytes", "noise.bak", Buffer.alloc(20_000, 0xa7)],
    ["an archive", "erp.zip", Buffer.from("PK\u0003\u0004 and so on")],
  ])("a file that is %s", async (_, name, content) => {
    expect(await failureOf({ backup: write(name, content) })).toMatch(/^BACKUP_\w+: \[backup\] .*\.\n(?:.*\n)?\S+/);
  });

  test("a file that was cut off", async () => {
    const backup = await fixture.backup("erp.bak");
    truncateSync(backup, 40_000);
    expect((await failuresOf({ backup })).join("\n")).toMatch(/BACKUP_TRUNCATED: \[backup\] .*40000 bytes/s);
  });

  test.each(["differential", "log"] as const)("a %s backup", async (type) => {
    const backup = await fixture.backup("erp.bak", { type });
    expect(await failureOf({ backup })).toMatch(/^BACKUP_NOT_FULL: \[backup\] .*Give the full backup/s);
  });

  test("one stripe of several", async () => {
    const backup = await fixture.backup("erp.bak", { family: { count: 3, sequence: 2 } });
    expect(await failureOf({ backup })).toMatch(/^BACKUP_IS_STRIPE: \[backup\] .*is file 2 of 3 of/);
  });

  test("several backups in one file, with what they hold", async () => {
    const sets = ["erp", "crm"].map((databaseName) => ({
      databaseName,
      type: "full" as const,
      dataBytes: 8192,
      logBytes: 512,
    }));
    const failure = await failureOf({ backup: write("two.bak", backupBytes(sets)) });
    expect(failure).toMatch(/^BACKUP_SEVERAL_SETS: \[backup\] .*\n.*\n {2}1: erp\n {2}2: crm\n/);
  });

  test("a file beyond 3 TB, without reading it", async () => {
    const backup = await fixture.backup("huge.bak", { dataBytes: 3 * 2 ** 40 }, true);
    expect((await failuresOf({ backup })).join("\n")).toMatch(
      /BACKUP_TOO_LARGE: \[backup\] .*3\.00 TiB.*RDS accepts 3 TB/,
    );
  });

  test.each(["master", "MSDB", "model", "tempdb"])("a backup of the system database %s", async (databaseName) => {
    const backup = await fixture.backup("system.bak", { databaseName });
    expect(await failureOf({ backup })).toMatch(/^DATABASE_NAME_SYSTEM: \[backup\] .*system database/s);
  });

  (haveSamples ? test : test.skip)("a backup with a password", async () => {
    expect((await failuresOf({ backup: samplePath("backuppassword/passwd.bak") })).join("\n")).toMatch(
      /BACKUP_PASSWORD: \[backup\] .*password.*MEDIAPASSWORD/s,
    );
  });

  test.each(["a@b", "a|b", "a:b", "a\u0001b", "数据"])("a folder %j that no key may have", async (folder) => {
    const backup = await fixture.backup("erp.bak");
    expect(await failureOf({ backup, folder })).toMatch(
      /^KEY_NOT_ALLOWED: \[folder\] .*rename the object or choose another folder/s,
    );
  });

  test("a missing object", async () => {
    const { bucket } = fixture.emulator;
    expect(await failureOf({ backup: `oss://${bucket}/Erp.bak` })).toMatch(
      /^OBJECT_MISSING: \[backup\] .*case-sensitive/s,
    );
  });

  test("an object in another bucket", async () => {
    expect(await failureOf({ backup: "oss://elsewhere/erp.bak" })).toMatch(/^BUCKET_DIFFERS: \[backup\]/);
  });

  test("an object that is not a full backup: its header is read from the bucket", async () => {
    const { bucket } = fixture.emulator;
    await fixture.emulator.oss.putObject(bucket, "erp.bak", await fixture.backup("erp.bak", { type: "log" }));
    expect(await failureOf({ backup: `oss://${bucket}/erp.bak` })).toMatch(/^BACKUP_NOT_FULL/);
  });
});

test("invalid arguments are reported before any request", async () => {
  const failures = await failuresOf({ backup: "x.bak", bucket: "My_Bucket", wait: "long" });
  expect(failures).toEqual([
    expect.stringMatching(/^INPUT_INVALID: \[bucket\] is not the name of a bucket\.\nBucket names/),
    expect.stringMatching(/^INPUT_INVALID: \[wait\] is "long"\.\nWrite one of: finished, submitted\./),
  ]);
  expect(fixture.since(0)).toEqual([]);
});

test("no failure is attached to a property: the engine would print its value", async () => {
  const { context, members } = callOf(fixture.process(), fixture.args({ backup: "gone.bak", bucket: "B" }));
  const { failures } = await check(context, {}, members);
  expect(failures.map(({ property }) => property)).toEqual([""]);
});

describe("one destination, two backups", () => {
  const OTHER = URN.replace("::erp", "::erp2");

  test("are told at the second, with both files", async () => {
    const process = fixture.process();
    const one = await fixture.backup("one.bak");
    const two = await fixture.backup("two.bak", { databaseName: "ERP" });
    expect((await fixture.preview({ backup: one }, undefined, process)).failures).toEqual([]);
    const { failures } = await fixture.preview({ backup: two, resourceUrn: OTHER }, undefined, process);
    expect(failures).toEqual([expect.stringMatching(/^DATABASE_DECLARED_TWICE: \[databaseName\]/)]);
    for (const name of [one, two, URN]) expect(failures[0]).toContain(name);
  });

  test("the same resource asked twice is not two", async () => {
    const process = fixture.process();
    const backup = await fixture.backup("erp.bak");
    await fixture.preview({ backup }, undefined, process);
    expect((await fixture.preview({ backup }, undefined, process)).failures).toEqual([]);
  });
});

describe("the destination", () => {
  const seeds: [string, InstanceSeed, RegExp][] = [
    ["not SQL Server", { engine: "MySQL" }, /^INSTANCE_NOT_SQLSERVER: \[instanceId\] .*runs MySQL/s],
    ["a read-only instance", { instanceType: "Readonly" }, /^INSTANCE_NOT_PRIMARY: \[instanceId\]/],
    [
      "locked",
      { lockMode: "LockByExpiration", lockReason: "overdue" },
      /^INSTANCE_LOCKED: .*LockByExpiration \(overdue\)/s,
    ],
    ["stopped", { status: "Stopped" }, /^INSTANCE_NOT_RUNNING: \[instanceId\] .*Stopped.*start the instance/s],
    ["in an undocumented state", { status: "Dreaming" }, /^INSTANCE_NOT_RUNNING: .*Dreaming/s],
  ];
  test.each(seeds)("%s is refused", async (_, seed, failure) => {
    await fixture.emulator.rds.setInstance({ id: fixture.emulator.instanceId, ...seed });
    expect(await failureOf({ backup: await fixture.backup("erp.bak") })).toMatch(failure);
  });

  test("busy for a while is a warning", async () => {
    await fixture.emulator.rds.setInstance({ id: fixture.emulator.instanceId, status: "Restoring" });
    const { failures, log } = await fixture.preview({ backup: await fixture.backup("erp.bak") });
    expect(failures).toEqual([]);
    expect(messages(log, "warning")).toEqual([
      expect.stringMatching(/Its state is Restoring, which ends by itself; .*pulumi up uploads meanwhile, and waits/s),
    ]);
  });

  test("an instance that does not exist is refused", async () => {
    const failure = await failureOf({ backup: await fixture.backup("erp.bak"), instanceId: "rm-nobody" });
    expect(failure).toMatch(/^INSTANCE_NOT_FOUND: .*rm-nobody.*Correct \[instanceId\]/s);
  });

  test("a bucket that does not exist is refused, unless this program creates it", async () => {
    const args = { backup: await fixture.backup("erp.bak"), bucket: "not-there-yet" };
    expect(await failureOf(args)).toMatch(/^OSS_NO_SUCH_BUCKET: \[bucket\] .*not-there-yet/s);
    const { failures, log } = await fixture.preview({ ...args, mayNotExistYet: true });
    expect(failures).toEqual([]);
    expect(messages(log, "warning")).toEqual([expect.stringMatching(/^not checked: the bucket not-there-yet/)]);
  });

  test("a configured region that is not the one of the instance and the bucket is refused, before anything is sent", async () => {
    await fixture.close();
    fixture = await Fixture.open({ config: { "alicloud:region": "cn-beijing" } });
    const { instanceId, bucket } = fixture.emulator;
    const failures = await failureOf({ backup: await fixture.backup("erp.bak") });
    expect(failures).toMatch(/^REGION_DIFFERS: \[region\] RDS and OSS are not in cn-beijing\./);
    expect(failures).toContain(`${instanceId} in cn-hangzhou and ${bucket} in cn-hangzhou`);
  });

  test.each([
    ["alicloud:region", { config: { "alicloud:region": "cn-hangzhou-h" } }, /a zone of the region cn-hangzhou\./],
    ["alicloud:region", { config: { "alicloud:region": "x.evil.test/" } }, /written as in the console/],
    ["ALICLOUD_REGION", { config: { "alicloud:region": "" }, env: { ALICLOUD_REGION: "Hangzhou" } }, /"Hangzhou"/],
  ])("%s is checked as the argument is, and no host is made of it", async (place, options, words) => {
    await fixture.close();
    fixture = await Fixture.open(options);
    const failure = await failureOf({ backup: await fixture.backup("erp.bak") });
    expect(failure).toMatch(/^REGION_INVALID: /);
    expect(failure).toContain(`${place} is not a region`);
    expect(failure).toMatch(words);
    expect(fixture.since(0)).toEqual([]);
  });

  test("a bucket in another region than the instance is refused", async () => {
    await fixture.emulator.rds.setInstance({ id: fixture.emulator.instanceId, regionId: "cn-shanghai" });
    expect(await failureOf({ backup: await fixture.backup("erp.bak") })).toMatch(
      /^INSTANCE_REGION_DIFFERS: \[bucket\] .*cn-hangzhou.*cn-shanghai/s,
    );
  });

  test.each([
    [{ storageClass: "IA" }, /^BUCKET_NOT_STANDARD: \[bucket\] .*IA/s],
    [{ serverSideEncryption: "AES256" }, /^BUCKET_ENCRYPTED: \[bucket\] .*AES256/s],
  ] as const)("a bucket with %j is refused", async (wish, failure) => {
    fixture.emulator.oss.makeBucket({ name: fixture.emulator.bucket, ...wish });
    expect(await failureOf({ backup: await fixture.backup("erp.bak") })).toMatch(failure);
  });

  test("a taken name is refused, and the remedy names adopt", async () => {
    await fixture.emulator.rds.setDatabase({ instanceId: fixture.emulator.instanceId, name: "ERP" });
    const args = { backup: await fixture.backup("erp.bak") };
    expect(await failureOf(args)).toMatch(/^DATABASE_EXISTS: \[databaseName\] .*`adopt: true`/s);
    expect(await failuresOf({ ...args, adopt: true })).toEqual([]);
    expect(await failuresOf({ ...args, databaseName: "erp2" })).toEqual([]);
  });

  test.each(["running", "finished"])("a name that is taken by the migration's own %s task is allowed", async (when) => {
    const args = { backup: await fixture.backup("erp.bak") };
    const lost = when === "running" ? await fixture.upToRestoring(args) : await fixture.up(args);
    const { failures, log } = await fixture.preview(args);
    expect(failures).toEqual([]);
    const task = lost.outputs.migrateTaskId;
    const note = `continues migration task ${task}, which an earlier run submitted`;
    expect(messages(log, "info")).toEqual(when === "running" ? [note, NO_BASELINE] : [NO_BASELINE]);
    const already = new RegExp(
      `^DATABASE_ONLINE_ALREADY: .*erp is already online\\..*by migration task ${task}\\..*REPLACE_BLOCKED.*choose another databaseName.*rename the database.*Drop it only if`,
      "s",
    );
    expect(messages(log, "warning")).toEqual(when === "running" ? [] : [expect.stringMatching(already)]);
  });

  test("a database that gets another name than in the header is named in one line", async () => {
    const args = { backup: await fixture.backup("erp.bak"), databaseName: "crm" };
    const { failures, log } = await fixture.preview(args);
    expect(failures).toEqual([]);
    expect(messages(log, "info")).toContainEqual("restores erp as crm");
  });

  test("a task for another file does not explain the name", async () => {
    const args = { backup: await fixture.backup("erp.bak") };
    await fixture.up(args);
    const newer = await fixture.backup("newer.bak", { startDate: "2024-06-01T02:00:00" });
    expect(await failureOf({ backup: newer })).toMatch(/^DATABASE_EXISTS/);
  });
});

describe("a request that fails at preview", () => {
  const refused: [string, FaultRuleInput["effect"]][] = [
    ["is not permitted", { kind: "refuse", status: 403, code: "Forbidden.RAM", message: "not authorized" }],
    ["answers with a proxy's page", { kind: "html", status: 502 }],
    ["does not answer", { kind: "reset", at: "before" }],
  ];
  test.each(refused)("to RDS that %s: a warning, and up decides", async (_, effect) => {
    fixture.emulator.faults.add({ match: { service: "rds" }, effect });
    const { failures, log } = await fixture.preview({ backup: await fixture.backup("erp.bak") });
    expect(failures).toEqual([]);
    expect(messages(log, "warning")).toEqual([expect.stringMatching(/^not checked: the instance \(.*\)\.\n/)]);
  });

  test("to the instance, also at up: up fails before anything is uploaded", async () => {
    await fixture.emulator.rds.forbidAction({ action: "DescribeDBInstanceAttribute" });
    await expect(fixture.up({ backup: await fixture.backup("erp.bak") })).rejects.toThrow(
      new RegExp(`^NOT_AUTHORIZED: [^]*"acs:rds:\\*:\\*:dbinstance/${fixture.emulator.instanceId}"`),
    );
    expect(fixture.since(0).filter((call) => /^oss:.*Upload|PutObject/.test(call))).toEqual([]);
  });

  test("to a bucket without permission", async () => {
    fixture.emulator.faults.add({
      match: { action: "GetBucketInfo" },
      effect: { kind: "refuse", status: 403, code: "AccessDenied" },
    });
    const { failures, log } = await fixture.preview({ backup: await fixture.backup("erp.bak") });
    expect(failures).toEqual([]);
    expect(messages(log, "warning")).toEqual([
      expect.stringMatching(/^not checked: the bucket\. .*oss:GetBucketInfo/s),
    ]);
  });

  test("is logged once for all migrations of a run", async () => {
    fixture.emulator.faults.add({
      match: { service: "rds" },
      effect: { kind: "refuse", status: 403, code: "Forbidden.RAM" },
    });
    const process = fixture.process();
    for (const name of ["erp", "crm", "hr"]) {
      const backup = await fixture.backup(`${name}.bak`, { databaseName: name });
      await fixture.preview({ backup, resourceUrn: URN.replace("::erp", `::${name}`) }, undefined, process);
    }
    expect(messages(process.log, "warning")).toHaveLength(1);
  });

  test("because of wrong keys is an error: up would fail too", async () => {
    const process = fixture.process({ ALIBABA_CLOUD_ACCESS_KEY_SECRET: "wrong" });
    const { failures } = await fixture.preview({ backup: await fixture.backup("erp.bak") }, undefined, process);
    // Not once for each call to RDS and RAM; OSS may use other keys.
    expect(failures).toEqual([
      expect.stringMatching(/^SIGNATURE_REFUSED: .*AccessKey secret/s),
      expect.stringMatching(/^OSS_CREDENTIALS_REFUSED: /),
    ]);
  });

  describe("without credentials", () => {
    let showCredentials: () => void;
    beforeEach(() => {
      showCredentials = hideCredentials(fixture.folder);
    });
    afterEach(() => showCredentials());

    test("the preview lists the places that were searched, and up fails with the same error", async () => {
      const none = {
        ...{ ALIBABA_CLOUD_ACCESS_KEY_ID: "", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "" },
        ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
      };
      const args = { backup: await fixture.backup("erp.bak") };
      const searched = /NO_CREDENTIALS: .*alicloud:accessKey.*ALIBABA_CLOUD_ACCESS_KEY_ID.*~\/\.aliyun\/config\.json/s;
      const { failures, log } = await fixture.preview(args, undefined, fixture.process(none));
      expect(failures).toEqual([]);
      // One cause, logged once.
      expect(messages(log, "warning")).toEqual([
        expect.stringMatching(
          /^not checked: the instance \(.*\); the bucket;\nthe role AliyunRDSImportRole.*\. NO_CRED/s,
        ),
      ]);
      for (const message of messages(log, "warning")) expect(message).toMatch(searched);
      await expect(fixture.up(args, undefined, { process: fixture.process(none) })).rejects.toThrow(searched);
      expect(fixture.since(0)).toEqual([]);
    });
  });

  test("without a region: the same", async () => {
    await fixture.close();
    fixture = await Fixture.open({ config: { "alicloud:region": "" } });
    const args = { backup: await fixture.backup("erp.bak") };
    const { failures, log } = await fixture.preview(args);
    expect(failures).toEqual([]);
    expect(messages(log, "warning").join("\n")).toContain("pulumi config set alicloud:region");
    await expect(fixture.up(args)).rejects.toThrow(/NO_REGION/);
  });
});

describe("values that are unknown before up", () => {
  test.each([
    ["instanceId", "the instance"],
    ["bucket", "the bucket"],
    ["backup", "the backup"],
    ["databaseName", "whether the database's name is free"],
    ["folder", undefined],
    ["timeout", undefined],
  ])("%s is checked when it is known, and the skipped check is logged", async (name, what) => {
    const { failures, inputs, log } = await fixture.preview({
      backup: await fixture.backup("erp.bak"),
      [name]: UNKNOWN_VALUE,
    });
    expect(failures).toEqual([]);
    expect(inputs[name]).toBe(UNKNOWN_VALUE);
    expect(messages(log, "error", "warning")).toEqual([]);
    const notes = messages(log, "info").filter((note) => note.includes(`[${name}]`));
    const onOneLine = notes.map((note) => note.replace("\n", " "));
    expect(onOneLine).toEqual(
      what === undefined ? [] : [`not checked: ${what}. [${name}] is unknown until pulumi up, which checks it.`],
    );
  });

  test("known values are still checked", async () => {
    const args = { instanceId: UNKNOWN_VALUE, bucket: UNKNOWN_VALUE };
    expect(await failureOf({ ...args, backup: "gone.bak" })).toMatch(/^BACKUP_MISSING/);
    expect(fixture.since(0)).toEqual([]);
  });

  test("only unknown values send no request", async () => {
    const args = {
      instanceId: UNKNOWN_VALUE,
      bucket: UNKNOWN_VALUE,
      backup: UNKNOWN_VALUE,
      upload: { partSize: UNKNOWN_VALUE },
    };
    expect(await failuresOf(args)).toEqual([]);
    expect(fixture.since(0)).toEqual([]);
  });
});

describe("a migration that exists", () => {
  test("previews clean when its backup is deleted, without a request", async () => {
    const backup = await fixture.backup("erp.bak");
    const done = await fixture.up({ backup });
    rmSync(backup);
    const mark = fixture.mark;
    const { failures, inputs, diff, log } = await fixture.preview({ backup }, done);
    expect(failures).toEqual([]);
    expect(diff?.changes).toBe(false);
    expect(inputs).toMatchObject({ databaseName: "erp", backupId: done.inputs.backupId });
    expect(log).toEqual([]);
    expect(fixture.since(mark)).toEqual([]);
  });

  test("previews without a request while nothing is new, whatever the state of the destination", async () => {
    const args = { backup: await fixture.backup("erp.bak") };
    const done = await fixture.up(args);
    await fixture.emulator.rds.removeInstance({ instanceId: fixture.emulator.instanceId });
    const mark = fixture.mark;
    expect((await fixture.preview(args, done)).diff?.changes).toBe(false);
    expect(fixture.since(mark)).toEqual([]);
  });

  test("of an object also previews without a request", async () => {
    const { bucket } = fixture.emulator;
    await fixture.emulator.oss.putObject(bucket, "erp.bak", await fixture.backup("erp.bak"));
    const args = { backup: `oss://${bucket}/erp.bak` };
    const done = await fixture.up(args);
    const mark = fixture.mark;
    expect((await fixture.preview(args, done)).diff).toEqual({
      changes: false,
      replaces: [],
      deleteBeforeReplace: true,
    });
    expect(fixture.since(mark)).toEqual([]);
  });

  test("keeps a defaulted database name, although another backup has another name", async () => {
    const done = await fixture.up({ backup: await fixture.backup("erp.bak") });
    const renamed = await fixture.backup("renamed.bak", { databaseName: "erp_2025" });
    const { inputs, diff } = await fixture.preview({ backup: renamed }, done);
    expect(inputs.databaseName).toBe("erp");
    expect(diff?.replaces).toEqual([]);
  });

  test("with another spelling of its path is examined, and has the same content", async () => {
    const backup = await fixture.backup("erp.bak");
    const done = await fixture.up({ backup });
    const moved = join(fixture.folder, "moved.bak");
    copyFileSync(backup, moved);
    const { diff, log } = await fixture.preview({ backup: moved }, done);
    expect(diff?.changes).toBe(false);
    expect(log).toEqual([]);
    expect((await fixture.preview({ backup: join(fixture.folder, "typo.bak") }, done)).failures).toEqual([
      expect.stringMatching(/^BACKUP_MISSING/),
    ]);
  });

  test("whose file now has other content is reported as changed too late", async () => {
    const backup = await fixture.backup("erp.bak");
    const done = await fixture.up({ backup });
    const newer = await fixture.backup("newer.bak", { startDate: "2024-06-01T02:00:00" });
    writeFileSync(backup, readFileSync(newer));
    const { diff, log } = await fixture.preview({ backup }, done);
    expect(diff?.changes).toBe(false);
    expect(messages(log, "warning")).toEqual([expect.stringContaining("is not migrated")]);
  });
});
