import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type DiscoveryInput, discover } from "../../../components/discovery/discover";
import type { Discovery } from "../../../components/discovery/discovery";
import { type Emulator, startEmulator } from "../../../emulator/emulator";
import { isMigrationError } from "../../../provider/errors/migration-error";
import { consoleLog } from "../../../provider/hosts/console-log";
import { systemClock } from "../../../provider/session/clock";
import { openSession } from "../../../provider/session/session";
import type { BackupSpec } from "../../../testing/backup-writer/write-backup";
import { writeBackupFile } from "../../../testing/backup-writer/write-backup-file";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "discover-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function backup(name: string, spec: Partial<BackupSpec> = {}): Promise<string> {
  const path = join(folder, name);
  const databaseName = name.replace(/\..*$/, "");
  await writeBackupFile(path, { databaseName, type: "full", dataBytes: 8192, logBytes: 512, ...spec });
  return path;
}

const noStore = (): never => {
  throw new Error("nothing is in a bucket");
};

const discoverIn = (input: Partial<DiscoveryInput> = {}): Promise<Discovery> =>
  discover({ backups: folder, filter: {}, named: [], wantsIncrements: () => false, store: noStore, ...input });

const errorOf = (input: Partial<DiscoveryInput> = {}): Promise<string> =>
  discoverIn(input).then(
    ({ databases }) => `found ${databases.length}`,
    (error: unknown) => (isMigrationError(error) ? error.message : `not of the catalogue: ${error}`),
  );

describe("fails instead of returning a partial result for", () => {
  test("a missing folder", async () => {
    expect(await errorOf({ backups: join(folder, "none") })).toMatch(/^BACKUPS_FOLDER_MISSING: \[backups\] .*none/s);
  });

  test("an empty folder, and one without a full backup", async () => {
    expect(await errorOf()).toMatch(/^BACKUPS_FOLDER_EMPTY: /);
    await backup("erp.trn", { type: "log" });
    expect(await errorOf()).toMatch(/^BACKUPS_FOLDER_EMPTY: /);
  });

  test("a folder without a usable backup, with each file and its whole reason", async () => {
    writeFileSync(join(folder, "crm.bak"), "PGDMP\u0001\u000e\u0000");
    writeFileSync(join(folder, "notes.txt"), "x");
    truncateSync(await backup("web.trn", { type: "log" }), 4);
    const message = await errorOf();
    expect(message).toMatch(/^BACKUPS_FOLDER_EMPTY: /);
    expect(message).toContain(
      `  ${folder}/crm.bak is not a SQL Server backup. The file is a PostgreSQL dump. Give a SQL Server backup; pg_restore restores this file (BACKUP_FOREIGN)\n`,
    );
    expect(message).toContain(`  ${folder}/notes.txt is no backup by its name (.txt) or content\n`);
    expect(message).toMatch(/ {2}\S+web\.trn is cut off at 4 bytes\. Reason: .* \(BACKUP_TRUNCATED\)\n/);
    expect(message).toMatch(/\nSupply the backups that these files should be, or correct the folder\.$/);
  });

  test("a list without a usable backup, which speaks of files and of no filter", async () => {
    const file = join(folder, "crm.bak");
    writeFileSync(file, "PK\u0003\u0004");
    const message = await errorOf({ backups: [file] });
    expect(message).toMatch(/^DATABASES_NONE_LEFT: \[backups\] 1 file yields no database to migrate\.\n/);
    expect(message).toContain(
      `${file} is not a SQL Server backup. The file is a zip archive. Unpack it and give the path of the .bak file inside (BACKUP_FOREIGN)`,
    );
    expect(message).not.toMatch(/filter|[Ii]nclude/);
  });

  test("a database that a list names twice, with both files", async () => {
    const entries = [
      { database: "erp", backup: "sql01/erp.bak" },
      { database: "erp", backup: "sql02/erp.bak" },
    ];
    expect(await errorOf({ backups: entries })).toMatch(
      /^DATABASE_LISTED_TWICE: \[backups\] erp is listed twice\.\n.*\n {2}sql01\/erp\.bak\n {2}sql02\/erp\.bak\n/,
    );
    const otherCase = [
      { database: "ERP", backup: "sql01/erp.bak" },
      { database: "erp", backup: "sql02/erp.bak" },
    ];
    expect(await errorOf({ backups: otherCase })).toMatch(/^DATABASE_LISTED_TWICE: .*sql01\/erp\.bak\n.*sql02/s);
    const file = await backup("erp.bak");
    expect(await errorOf({ backups: [file, { database: "erp", backup: "sql02/erp.bak" }] })).toMatch(
      /^DATABASE_LISTED_TWICE: .*sql02/s,
    );
  });

  test.each([
    [
      "https://b.oss-cn-hangzhou.aliyuncs.com/erp",
      /^BACKUPS_FOLDER_MISSING: .*is a web address of OSS\.\n.*\nGive oss:\/\/b\/erp\.$/s,
    ],
    ["s3://bucket/backups", /^BACKUPS_FOLDER_MISSING: .* is an Amazon S3 address\.\n/],
    ["~/backups", /^BACKUPS_FOLDER_MISSING: .*~\/backups is a path with ~\.\n/],
    ["~/backups.json", /^MANIFEST_MISSING: .* is a path with ~\.\n/],
    [
      "https://b.oss-cn-hangzhou.aliyuncs.com/erp.json",
      /^MANIFEST_MISSING: .*is a web address of OSS\.\n.*Download the manifest and give its path\.$/s,
    ],
    [
      "oss://bucket/erp.json",
      /^INPUT_INVALID: \[backups\] names a manifest in a bucket\.\nDownload the manifest and give its path\.$/,
    ],
    ["file://nas/backups", /^INPUT_INVALID: \[backups\] "file:\/\/nas\/backups" names no file of this machine\.\n/],
    ["oss://", /^INPUT_INVALID: \[backups\] "oss:\/\/\/" names no bucket\.\nWrite oss:\/\/bucket\/key\.$/],
    ["oss:///erp", /^INPUT_INVALID: \[backups\] .* names no bucket\./],
  ])("%s, which is no path of this machine", async (backups, message) => {
    expect(await errorOf({ backups })).toMatch(message);
  });

  test("a `file:` URL is the path that it names: a folder, a manifest, a file of a list", async () => {
    mkdirSync(join(folder, "100% full"));
    const path = await backup("100% full/erp 1.bak", { databaseName: "erp" });
    const url = (of: string): string => pathToFileURL(of).href;
    const found = async (backups: DiscoveryInput["backups"]): Promise<unknown> =>
      (await discoverIn({ backups })).databases.map(({ database, backup }) => [database, backup]);
    expect(await found(url(join(folder, "100% full")))).toEqual([["erp", path]]);
    expect(await found([url(path)])).toEqual([["erp", url(path)]]);
    const manifest = join(folder, "list.json");
    writeFileSync(manifest, JSON.stringify({ version: 1, databases: [] }));
    expect(await errorOf({ backups: url(manifest) })).toMatch(/^MANIFEST_EMPTY: .*list\.json/s);
  });

  test("a file of a list that is no path of this machine", async () => {
    const message = await errorOf({ backups: ["https://b.oss-cn-hangzhou.aliyuncs.com/erp.bak"] });
    expect(message).toMatch(/^BACKUPS_UNREADABLE: .*is a web address of OSS\.\nGive oss:\/\/b\/erp\.bak\./s);
    expect(message).not.toContain(process.cwd());
  });

  test("a file in place of a folder, an empty list, a missing file of a list", async () => {
    expect(await errorOf({ backups: await backup("erp.bak") })).toMatch(/^BACKUPS_NOT_A_FOLDER: /);
    expect(await errorOf({ backups: [] })).toMatch(/^BACKUPS_LIST_EMPTY: /);
    expect(await errorOf({ backups: ["none.bak"] })).toMatch(/^BACKUPS_UNREADABLE: .*none\.bak: BACKUP_MISSING: /s);
  });

  test("an unreadable file of a folder, which may belong to a database of the stack", async () => {
    await backup("erp.bak");
    symlinkSync(join(folder, "gone"), join(folder, "crm.bak"));
    expect(await errorOf()).toMatch(/^BACKUPS_UNREADABLE: .*crm\.bak: BACKUP_MISSING: /s);
  });

  test("a manifest that is missing, broken or empty", async () => {
    const manifest = join(folder, "backups.json");
    expect(await errorOf({ backups: manifest })).toMatch(/^MANIFEST_MISSING: /);
    writeFileSync(manifest, "<html>");
    expect(await errorOf({ backups: manifest })).toMatch(/^MANIFEST_INVALID: .*it is not valid JSON/s);
    writeFileSync(manifest, JSON.stringify({ version: 1, databases: [] }));
    expect(await errorOf({ backups: manifest })).toMatch(/^MANIFEST_EMPTY: /);
  });

  test("named databases without a backup, all in one error", async () => {
    await backup("erp.bak");
    expect(await errorOf({ filter: { include: "erp; dwh; x*" }, named: ["ERP", "crm"] })).toMatch(
      /^DATABASES_NOT_FOUND: .*no full backup of 3 databases was found\.\n.*\n {2}dwh\n {2}x\*\n {2}crm\n.*\n {2}erp\n/,
    );
    expect(await errorOf({ filter: { exclude: "*" } })).toMatch(/^DATABASES_NONE_LEFT: .*erp/s);
  });
});

test("lists a folder with its subfolders in the order of the databases' names", async () => {
  mkdirSync(join(folder, "b"));
  await backup("b/crm.bak", { databaseName: "crm" });
  await backup("z.bak", { databaseName: "aaa" });
  const { databases } = await discoverIn({ backups: `${folder}/` });
  expect(databases).toEqual([
    { database: "aaa", backup: `${folder}/z.bak` },
    { database: "crm", backup: `${folder}/b/crm.bak` },
  ]);
});

test("takes a file that begins as a SQL Server backup, whatever its name, and leaves the others out with the reason", async () => {
  await backup("erp.bak");
  await backup("crm", { databaseName: "crm" });
  await backup("hr.20240501", { databaseName: "hr", compressed: true });
  await backup("web.bak.part");
  await backup("web.crdownload");
  writeFileSync(join(folder, "notes.txt"), "TAPE of another program");
  writeFileSync(join(folder, "empty"), "");
  const { databases, skipped } = await discoverIn();
  expect(databases.map(({ database }) => database)).toEqual(["crm", "erp", "hr"]);
  expect(skipped).toEqual([
    { file: `${folder}/empty`, cause: "notABackup", reason: "is no backup by its name (no extension) or content" },
    { file: `${folder}/notes.txt`, cause: "notABackup", reason: "is no backup by its name (.txt) or content" },
    { file: `${folder}/web.bak.part`, cause: "unfinished", reason: "is named like an unfinished copy (.part)" },
    { file: `${folder}/web.crdownload`, cause: "unfinished", reason: "is named like an unfinished copy (.crdownload)" },
  ]);
});

test("takes the older backup when a pattern leaves the newer unfit one out, and filters findings with their databases", async () => {
  mkdirSync(join(folder, "new"));
  await backup("erp.bak");
  await backup("crm.bak");
  truncateSync(await backup("new/erp.bak", { databaseName: "erp", startDate: "2024-05-02T02:00:00" }), 12_000);
  const faults = async (input: Partial<DiscoveryInput>) =>
    (await discoverIn(input)).databases.map(({ database, fault = "" }) => `${database} ${fault.slice(0, 18)}`);
  expect(await faults({})).toEqual(["crm ", "erp BACKUP_NEWER_UNFIT"]);
  expect(await faults({ filter: { exclude: "erp" } })).toEqual(["crm "]);
  expect(await faults({ backups: [join(folder, "erp.bak")] })).toEqual(["erp "]);
  const left = await discoverIn({ excludeFiles: "NEW/*" });
  expect(left.databases.map(({ fault }) => fault)).toEqual([undefined, undefined]);
  expect(left.skipped).toEqual([
    { file: `${folder}/new/erp.bak`, cause: "excluded", reason: "is left out by the pattern NEW/*" },
  ]);
});

test("gives a database that takes increments the whole folder, so that later files count", async () => {
  await backup("erp.bak");
  await backup("erp.trn", { type: "log" });
  await backup("crm.bak");
  const { databases, skipped } = await discoverIn({ wantsIncrements: (name) => name === "erp" });
  expect(databases).toEqual([
    { database: "crm", backup: `${folder}/crm.bak` },
    { database: "erp", backup: `${folder}/erp.bak`, increments: [folder] },
  ]);
  expect(skipped).toEqual([]);
});

describe("a folder of a bucket", () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await startEmulator({});
  });
  afterEach(() => emulator.close());

  /** As the program reaches it. */
  const store = (secret = emulator.accessKeySecret) => {
    const env: Record<string, string> = {
      ALIBABA_CLOUD_ENDPOINT_OSS: emulator.endpoint,
      ALIBABA_CLOUD_ACCESS_KEY_ID: emulator.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: secret,
    };
    const settings = { config: () => undefined, env: (name: string) => env[name] };
    return openSession(settings, consoleLog, systemClock).clients.store({ region: emulator.region });
  };
  const place = (path: string): string => `oss://${emulator.bucket}/${path}`;

  test("is listed with its subfolders, without other prefixes and lock objects", async () => {
    const { bucket, oss } = emulator;
    await oss.putObject(bucket, "sql01/erp.bak", await backup("erp.bak"));
    await oss.putObject(bucket, "sql01/old/crm.bak", await backup("crm.bak"));
    await oss.putObject(bucket, "sql011/hr.bak", await backup("hr.bak"));
    await store().putText(bucket, "sql01/erp.bak.0123456789abcdef.claim", "{}");
    await store().putText(bucket, "sql01/notes.txt", "x");
    const excludeFiles = "old/hr*";
    await oss.putObject(bucket, "sql01/old/hr.bak", await backup("hr.bak"));
    expect(await discoverIn({ backups: place("sql01"), excludeFiles, store: () => store() })).toEqual({
      databases: [
        { database: "crm", backup: place("sql01/old/crm.bak") },
        { database: "erp", backup: place("sql01/erp.bak") },
      ],
      skipped: [
        { file: place("sql01/notes.txt"), cause: "notABackup", reason: "is not named like a backup (.txt)" },
        { file: place("sql01/old/hr.bak"), cause: "excluded", reason: "is left out by the pattern old/hr*" },
      ],
    });
  });

  test("is an error when it is empty or cannot be listed", async () => {
    expect(await errorOf({ backups: place("sql01"), store: () => store() })).toMatch(/^BACKUPS_FOLDER_EMPTY: .*sql01/s);
    expect(await errorOf({ backups: place("sql01"), store: () => store("wrong") })).toMatch(
      /^OSS_CREDENTIALS_REFUSED: /,
    );
  });
});
