import { existsSync } from "node:fs";
import { BASELINE_FILE } from "../../provider/source/baseline-file";
import { type BackupEntry, parseBackupPlaces, placeInManifest } from "./backup-places";

/**
 * The baseline of the source beside a manifest, or at the top of the folder that the backups are in, whose subfolders may hold
 * them. Undefined where there is none: then each migration looks beside its own backup.
 */
export function baselineBeside(backups: string | readonly (string | BackupEntry)[]): string | undefined {
  const places = parseBackupPlaces(backups);
  if (places.kind !== "manifest" && places.kind !== "folder") return undefined;
  const folder = places.path.replace(/[/\\]+$/, "");
  const path = placeInManifest(places.kind === "manifest" ? places.path : `${folder}/`, BASELINE_FILE);
  return existsSync(path) ? path : undefined;
}
