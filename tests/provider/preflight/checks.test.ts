import { readBackup } from "../../../provider/backup/read-backup";
import { checkBucketOwner, checkImportRole, trusts } from "../../../provider/preflight/access";
import { checkRecoveryModel, checkVersion } from "../../../provider/preflight/backup";
import { checkAccounts } from "../../../provider/preflight/instance";
import { checkMaintenance } from "../../../provider/preflight/maintenance";
import { checkDatabaseName, checkKey } from "../../../provider/preflight/names";
import { checkQuota } from "../../../provider/preflight/quota";
import { writtenSource } from "../../../testing/backup-writer/write-backup";

const HOUR = 3_600_000;
const INSTANCE = {
  ...{ instanceId: "rm-1", engine: "SQLServer", engineVersion: "2019_std_ha", status: "Running", lockMode: "Unlock" },
  ...{ type: "Primary", region: "cn-hangzhou" },
};
const codesOf = (findings: { severity: string; code: string }[]) =>
  findings.map(({ severity, code }) => `${severity} ${code}`);

describe("the import role", () => {
  const role = (trustPolicy: string) => ({ name: "AliyunRDSImportRole", arn: "acs:ram::17:role/r", trustPolicy });
  const policy = (service: unknown, effect = "Allow") =>
    JSON.stringify({ Statement: [{ Action: "sts:AssumeRole", Effect: effect, Principal: { Service: service } }] });

  test.each([
    ["names RDS in a list", policy(["rds.aliyuncs.com"]), true],
    ["names RDS alone", policy("rds.aliyuncs.com"), true],
    ["has one statement that is no list", policy("rds.aliyuncs.com").replace("[", "").replace("]", ""), true],
    ["names another service", policy(["ecs.aliyuncs.com"]), false],
    ["denies", policy(["rds.aliyuncs.com"], "Deny"), false],
    ["is no JSON", "{", false],
    ["is null", "null", false],
    ["is empty", "", false],
  ])("a trust policy that %s", (_, text, trusted) => {
    expect(trusts(text, "rds.aliyuncs.com")).toBe(trusted);
    const codes = codesOf(checkImportRole({ importRole: role(text) }));
    expect(codes).toEqual(trusted ? [] : ["warning IMPORT_ROLE_NOT_TRUSTING"]);
  });

  test("missing is an error, unless the newer role exists, whose use is not documented", () => {
    expect(codesOf(checkImportRole({ importRole: undefined }))).toEqual(["error IMPORT_ROLE_MISSING"]);
    const linkedRole = role("");
    expect(codesOf(checkImportRole({ importRole: undefined, linkedRole }))).toEqual(["warning IMPORT_ROLE_LINKED"]);
  });

  test.each([
    ["17", "acs:ram::17:role/r", []],
    ["18", "acs:ram::17:role/r", ["error BUCKET_OTHER_ACCOUNT"]],
    ["18", "", ["note NOT_CHECKED"]],
    [undefined, "acs:ram::17:role/r", ["note NOT_CHECKED"]],
  ])("a bucket of %s beside a role %s", (ownerId, arn, codes) => {
    const bucket = { name: "b", region: "cn-hangzhou", storageClass: "Standard", ownerId };
    expect(codesOf(checkBucketOwner(bucket, { ...role(""), arn }))).toEqual(codes);
  });
});

describe("accounts", () => {
  const account = (type: string, status = "Available") => ({ name: "a", type, status });
  test.each([
    ["none", [], 1],
    ["a normal one", [account("Normal")], 1],
    ["a privileged one", [account("Normal"), account("Super")], 0],
    ["a privileged one that is switched off", [account("Super", "Unavailable")], 1],
    ["one of an unknown type", [account("Emperor")], 0],
  ])("%s", (_, accounts, findings) => {
    expect(checkAccounts("rm-1", accounts)).toHaveLength(findings);
  });
});

describe("quotas", () => {
  const now = Date.parse("2026-05-02T12:00:00Z");
  const tasks = (count: number, databaseName: string, ageHours: number) =>
    Array.from({ length: count }, () => ({ databaseName, createdAtMs: now - ageHours * HOUR }));
  const check = (listed: ReturnType<typeof tasks>, added = 1) =>
    codesOf(checkQuota({ instance: "rm-1", database: "erp", tasks: listed, added, nowMs: now }));

  test.each([
    ["nineteen today", tasks(19, "ERP", 1), []],
    ["twenty in the last 24 hours, spelt otherwise", tasks(20, "ERP", 23.9), ["warning QUOTA_DATABASE"]],
    ["twenty, a day ago", tasks(20, "erp", 24), []],
    ["twenty of another database", tasks(20, "crm", 1), []],
  ])("%s", (_, listed, codes) => {
    expect(check(listed)).toEqual(codes);
  });

  test("the instance's quota includes the databases of the run, and the first one above it gets the warning", () => {
    const listed = tasks(498, "crm", 1);
    expect([1, 2, 3, 4].map((added) => check(listed, added))).toEqual([[], [], ["warning QUOTA_INSTANCE"], []]);
    expect(check(tasks(600, "crm", 1))).toEqual(["warning QUOTA_INSTANCE"]);
  });
});

describe("the maintenance window", () => {
  const check = (time: string, gigabytes: number, window: string | undefined = "18:00Z-22:00Z") =>
    checkMaintenance({
      ...{ instance: "rm-1", window, seconds: gigabytes * 20 },
      nowMs: Date.parse(`2026-05-02T${time}:00Z`),
    }).length;

  test.each([
    ["a small restore before it", "17:59", 1, 0],
    ["a small restore in it", "19:00", 1, 0],
    ["a long restore that ends before it", "10:00", 500, 0],
    ["a long restore into it", "16:00", 500, 1],
    ["a long restore in it", "19:00", 500, 1],
    ["a long restore just after it", "22:00", 500, 0],
    ["a restore that takes more than a day", "22:00", 5_000, 1],
  ])("%s", (_, time, gigabytes, findings) => {
    expect(check(time, gigabytes)).toBe(findings);
  });

  test("over midnight, and where it is missing or cannot be parsed", () => {
    expect(check("23:30", 500, "22:00Z-02:00Z")).toBe(1);
    expect(check("01:30", 500, "22:00Z-02:00Z")).toBe(1);
    expect(check("03:00", 500, "22:00Z-02:00Z")).toBe(0);
    expect(check("19:00", 500, "")).toBe(0);
    expect(check("19:00", 500, "at night")).toBe(0);
  });
});

test.each([
  ["erp_FULL_20180523225534.bak", []],
  ["folder-1/erp (copy) #2.bak", ["warning KEY_DOUBTFUL"]],
  ["erp_FULL_20180523225534.BAK", []],
  ["erp_FULL_20180523225534.trn", ["warning EXTENSION_DOUBTFUL"]],
])("the key %s", (key, codes) => {
  expect(codesOf(checkKey(key))).toEqual(codes);
});

test.each([
  ["Testdb", []],
  ["erp-2024_b", []],
  ["a", ["warning DATABASE_NAME_DOUBTFUL"]],
  ["ERP & CRM", ["warning DATABASE_NAME_DOUBTFUL"]],
  ["é", ["warning DATABASE_NAME_DOUBTFUL"]],
  ["a".repeat(64), []],
  ["a".repeat(65), ["warning DATABASE_NAME_DOUBTFUL"]],
])("the database name %s", (name, codes) => {
  expect(codesOf(checkDatabaseName(name))).toEqual(codes);
});

test.each([
  ["FULL", []],
  [null, []],
  ["SIMPLE", ["warning BACKUP_SIMPLE_RECOVERY"]],
  ["BULK-LOGGED", ["warning BACKUP_BULK_LOGGED"]],
] as const)("increments of a database in the recovery model %s", async (recoveryModel, codes) => {
  const source = writtenSource("erp.bak", {
    databaseName: "erp",
    type: "full",
    recoveryModel: recoveryModel ?? "FULL",
  });
  const content = await readBackup(source);
  const sets = content.sets.map((set) => ({ ...set, RecoveryModel: recoveryModel && set.RecoveryModel }));
  expect(codesOf(checkRecoveryModel({ name: "erp.bak", content: { ...content, sets } }))).toEqual(codes);
});

describe("the version of a backup", () => {
  const check = (databaseVersion: number | undefined, engineVersion: string) =>
    codesOf(checkVersion({ file: "erp.bak", databaseVersion }, { ...INSTANCE, engineVersion }));

  test("a backup of a Managed Instance is named as such, with its own remedy", () => {
    const backup = { file: "erp.bak", databaseVersion: 957, softwareMajor: 12 };
    expect(checkVersion(backup, INSTANCE)[0]?.message).toMatch(
      /^VERSION_TOO_NEW: .*The backup is from Azure SQL Managed Instance \(database version 957\).*update policy/s,
    );
    expect(checkVersion({ ...backup, softwareMajor: 16 }, INSTANCE)[0]?.message).toMatch(/from SQL Server 2022 /);
  });

  test.each([
    [904, "2019_std_ha", []],
    [904, "2022_web", []],
    [957, "2019_std_ha", ["error VERSION_TOO_NEW"]],
    [539, "2019_std_ha", ["error VERSION_TOO_OLD"]],
    [539, "2031_std", ["error VERSION_TOO_OLD"]],
    [904, "2031_std", ["warning NOT_CHECKED"]],
    [904, "", ["warning NOT_CHECKED"]],
    [undefined, "2019_std_ha", ["note NOT_CHECKED"]],
  ])("%s into %s", (databaseVersion, engineVersion, codes) => {
    expect(check(databaseVersion, engineVersion)).toEqual(codes);
  });
});
