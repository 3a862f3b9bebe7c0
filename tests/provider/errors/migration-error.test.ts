import { catalogue, type ErrorCode } from "../../../provider/errors/catalogue";
import { type CatalogueEntry, RECHECKS, RETRY_ADVICE } from "../../../provider/errors/catalogue-entry";
import { isMigrationError, migrationError } from "../../../provider/errors/migration-error";

const entries = Object.entries(catalogue as unknown as Record<ErrorCode, CatalogueEntry<object>>);

test("carries the code, what failed, the remedy, the cause, and no stack", () => {
  const cause = new Error("ENOENT");
  const error = migrationError("BACKUP_MISSING", { file: "erp.bak" }, { cause });
  expect(error).toMatchObject({ code: "BACKUP_MISSING", retry: "never", cause, stack: "" });
  expect(error.message).toBe(`BACKUP_MISSING: ${error.what}\n${error.remedy}`);
  expect(error.what).toContain("erp.bak");
});

test("a long name is shortened in the first line, as far as needed, and given whole below", () => {
  const file = `/mnt/backups/${"sql01/".repeat(12)}erp_FULL_20260501020000.bak`;
  const { message, summary } = migrationError("BACKUP_MISSING", { file });
  const [first = "", second] = message.split("\n");
  expect(first).toMatch(
    /^BACKUP_MISSING: \[backup\] \/mnt\/backups\/.*….*erp_FULL_20260501020000\.bak does not exist\.$/,
  );
  expect(first).toHaveLength(100);
  expect(second).toBe(`File: ${file}`);
  expect(first).toBe(`BACKUP_MISSING: ${summary}`);
});

test("so is a key that the first line quotes", () => {
  const key = `${'a"b '.repeat(30)}.bak`;
  expect(migrationError("KEY_DOUBTFUL", { key, characters: "blanks" }).message).toContain(`\nKey: ${key}\n`);
});

test("a secret is removed before a value is shortened, which could leave a part of it", () => {
  const file = `https://bucket.example.com/erp.bak?Signature=${"s3cr3t".repeat(20)}`;
  const { message } = migrationError("BACKUP_MISSING", { file });
  expect(message).toContain("https://bucket.example.com/erp.bak?<secret>");
  expect(message).not.toContain("s3cr");
});

test("is recognised by its name and code, because two copies of the package may be loaded", () => {
  const foreign = Object.assign(new Error("x"), { name: "MigrationError", code: "BACKUP_MISSING" });
  expect(isMigrationError(foreign)).toBe(true);
  expect(isMigrationError(Object.assign(new Error("x"), { code: "ENOENT" }))).toBe(false);
  expect(isMigrationError("MigrationError")).toBe(false);
});

test.each(entries)("%s advises in the catalogue's words", (_, { retry, recheck, source }) => {
  expect(RETRY_ADVICE).toContain(retry);
  if (recheck !== undefined) {
    expect(RECHECKS).toContain(recheck);
    // Only a cause that a person removed is checked again; a condition that passes by itself is simply retried.
    expect(retry).toBe("afterFix");
  }
  expect(source).not.toBe("");
});

test("two parts of the catalogue do not use the same code for different faults", async () => {
  const modules = await Promise.all(
    ["backup", "oss", "preflight", "destination", "rds", "task", "cloud", "input", "source"].map(
      (name) => import(`../../../provider/errors/${name}-errors`) as Promise<Record<string, object>>,
    ),
  );
  const codes = modules.flatMap((module) =>
    Object.entries(module).flatMap(([name, table]) => (name.endsWith("Errors") ? Object.keys(table) : [])),
  );
  expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([]);
});
