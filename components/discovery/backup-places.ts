import { isAbsolute } from "node:path";

/** One database of an explicit list. */
export interface BackupEntry {
  /** Name of the database on the source. */
  database: string;
  /** Its full backup: a path, or `oss://bucket/key`. */
  backup: string;
  /** Differential and log backups: files, `oss://` keys, folders or prefixes. Taken where `phase` is set for the database. */
  increments?: string[];
}

/** Where the backups of an instance are. */
export type BackupPlaces =
  | { kind: "manifest"; path: string }
  | { kind: "folder"; path: string }
  | { kind: "bucketFolder"; url: string; bucket: string; prefix: string }
  | { kind: "list"; entries: readonly (string | BackupEntry)[] };

/** Reads `backups`: an array is a list, `oss://…` a folder of a bucket, a path that ends in `.json` a manifest, any other a folder. */
export function parseBackupPlaces(backups: string | readonly (string | BackupEntry)[]): BackupPlaces {
  if (typeof backups !== "string") return { kind: "list", entries: backups };
  const [, bucket, folder = ""] = /^oss:\/\/([^/]+)\/?(.*)$/is.exec(backups) ?? [];
  if (bucket !== undefined) {
    const prefix = folder.replace(/^\/+|\/+$/g, "");
    return { kind: "bucketFolder", url: backups, bucket, prefix: prefix === "" ? "" : `${prefix}/` };
  }
  return /\.json$/i.test(backups) ? { kind: "manifest", path: backups } : { kind: "folder", path: backups };
}

/** A file that a manifest names, as a path from the project's folder; with forward slashes, as the manifest has them. */
export function placeInManifest(manifestPath: string, file: string): string {
  if (/^oss:\/\//i.test(file) || isAbsolute(file)) return file;
  const folder = manifestPath.slice(0, Math.max(manifestPath.lastIndexOf("/"), manifestPath.lastIndexOf("\\")) + 1);
  return `${folder}${file}`;
}
