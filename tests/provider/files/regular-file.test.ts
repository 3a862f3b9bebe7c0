import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { discover } from "../../../components/discovery/discover";
import { LocalFile } from "../../../provider/aliyun/oss/local-file";
import { readBackupFile } from "../../../provider/backup-files/examine-backup";
import { listBackupFiles } from "../../../provider/backup-files/list-backup-files";
import { isMigrationError } from "../../../provider/errors/migration-error";
import { openRegularFile } from "../../../provider/files/regular-file";
import { readBaselineFile } from "../../../provider/source/baseline-file";
import { makeSpecialFiles, type SpecialFiles } from "./special-files";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "regular-file-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const messageOf = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => "no error",
    (error: unknown) => (isMigrationError(error) ? error.message : `not of the catalogue: ${error}`),
  );

/** `a link to a device` is reported as the device. */
const targetOf = (kind: string): string => kind.replace("a link to ", "");

(process.platform === "win32" ? describe.skip : describe)("a pipe, a socket, a device or a link to one", () => {
  let special: SpecialFiles;
  beforeEach(async () => {
    special = await makeSpecialFiles(folder, ".bak");
  });
  afterEach(() => special.close());
  const each = (check: (kind: string, path: string) => Promise<void>) => async () => {
    for (const [kind, path] of Object.entries(special.paths)) await check(targetOf(kind), path);
  };

  test(
    "is refused as a backup before it is opened, with what it is",
    each(async (kind, path) => {
      const message = await messageOf(readBackupFile(path));
      expect(message).toMatch(/^BACKUP_UNREADABLE: /);
      expect(message).toContain(`Reason: it is ${kind}, not a file.\nGive the path of a regular file.`);
    }),
  );

  test(
    "is not uploaded",
    each(async (kind, path) => {
      const message = await messageOf(LocalFile.open(path));
      expect(message).toMatch(/^FILE_UNREADABLE: /);
      expect(message).toContain(`it is ${kind}, not a file`);
    }),
  );

  test(
    "is no baseline",
    each(async (kind, path) => {
      const message = await messageOf(readBaselineFile(path));
      expect(message).toMatch(/^BASELINE_INVALID: /);
      expect(message).toContain(`it cannot be read: it is ${kind}, not a file`);
      expect(message).toMatch(/Give the path of a regular file/);
    }),
  );

  test("is left out of a folder, with what it is", async () => {
    const { backups, leftOut } = await listBackupFiles(folder);
    expect(backups).toEqual([]);
    expect(leftOut).toHaveLength(5);
    expect(leftOut).toEqual(
      expect.arrayContaining(
        Object.entries(special.paths).map(([kind, file]) => ({
          file,
          cause: "special",
          reason: `is ${kind}, not a file`,
        })),
      ),
    );
  });

  test("is no manifest and no file of a list", async () => {
    const input = { filter: {}, named: [], wantsIncrements: () => false, store: noStore };
    const manifest = join(folder, "manifest.json");
    symlinkSync(special.paths["a named pipe"] ?? "", manifest);
    expect(await messageOf(discover({ ...input, backups: manifest }))).toMatch(
      /^BACKUPS_UNREADABLE: .*manifest\.json: it is a named pipe, not a file\n.*\nGive the path of a regular file/s,
    );
    for (const [kind, path] of Object.entries(special.paths)) {
      const message = await messageOf(discover({ ...input, backups: [path] }));
      expect(message).toMatch(/^BACKUPS_UNREADABLE: /);
      expect(message).toContain(`it is ${targetOf(kind)}, not a file`);
    }
  });
});

const noStore = (): never => {
  throw new Error("nothing is in a bucket");
};

test("a file of its own name and a link to it are opened", async () => {
  writeFileSync(join(folder, "erp.bak"), "x");
  symlinkSync(join(folder, "erp.bak"), join(folder, "link.bak"));
  for (const name of ["erp.bak", "link.bak"]) {
    const { handle, stats } = await openRegularFile(join(folder, name));
    await handle.close();
    expect(stats.size).toBe(1n);
  }
});

test.each([
  ["a loop of symbolic links", "loop.bak", /its symbolic links form a loop \(ELOOP\)\.\nCorrect the symbolic link/],
  ["a NUL in the path", "a\0b.bak", /its path contains a NUL character .*\nCorrect the path\./],
  ["a name that is too long", `${"x".repeat(300)}.bak`, /its path is too long \(ENAMETOOLONG\)\.\nGive a shorter path/],
])("%s is named, without advice about rights", async (_what, name, expected) => {
  symlinkSync("loop.bak", join(folder, "loop.bak"));
  const message = await messageOf(readBackupFile(`${folder}/${name}`));
  expect(message).toMatch(/^BACKUP_UNREADABLE: /);
  expect(message).toMatch(expected);
  expect(message).not.toMatch(/right to read/);
});

test("a manifest above 64 MiB and a baseline above 256 MiB are refused without being read", async () => {
  const manifest = join(folder, "manifest.json");
  writeFileSync(manifest, "");
  truncateSync(manifest, 64 * 2 ** 20 + 1);
  const input = { filter: {}, named: [], wantsIncrements: () => false, store: noStore };
  expect(await messageOf(discover({ ...input, backups: manifest }))).toMatch(
    /^BACKUPS_UNREADABLE: .*it has 67108865 bytes, and the limit is 64 MiB/s,
  );
  truncateSync(manifest, 64 * 2 ** 20);
  expect(await messageOf(discover({ ...input, backups: manifest }))).toMatch(/^MANIFEST_INVALID: .*not valid JSON/s);
  const baseline = join(folder, "baseline.json");
  writeFileSync(baseline, "");
  truncateSync(baseline, 256 * 2 ** 20 + 1);
  expect(await messageOf(readBaselineFile(baseline))).toMatch(
    /^BASELINE_INVALID: .*it has 268435457 bytes, and the limit is 256 MiB/s,
  );
});
