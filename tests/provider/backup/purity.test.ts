import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(__dirname, "..", "..", "..", "provider", "backup");
/** The only files that may touch the machine: opening a file, writing one, and the two commands. */
const MAY_TOUCH_THE_MACHINE = ["file-source.ts", "write-backup-file.ts", "make-backups.ts"];
const ALLOWED_MODULES = /^(\.{1,2}\/|node:crypto$|node:zlib$|zod$)/;

const files = readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
const pure = files.filter((file) => !MAY_TOUCH_THE_MACHINE.includes(file) && !file.startsWith("bakinfo"));

it.each(pure)("%s imports no file system, SDK or network, and looks at no clock", (file) => {
  const source = readFileSync(join(FOLDER, file), "utf8");
  const imported = [...source.matchAll(/(?:from|import|require\()\s*"([^"]+)"/g)].map(([, name]) => name ?? "");
  expect(imported.filter((name) => !ALLOWED_MODULES.test(name))).toEqual([]);
  expect(imported.filter((name) => /bakinfo|file-source|write-backup-file|\/oss\/|\/rds\//.test(name))).toEqual([]);
  expect(source).not.toMatch(/Date\.now|new Date\(\)|performance\.|process\.|Math\.random|setTimeout/);
});
