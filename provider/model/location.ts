import { basename } from "node:path";
import { migrationError } from "../errors/migration-error";

/** A local file or folder. */
export interface FileLocation {
  kind: "file";
  path: string;
}

/** An object of a bucket. */
export interface ObjectLocation {
  kind: "object";
  bucket: string;
  key: string;
}

/** All objects of a bucket whose keys begin with `prefix`, which is empty or ends in a slash. */
export interface PrefixLocation {
  kind: "prefix";
  bucket: string;
  prefix: string;
}

/** Where one backup is. */
export type BackupLocation = FileLocation | ObjectLocation;

/** What a text may name: one backup, or several of them. */
export type Location = BackupLocation | PrefixLocation;

const OSS_URL = /^oss:\/\/([^/]*)\/?(.*)$/is;

/** Whether a text names an object or a prefix of a bucket. The scheme is compared without case. */
export const isOssUrl = (text: string): boolean => OSS_URL.test(text);

/**
 * Parses a path, `oss://bucket/key` or `oss://bucket/prefix/` without checking it. A bucket alone is the prefix of all its
 * objects. A path stays as it is written.
 */
export function parseLocation(text: string): Location {
  const [, bucket, rest = ""] = OSS_URL.exec(text) ?? [];
  if (bucket === undefined) return { kind: "file", path: text };
  return rest === "" || rest.endsWith("/")
    ? { kind: "prefix", bucket, prefix: rest }
    : { kind: "object", bucket, key: rest };
}

/** The text of a location: a path, or a URL whose scheme is in lower case. */
export function formatLocation(location: Location): string {
  switch (location.kind) {
    case "file":
      return location.path;
    case "object":
      return objectUrl(location.bucket, location.key);
    case "prefix":
      return objectUrl(location.bucket, location.prefix);
  }
}

/** `oss://bucket/key`, or `oss://bucket/` for an empty key. */
export const objectUrl = (bucket: string, key: string): string => `oss://${bucket}/${key}`;

/** The last segment of a path or key. */
export const fileNameOf = (location: BackupLocation): string =>
  basename(location.kind === "file" ? location.path : location.key);

/** Refuses `oss://`, `oss:///key` and the like. @throws INPUT_INVALID */
export function requireBucketName(location: ObjectLocation | PrefixLocation, property: string): void {
  if (location.bucket !== "") return;
  const fault = `${JSON.stringify(formatLocation(location))} names no bucket`;
  throw migrationError("INPUT_INVALID", { property, fault, remedy: "Write oss://bucket/key." });
}

/** @throws BUCKET_DIFFERS when `bucket` is known and another one */
export function requireBucket(location: ObjectLocation | PrefixLocation, bucket: string | undefined): void {
  const named = location.bucket;
  if (bucket !== undefined && named !== bucket) throw migrationError("BUCKET_DIFFERS", { bucket, named });
}

/** The file names that RDS accepts. @see CreateMigrateTask, IncorrectFileExtension */
const RDS_EXTENSION = /\.(bak|diff|trn|log)$/i;

/**
 * Refuses keys that cannot be given to CreateMigrateTask. `@`, `|` and `:` are separators of its parameters; field reports
 * say that RDS fails on characters outside ASCII; HTTP clients rewrite dot segments after signing.
 * @throws KEY_NOT_ALLOWED
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
  if (!RDS_EXTENSION.test(key)) return "its name does not end in .bak (or .diff, .trn or .log)";
  return Buffer.byteLength(key) > 1023 ? "it is longer than the 1,023 bytes that OSS allows" : undefined;
}
