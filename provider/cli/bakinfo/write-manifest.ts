import { stat, writeFile } from "node:fs/promises";
import { basename, dirname, relative, resolve, sep } from "node:path";
import { fileCrc64 } from "../../aliyun/oss/file-crc64";
import type { BakinfoEntry } from "../../backup/bakinfo-entry";
import type { BackupMember, ChainPlan, DatabasePlan } from "../../backup/chain";
import { buildManifest, type FileFacts, manifestText } from "../../backup/manifest";
import { backupFaults, versionTooOld } from "../../backup-files/examine-backup";
import { isOssUrl } from "../../model/location";
import { systemDatabasesAmong } from "../../model/system-databases";

/** Why migrations do not take files of the chains, such as a password: the messages that their check gives too. */
export const filesNotTaken = (plan: ChainPlan): string[] =>
  userDatabases(plan).flatMap(({ chain }) =>
    chain === undefined
      ? []
      : [...faultsOf(chain.full, "full"), ...chain.increments.flatMap((member) => faultsOf(member, "increment"))],
  );

function faultsOf({ file, backup: content }: BackupMember, wanted: "full" | "increment"): string[] {
  const examined = { name: file, fileName: basename(file), sizeBytes: content.sizeBytes, content };
  const tooOld = content.sets.map(({ DatabaseVersion }) => DatabaseVersion && versionTooOld(file, DatabaseVersion));
  return [...backupFaults(examined, wanted), ...tooOld.flatMap((fault) => (fault ? [fault.message] : []))];
}

/** System databases are never migrated, so their backups do not count. */
function userDatabases({ databases }: ChainPlan): DatabasePlan[] {
  const isSystem = systemDatabasesAmong(databases.map(({ database }) => database));
  return databases.filter(({ database }) => !isSystem(database));
}

interface ManifestInput {
  entries: readonly BakinfoEntry[];
  plan: ChainPlan;
  /** Every file is a sound backup. */
  isSound: boolean;
  /** The result of {@link filesNotTaken}. */
  notTaken: readonly string[];
}

/**
 * Writes the manifest of all chains, or nothing: a manifest without one of the databases would plan that database's removal.
 * @returns why nothing was written; undefined when the file was written
 */
export async function writeManifest(
  path: string,
  { entries, plan, isSound, notTaken }: ManifestInput,
): Promise<string | undefined> {
  const users = userDatabases(plan);
  const incomplete = users.filter(({ chain }) => chain === undefined).map(({ database }) => database);
  if (incomplete.length > 0) return `no chain for ${incomplete.join(", ")}`;
  const outdated = users.filter(({ problems }) => problems.some(({ code }) => code === "BACKUP_NEWER_UNFIT"));
  if (outdated.length > 0)
    return `a newer full backup cannot be restored for ${outdated.map(({ database }) => database).join(", ")}`;
  if (plan.databases.length === 0) return "no backup of a database was found";
  if (!isSound) return "not every file is a sound backup";
  if (notTaken.length > 0) return "a migration does not take every file";
  const folder = dirname(resolve(path));
  const factsOf = async (file: string): Promise<FileFacts> => {
    const entry = entries.find((candidate) => candidate.file === file);
    if (isOssUrl(file)) {
      if (!entry?.crc64) throw new Error(`OSS returned no CRC64 for ${file}`);
      return { file, sizeBytes: entry.backup.sizeBytes, crc64: entry.crc64 };
    }
    const { size } = await stat(file);
    return {
      file: relative(folder, resolve(file)).split(sep).join("/"),
      sizeBytes: size,
      crc64: await fileCrc64(file),
    };
  };
  await writeFile(path, manifestText(await buildManifest(plan, factsOf)));
  return undefined;
}
