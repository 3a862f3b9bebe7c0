import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(__dirname, "..", "..", "..", "provider", "backup");
/** The only files that may use the file system: opening a file, writing one, and the two commands. */
const USES_FILE_SYSTEM = ["file-source.ts", "write-backup-file.ts", "make-backups.ts"];
const ALLOWED_MODULES = /^(\.{1,2}\/|node:crypto$|node:zlib$|zod$)/;

const files = readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
const pure = files.filter((file) => !USES_FILE_SYSTEM.includes(file) && !file.startsWith("bakinfo"));

it.each(pure)("%s imports no file system, SDK or network, and reads no clock", (file) => {
  const source = readFileSync(join(FOLDER, file), "utf8");
  const imported = [...source.matchAll(/(?:from|import|require\()\s*"([^"]+)"/g)].map(([, name]) => name ?? "");
  expect(imported.filter((name) => !ALLOWED_MODULES.test(name))).toEqual([]);
  expect(imported.filter((name) => /bakinfo|file-source|write-backup-file|\/oss\/|\/rds\//.test(name))).toEqual([]);
  expect(source).not.toMatch(/Date\.now|new Date\(\)|performance\.|process\.|Math\.random|setTimeout/);
});
