import { isAbsolute, resolve } from "node:path";
import { foreignPlaceOf } from "../model/foreign-place";
import {
  type BackupLocation,
  parseLocation,
  requireAllowedKey,
  requireBucket,
  requireBucketName,
} from "../model/location";
import { pathOfFileUrl } from "./file-url";
import { locateInProject } from "./project-folder";

/**
 * Parses `[backup]` or one increment. Relative paths start at the folder of Pulumi.yaml: {@link locateInProject}.
 * @throws KEY_NOT_ALLOWED, BUCKET_DIFFERS, INPUT_INVALID
 */
export function parseBackupLocation(backup: string, bucket: string | undefined, property = "backup"): BackupLocation {
  const location = parseLocation(backup);
  if (location.kind === "file") {
    const path = pathOfFileUrl(location.path, property);
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
