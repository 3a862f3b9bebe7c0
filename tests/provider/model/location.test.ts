import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { isMigrationError } from "../../../provider/errors/migration-error";
import { parseBackupLocation } from "../../../provider/files/backup-location";
import { formatLocation, isOssUrl, parseLocation, requireAllowedKey } from "../../../provider/model/location";

const codeOf = (run: () => unknown): string => {
  try {
    run();
    return "";
  } catch (error) {
    return isMigrationError(error) ? error.code : String(error);
  }
};

test("a relative path starts at the folder of the process, which is that of Pulumi.yaml", () => {
  expect(parseBackupLocation("backups/erp.bak", "b")).toEqual({ kind: "file", path: resolve("backups/erp.bak") });
});

test("a file URL is converted to its path", () => {
  const path = resolve("my backups/erp 1.bak");
  expect(parseBackupLocation(pathToFileURL(path).href, "b")).toEqual({ kind: "file", path });
});

test("a file URL of another machine is a fault of [backup]", () => {
  expect(codeOf(() => parseBackupLocation("file://server/share/erp.bak", "b"))).toBe("INPUT_INVALID");
});

test.each(["oss://b/folder/erp.bak", "OSS://b/folder/erp.bak"])("%s is an object", (text) => {
  expect(parseBackupLocation(text, "b")).toEqual({ kind: "object", bucket: "b", key: "folder/erp.bak" });
});

test("an object in another bucket than [bucket] is refused with both names", () => {
  expect(() => parseBackupLocation("oss://other/erp.bak", "b")).toThrow(/\[backup\] names other, \[bucket\] names b/);
});

test("an unknown bucket is not compared", () => {
  expect(parseBackupLocation("oss://other/erp.bak", undefined)).toMatchObject({ bucket: "other" });
});

test.each([
  ["oss://b", "empty"],
  ["oss://b/", "empty"],
  ["oss://b/a@b.bak", "separate"],
  ["oss://b/a|b.bak", "separate"],
  ["oss://b/a:b.bak", "separate"],
  ["oss://b/a\tb.bak", "control"],
  ["oss://b/a\u007fb.bak", "control"],
  ["oss://b/备份.bak", "outside ASCII"],
  ["oss://b//a.bak", "empty folder"],
  ["oss://b/a//b.bak", "empty folder"],
  ["oss://b/../a.bak", ". or .."],
  [`oss://b/${"a".repeat(1020)}.bak`, "1,023 bytes"],
  ["oss://b/erp.zip", "does not end in .bak"],
  ["oss://b/erp", "does not end in .bak"],
])("%j is refused: %s", (text, why) => {
  expect(() => parseBackupLocation(text, "b")).toThrow(why);
  expect(codeOf(() => parseBackupLocation(text, "b"))).toBe("KEY_NOT_ALLOWED");
});

test("a key of 1,023 bytes is the longest", () => {
  expect(codeOf(() => requireAllowedKey("backup", `${"a".repeat(1019)}.bak`))).toBe("");
});

test.each(["a.bak", "a.BAK", "a.trn", "a.diff", "a.log"])("RDS accepts the extension of %s", (key) => {
  expect(codeOf(() => requireAllowedKey("backup", key))).toBe("");
});

test("any text gives a location or an error of the catalogue", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `oss://b/${text}`),
        fc.webUrl(),
      ),
      (text) => {
        expect(codeOf(() => parseBackupLocation(text, "b"))).toMatch(
          /^(KEY_NOT_ALLOWED|BUCKET_DIFFERS|INPUT_INVALID|)$/,
        );
      },
    ),
  );
});

test.each([
  ["oss://b/a/erp.bak", { kind: "object", bucket: "b", key: "a/erp.bak" }],
  ["OSS://b/erp.bak", { kind: "object", bucket: "b", key: "erp.bak" }],
  ["oss://b/a/", { kind: "prefix", bucket: "b", prefix: "a/" }],
  ["oss://b/", { kind: "prefix", bucket: "b", prefix: "" }],
  ["oss://b", { kind: "prefix", bucket: "b", prefix: "" }],
  ["oss:///erp.bak", { kind: "object", bucket: "", key: "erp.bak" }],
  ["backups/erp.bak", { kind: "file", path: "backups/erp.bak" }],
  ["oss:erp.bak", { kind: "file", path: "oss:erp.bak" }],
] as const)("parses %s", (text, location) => {
  expect(parseLocation(text)).toEqual(location);
  expect(isOssUrl(text)).toBe(location.kind !== "file");
});

test("a formatted location parses to itself", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9-]{3,10}$/), fc.string(), (bucket, key) => {
      const location = parseLocation(`oss://${bucket}/${key}`);
      expect(parseLocation(formatLocation(location))).toEqual(location);
    }),
  );
});
