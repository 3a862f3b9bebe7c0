import { isAbsolute } from "node:path";
import { migrationError } from "../../provider/errors/migration-error";
import { pathOfFileUrl } from "../../provider/files/file-url";
import { isWindowsPath } from "../../provider/model/foreign-place";
import { isOssUrl, parseLocation, requireBucketName } from "../../provider/model/location";

/** One database of an explicit list. */
export interface BackupEntry {
  /** Name of the database on the source. It must be the one in the backup's header; `overrides` gives it another name on RDS. */
  database: string;
  /** Its full backup: a path, or `oss://bucket/key`. */
  backup: string;
  /** Its differential and log backups: files, `oss://bucket/key`, folders or prefixes. Used only when a `phase` is set for the database. */
  increments?: string[];
}

/** The parsed argument `backups` of an InstanceMigration. */
export type BackupsArgument =
  | { kind: "manifest"; path: string }
  | { kind: "folder"; path: string }
  | { kind: "bucketFolder"; url: string; bucket: string; prefix: string }
  | { kind: "list"; entries: readonly (string | BackupEntry)[] };

/**
 * Parses `backups`: an array is a list, `oss://…` a folder of a bucket, a path that ends in `.json` a manifest, any other path a folder.
 * @throws INPUT_INVALID
 */
export function parseBackupsArgument(backups: string | readonly (string | BackupEntry)[]): BackupsArgument {
  if (typeof backups !== "string") return { kind: "list", entries: backups };
  const location = parseLocation(backups);
  if (location.kind === "file") {
    const path = pathOfFileUrl(backups, "backups");
    return { kind: /\.json$/i.test(path) ? "manifest" : "folder", path };
  }
  requireBucketName(location, "backups");
  if (location.kind === "object" && /\.json$/i.test(location.key)) {
    const fault = "names a manifest in a bucket";
    throw migrationError("INPUT_INVALID", { property: "backups", fault, remedy: DOWNLOAD_MANIFEST });
  }
  // A folder may be written without its closing slash.
  const folder = location.kind === "object" ? location.key : location.prefix;
  const prefix = folder.replace(/^\/+|\/+$/g, "");
  return { kind: "bucketFolder", url: backups, bucket: location.bucket, prefix: prefix === "" ? "" : `${prefix}/` };
}

/** A manifest names files from its own folder, so it is read as a local file. */
export const DOWNLOAD_MANIFEST = "Download the manifest and give its path.";

/** The path from the project's folder to a file that a manifest names, with forward slashes as in the manifest. */
export function resolveInManifest(manifestPath: string, file: string): string {
  if (isOssUrl(file) || isAbsolute(file) || isWindowsPath(file)) return file;
  const folder = manifestPath.slice(0, Math.max(manifestPath.lastIndexOf("/"), manifestPath.lastIndexOf("\\")) + 1);
  return `${folder}${file}`;
}
