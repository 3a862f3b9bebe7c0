import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../../emulator/emulator";
import { connectObjectStore } from "../../../provider/aliyun/oss/ali-oss-store";
import { parseManifest } from "../../../provider/backup/manifest";
import { main } from "../../../provider/cli/bakinfo";
import { backupSeries } from "../../../testing/backup-writer/backup-series";
import { type BackupSpec, backupBytes } from "../../../testing/backup-writer/write-backup";
import { makeBackups } from "../../../testing/make-backups";
import { describeSamples, samplePath } from "../backup/samples";
import { runCommand } from "./support/run-command";

const FULL = { databaseName: "ERP", type: "full", userName: "CORP\\alice" } as const satisfies BackupSpec;

describe("bakinfo", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "bakinfo-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function put(name: string, spec: BackupSpec): string {
    const path = join(folder, name);
    writeFileSync(path, backupBytes(spec));
    return path;
  }

  async function run(args: string[], env: Record<string, string> = {}) {
    const { exit: status, ...printed } = await runCommand(main, args, env);
    return { status, ...printed };
  }

  /** A full, a log, a differential and a log that fit together, as files. */
  function putChain(database = "ERP"): string[] {
    const specs = backupSeries({ ...FULL, databaseName: database, startDate: "2024-05-01T02:00:00" }, [
      "full",
      "log",
      "differential",
      "log",
    ]);
    return specs.map((spec, index) => put(`${database}-${index + 1}.bak`, spec));
  }

  it("prints one JSON object per file, in the order of the arguments, LSNs as text", async () => {
    const log = put("b.trn", { ...FULL, type: "log" });
    const full = put("a.bak", FULL);
    const { status, out, err } = await run(["--json", log, full]);
    expect(status).toBe(0);
    expect(err).toBe("");
    const files = JSON.parse(out);
    expect(files.map(({ file }: { file: string }) => file)).toEqual([log, full]);
    expect(files[1]).toMatchObject({
      container: "MTF",
      encrypted: false,
      problems: [],
      media: { FamilyCount: 1, FamilySequenceNumber: 1, MediaName: null },
      sets: [
        {
          DatabaseName: "ERP",
          BackupType: 1,
          BackupTypeDescription: "Database",
          FirstLSN: "34000000097500206",
          DatabaseBackupLSN: null,
          BackupStartDate: "2024-05-01T02:00:00",
          IsCopyOnly: false,
          RecoveryModel: "FULL",
          Flags: 512,
          files: [
            { LogicalName: "ERP", Type: "D", Size: 8388608 },
            { LogicalName: "ERP_log", Type: "L", Size: 8388608 },
          ],
        },
      ],
    });
  });

  it("expands folders in name order, subfolders included, and takes only backup files from them", async () => {
    mkdirSync(join(folder, "sub"));
    put("z.bak", FULL);
    put("sub/m.TRN", { ...FULL, type: "log" });
    put("a.diff", { ...FULL, type: "differential" });
    writeFileSync(join(folder, "notes.txt"), "not a backup");
    const { out } = await run(["--json", folder]);
    expect(JSON.parse(out).map(({ file }: { file: string }) => file.slice(folder.length + 1))).toEqual([
      "a.diff",
      join("sub", "m.TRN"),
      "z.bak",
    ]);
  });

  it("takes files of folders by their content, and lists those that it leaves out", async () => {
    put("erp", FULL);
    put("crm.bak.part", FULL);
    put("old.bak", FULL);
    writeFileSync(join(folder, "notes.txt"), "not a backup");
    const { status, out, err } = await run(["--json", "--exclude", "OLD*", folder]);
    expect(status).toBe(0);
    expect(JSON.parse(out).map(({ file }: { file: string }) => file.slice(folder.length + 1))).toEqual(["erp"]);
    expect(err.replaceAll(`${folder}/`, "").split("\n")).toEqual([
      "bakinfo: left out: crm.bak.part is named like an unfinished copy (.part)",
      "bakinfo: left out: notes.txt is no backup by its name (.txt) or content",
      "bakinfo: left out: old.bak is left out by the pattern OLD*",
    ]);
  });

  it("prints a table and the chains with the reason for each file left out", async () => {
    const [full = "", log1 = "", differential = "", log2 = ""] = putChain();
    const { status, out } = await run([folder]);
    expect(status).toBe(0);
    expect(out).toContain("First LSN");
    expect(out).toContain(`1. FULL  ${full}`);
    expect(out).toContain(`2. DIFF  ${differential}`);
    expect(out).toContain(`3. LOG   ${log2}`);
    expect(out).toContain(`${log1} is not needed`);
  });

  it("exits with 1 and the reason on stderr for an unsound file, and still prints the array", async () => {
    const sound = put("a.bak", FULL);
    const cut = join(folder, "cut.bak");
    writeFileSync(cut, backupBytes(FULL).slice(0, 100_000));
    const missing = join(folder, "missing.bak");
    const { status, out, err } = await run(["--json", sound, cut, missing]);
    expect(status).toBe(1);
    expect(err).toMatch(/error BACKUP_TRUNCATED: .*cut\.bak is cut off at 100000 bytes/s);
    expect(err).toMatch(/error BACKUP_MISSING: .*missing\.bak does not exist/);
    const files = JSON.parse(out);
    expect(files).toHaveLength(3);
    expect(files[2]).toMatchObject({ container: null, sets: [], problems: [{ code: "BACKUP_MISSING" }] });
    expect(files[1].sets[0]).toMatchObject({ DatabaseName: "ERP", BackupFinishDate: null });
  });

  it("warns when a name and its header disagree, without failing", async () => {
    const { status, err, out } = await run(["--json", put("CRM_LOG_20240501020000.bak", FULL)]);
    expect(status).toBe(0);
    expect(err).toMatch(/warning BACKUP_NAME_DIFFERS: .*CRM against ERP/s);
    expect(JSON.parse(out)[0]).toMatchObject({ problems: [], warnings: [{ code: "BACKUP_NAME_DIFFERS" }] });
  });

  describe("a folder without backups", () => {
    it("is an error that names the folder and the names that are looked for, without a table", async () => {
      expect(await run([folder])).toEqual({
        status: 1,
        out: "",
        err: [
          `bakinfo: error BACKUPS_FOLDER_EMPTY: ${folder} holds no backup files.`,
          "  Names that are looked for: *.bak, *.trn, *.dif, *.diff, *.full and *.log, also in subfolders.",
          "  Correct the folder, or copy the backups into it.",
        ].join("\n"),
      });
    });

    it("names the files that it holds instead, and writes no manifest", async () => {
      writeFileSync(join(folder, "notes.txt"), "not a backup");
      const { status, err } = await run([folder, "--manifest", join(folder, "m.json")]);
      expect(status).toBe(1);
      expect(err.match(/notes\.txt/g)).toHaveLength(1);
      expect(err).toMatch(/was not written: no backup of a database was found\.$/);
    });

    it("is an element of the JSON report, with the reason", async () => {
      const { status, out } = await run(["--json", folder]);
      expect(status).toBe(1);
      expect(JSON.parse(out)).toEqual([
        expect.objectContaining({
          file: folder,
          sets: [],
          problems: [
            {
              code: "BACKUPS_FOLDER_EMPTY",
              message: expect.stringMatching(/holds no backup files\.\nNames that are looked for: \*\.bak, /),
            },
          ],
        }),
      ]);
    });
  });

  it("explains itself, and mistakes in its arguments", async () => {
    expect(await run(["--help"])).toMatchObject({ status: 0, out: expect.stringContaining("Usage") });
    expect(await run([])).toMatchObject({ status: 2, err: expect.stringContaining("Usage") });
    expect(await run(["--no-such-option"])).toMatchObject({
      status: 2,
      err: expect.stringContaining("no-such-option"),
    });
  });

  it("keeps control characters of a hostile file away from the terminal", async () => {
    const { out, err } = await run([put("\u001b[31m.bak", { ...FULL, databaseName: "E\u001b[2JRP" })]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
    expect(out + err).not.toMatch(/\u001b/);
  });

  it("finds damaged pages only with --deep", async () => {
    await makeBackups(folder);
    const damaged = join(folder, "damaged-page-bit.bak");
    expect(await run([damaged])).toMatchObject({ status: 0 });
    expect(await run(["--deep", damaged])).toMatchObject({
      status: 1,
      err: expect.stringContaining("BACKUP_PAGES_DAMAGED"),
    });
  });

  describe("--manifest", () => {
    it("writes the chains with sizes, LSNs and CRC64, and nothing personal", async () => {
      const paths = putChain();
      const manifestPath = join(folder, "manifest.json");
      expect(await run([folder, "--manifest", manifestPath])).toMatchObject({ status: 0 });
      const text = readFileSync(manifestPath, "utf8");
      expect(text).not.toMatch(/alice|SOURCE01|Program Files/);
      expect(text).not.toContain(folder);
      const manifest = parseManifest(text, manifestPath);
      expect(manifest.databases).toHaveLength(1);
      const [database] = manifest.databases;
      expect(database).toMatchObject({
        database: "ERP",
        backup: { file: "ERP-1.bak", type: "FULL", databaseVersion: 904, restoredBytes: 16777216 },
        increments: [
          { file: "ERP-3.bak", type: "DIFF", differentialBaseGuid: database?.backup.backupSetGuid },
          { file: "ERP-4.bak", type: "LOG" },
        ],
      });
      expect(database?.backup.sizeBytes).toBe(readFileSync(paths[0] ?? "").length);
      expect(database?.backup.crc64).toBe(String(crc64Slowly(readFileSync(paths[0] ?? ""))));
      expect(await run([folder, "--manifest", join(folder, "again.json")])).toMatchObject({ status: 0 });
      expect(readFileSync(join(folder, "again.json"), "utf8")).toBe(text);
    });

    it("is not written when a file is unsound or a database has no chain: it would plan a removal", async () => {
      putChain();
      put("other.trn", { databaseName: "CRM", type: "log" });
      const path = join(folder, "manifest.json");
      expect(await run([folder, "--manifest", path])).toMatchObject({
        status: 1,
        err: expect.stringContaining("no chain for CRM"),
      });
      expect(() => readFileSync(path)).toThrow("ENOENT");
    });
  });

  describe("--manifest names what it cannot write and writes nothing", () => {
    const A = { ...FULL, databaseName: "A" } as const;
    const B = { ...FULL, databaseName: "B" } as const;

    /** Runs over the folder and returns stderr, on one line for each message. */
    async function refused(...args: string[]): Promise<string> {
      const path = join(folder, "manifest.json");
      const { status, err } = await run([folder, "--manifest", path, ...args]);
      expect(() => readFileSync(path)).toThrow("ENOENT");
      expect(status).toBe(1);
      return err.replaceAll(`${folder}/`, "");
    }

    it("for a database whose only backup is one of several sets", async () => {
      writeFileSync(join(folder, "all.bak"), backupBytes([A, B]));
      put("a.bak", A);
      expect(await refused()).toMatch(
        /^bakinfo: error CHAIN_NO_FULL: B has no usable full backup\.\n {2}Files of the database:\n {4}all\.bak holds 2 backup sets \(of this database: set 2\); .*\n {2}Add a sound full backup .*\.\n.*was not written: no chain for B\./m,
      );
    });

    it("for a system database it writes the others", async () => {
      writeFileSync(join(folder, "all.bak"), backupBytes([A, { ...FULL, databaseName: "master" }]));
      put("a.bak", A);
      expect(await run([folder, "--manifest", join(folder, "m.json")])).toMatchObject({ status: 0 });
    });

    it("for a newer full backup that cannot be restored, unless a pattern leaves it out", async () => {
      put("old.bak", A);
      writeFileSync(join(folder, "new.bak"), backupBytes([{ ...A, startDate: "2024-05-02T02:00:00" }, A]));
      expect(await refused()).toMatch(
        /error BACKUP_NEWER_UNFIT: .*new\.bak of 2024-05-02 02:00:00 .*old\.bak of 2024-05-01 02:00:00.*\n.*was not written: a newer full backup cannot be restored for A\./s,
      );
      expect(await run([folder, "--exclude", "new.bak", "--manifest", join(folder, "m.json")])).toMatchObject({
        status: 0,
      });
    });
  });

  describe("oss://", () => {
    let emulator: Emulator;
    beforeAll(async () => {
      emulator = await startEmulator();
    });
    afterAll(() => emulator.close());

    const environment = () => ({
      ALIBABA_CLOUD_ENDPOINT_OSS: emulator.endpoint,
      ALIBABA_CLOUD_ACCESS_KEY_ID: emulator.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: emulator.accessKeySecret,
    });

    it("reads objects by their ranges, expands a prefix, and takes the CRC64 from OSS", async () => {
      const store = connectObjectStore({
        endpoint: { region: emulator.region, url: emulator.endpoint, cname: false },
        credentials: {
          get: async () => ({ accessKeyId: emulator.accessKeyId, accessKeySecret: emulator.accessKeySecret }),
        },
      });
      const path = put("erp.bak", { ...FULL, dataBytes: 1024 * 1024 });
      const { object } = await store.upload({ bucket: emulator.bucket, key: "b/erp.bak", path });
      const region = ["--region", emulator.region];
      const one = await run(["--json", ...region, `oss://${emulator.bucket}/b/erp.bak`], environment());
      expect(one).toMatchObject({ status: 0, err: "" });
      expect(JSON.parse(one.out)[0]).toMatchObject({ container: "MTF", sets: [{ DatabaseName: "ERP" }] });
      const manifest = join(folder, "manifest.json");
      expect(
        await run([...region, `oss://${emulator.bucket}/b/`, "--manifest", manifest], environment()),
      ).toMatchObject({
        status: 0,
      });
      expect(parseManifest(readFileSync(manifest, "utf8"), manifest).databases[0]?.backup).toMatchObject({
        file: `oss://${emulator.bucket}/b/erp.bak`,
        crc64: object.crc64,
      });
    });

    it("warns once that certificates are not verified, and of nothing for local files", async () => {
      const unverified = { ...environment(), NODE_TLS_REJECT_UNAUTHORIZED: "0" };
      const urls = ["none", "other"].map((name) => `oss://${emulator.bucket}/${name}.bak`);
      const { err } = await run(["--region", emulator.region, ...urls], unverified);
      expect(err.match(/warning: NODE_TLS_REJECT_UNAUTHORIZED=0 switches off/g)).toHaveLength(1);
      expect(await run([put("local.bak", FULL)], unverified)).toMatchObject({ status: 0, err: "" });
    });

    it("reports an object that is not there and a region that is not known", async () => {
      const url = `oss://${emulator.bucket}/none.bak`;
      expect(await run(["--region", emulator.region, url], environment())).toMatchObject({
        status: 1,
        err: expect.stringContaining("BACKUP_MISSING"),
      });
      expect(await run([url], environment())).toMatchObject({ status: 1, err: expect.stringContaining("NO_REGION") });
    });
  });
});

describeSamples("bakinfo over the real backups", () => {
  it("exits with 0 and finds the chain of ola-chain", async () => {
    const out: string[] = [];
    const status = await main([samplePath("ola-chain")], {
      out: (text) => out.push(text),
      err: () => {},
      env: () => undefined,
    });
    expect(status).toBe(0);
    expect(out.join("\n")).toMatch(
      /1\. FULL {2}.*FULL_20160629_142200\.bak\n {2}2\. DIFF {2}.*DIFF_20160629_142800\.bak/,
    );
  });
});

/** CRC-64/XZ by its definition, bit by bit. */
function crc64Slowly(bytes: Uint8Array): bigint {
  const polynomial = 0xc96c5795d7870f42n;
  const table = Array.from({ length: 256 }, (_, index) => {
    let value = BigInt(index);
    for (let bit = 0; bit < 8; bit += 1) value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
    return value;
  });
  let crc = 0xffff_ffff_ffff_ffffn;
  for (const byte of bytes) crc = (crc >> 8n) ^ (table[Number((crc ^ BigInt(byte)) & 0xffn)] ?? 0n);
  return crc ^ 0xffff_ffff_ffff_ffffn;
}
