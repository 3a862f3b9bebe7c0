import { isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { migrationError } from "../errors/migration-error";

/** Location of a backup: a file on the machine that runs pulumi, or an object in a bucket. */
export type BackupLocation = { kind: "file"; path: string } | { kind: "object"; bucket: string; key: string };

/** Parses `backup`. Relative paths start at the folder of Pulumi.yaml, which is the provider's working folder. @throws KEY_NOT_ALLOWED, BUCKET_DIFFERS */
export function parseBackupLocation(backup: string, bucket: string | undefined): BackupLocation {
  if (!/^oss:\/\//i.test(backup)) {
    const path = /^file:/i.test(backup) ? pathOfUrl(backup) : backup;
    return { kind: "file", path: isAbsolute(path) ? path : resolve(path) };
  }
  const [, named = "", key = ""] = /^oss:\/\/([^/]*)\/?(.*)$/is.exec(backup) ?? [];
  if (bucket !== undefined && named !== bucket) throw migrationError("BUCKET_DIFFERS", { bucket, named });
  requireAllowedKey("backup", key);
  return { kind: "object", bucket: named, key };
}

function pathOfUrl(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    const fault = `${JSON.stringify(url)} names no file of this machine`;
    throw migrationError("INPUT_INVALID", { property: "backup", fault, remedy: "Give a path." }, { cause });
  }
}

/** The file name extensions that RDS accepts. @see CreateMigrateTask, IncorrectFileExtension */
const BACKUP_EXTENSION = /\.(bak|diff|trn|log)$/i;

/**
 * Refuses keys that CreateMigrateTask cannot take. `@`, `|` and `:` are separators in its parameters. Field reports say that
 * RDS fails on characters outside ASCII. HTTP clients rewrite dot segments after signing.
 */
export function requireAllowedKey(property: string, key: string): void {
  const fault = keyFault(key);
  if (fault !== undefined) throw migrationError("KEY_NOT_ALLOWED", { property, key, fault });
}

function keyFault(key: string): string | undefined {
  if (key === "") return "the key is empty";
  if (/[@|:]/.test(key)) return "@, | and : separate the parts of what RDS is given";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
  if (/[\u0000-\u001f\u007f]/.test(key)) return "it holds a control character";
  if (/[^\u0020-\u007e]/.test(key)) return "RDS does not find objects whose name has characters outside ASCII";
  if (key.startsWith("/") || key.includes("//")) return "it has an empty folder name";
  if (key.split("/").some((segment) => segment === "." || segment === "..")) return "it has a . or .. as a folder";
  if (!BACKUP_EXTENSION.test(key)) return "its name does not end in .bak (or .diff, .trn or .log)";
  return Buffer.byteLength(key) > 1023 ? "it is longer than the 1,023 bytes that OSS allows" : undefined;
}
