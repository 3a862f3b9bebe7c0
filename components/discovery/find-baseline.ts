import { existsSync } from "node:fs";
import { locateInProject } from "../../provider/files/project-folder";
import { type BackupEntry, parseBackupsArgument, resolveInManifest } from "./backups-argument";

/** The file name that docs/how-to/source-side.md gives to the output of `sql/baseline.sql`. */
const BASELINE_FILE = "baseline.json";

/**
 * The path of the source's baseline, beside the manifest or at the top of the folder of the backups. Undefined when neither
 * exists: then each migration checks the folder of its own backup.
 */
export function findBaseline(backups: string | readonly (string | BackupEntry)[]): string | undefined {
  const argument = parseBackupsArgument(backups);
  if (argument.kind !== "manifest" && argument.kind !== "folder") return undefined;
  const folder = argument.path.replace(/[/\\]+$/, "");
  const path = resolveInManifest(argument.kind === "manifest" ? argument.path : `${folder}/`, BASELINE_FILE);
  return existsSync(locateInProject(path).path) ? path : undefined;
}
