import { isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { migrationError } from "../errors/migration-error";
import { foreignPlaceOf } from "../model/foreign-place";
import {
  type BackupLocation,
  parseLocation,
  requireAllowedKey,
  requireBucket,
  requireBucketName,
} from "../model/location";
import { locateInProject } from "./project-folder";

/**
 * Parses `[backup]` or one increment. Relative paths start at the folder of Pulumi.yaml: {@link locateInProject}.
 * @throws KEY_NOT_ALLOWED, BUCKET_DIFFERS, INPUT_INVALID
 */
export function parseBackupLocation(backup: string, bucket: string | undefined, property = "backup"): BackupLocation {
  const location = parseLocation(backup);
  if (location.kind === "file") {
    const path = /^file:/i.test(location.path) ? pathOfUrl(location.path, property) : location.path;
    // Messages name a web address or a path of another system as the program spells it.
    const isComplete = isAbsolute(path) || foreignPlaceOf(path) !== undefined;
    return { kind: "file", path: isComplete ? path : resolve(locateInProject(path).path) };
  }
  requireBucketName(location, property);
  requireBucket(location, bucket);
  const key = location.kind === "object" ? location.key : location.prefix;
  requireAllowedKey(property, key);
  return { kind: "object", bucket: location.bucket, key };
}

function pathOfUrl(url: string, property: string): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    const fault = `${JSON.stringify(url)} names no file of this machine`;
    throw migrationError("INPUT_INVALID", { property, fault, remedy: "Give a path." }, { cause });
  }
}
