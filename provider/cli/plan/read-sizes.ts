import { stat } from "node:fs/promises";
import type { ObjectStore } from "../../aliyun/object-store";
import { planChains } from "../../backup/chain";
import { restoredSize } from "../../backup/database-size";
import type { ManifestDatabase } from "../../backup/manifest";
import { noBackupFiles } from "../../backup-files/select-files";
import { migrationError } from "../../errors/migration-error";
import type { ForecastDatabase } from "../../forecast/forecast-database";
import { isOssUrl } from "../../model/location";
import { systemDatabasesAmong } from "../../model/system-databases";
import { readBackups } from "../bakinfo/read-entries";
import { problemText } from "../bakinfo/report";
import { readManifest } from "./read-manifest";

/** The databases to plan. */
export interface PlanSizes {
  databases: ForecastDatabase[];
  /** Lines for stderr: what cannot be read, and databases without a full backup that can be restored. */
  problems: string[];
}

/**
 * The databases of a manifest, or of a folder or `oss://bucket/folder/` of backups, with their sizes. Of a folder it reads the headers.
 * @throws MANIFEST_MISSING, MANIFEST_INVALID, BACKUPS_FOLDER_EMPTY
 */
export async function readSizes(place: string, store: () => ObjectStore, program: string): Promise<PlanSizes> {
  const found = isOssUrl(place) ? undefined : await stat(place).catch(() => undefined);
  if (isOssUrl(place) || found?.isDirectory()) return sizesOfFolder(place, store, program);
  return { databases: (await readManifest(place)).databases.map(sizesOf), problems: [] };
}

const sizesOf = ({ database, backup }: ManifestDatabase): ForecastDatabase => ({
  database,
  backupBytes: backup.sizeBytes,
  restoredBytes: Math.max(backup.restoredBytes, backup.sizeBytes === 0 ? 0 : 1),
  mustUpload: !isOssUrl(backup.file),
});

/** BackupType of log and differential backups. */
const INCREMENTS: readonly (number | null)[] = [2, 5];

/** An InstanceMigration of the same folder takes the same full backups. */
async function sizesOfFolder(folder: string, store: () => ObjectStore, program: string): Promise<PlanSizes> {
  // A folder of a bucket may be written without its closing slash.
  const path = isOssUrl(folder) ? `${folder.replace(/\/+$/, "")}/` : folder;
  const { entries, leftOut, emptyFolders } = await readBackups([path], store, { deep: false });
  const [empty] = emptyFolders;
  if (empty !== undefined) throw noBackupFiles(folder, empty, { isOfProgram: false });
  const fulls = entries.filter(
    ({ backup: { sets } }) => sets.length === 0 || sets.some(({ BackupType }) => !INCREMENTS.includes(BackupType)),
  );
  const plans = planChains(fulls).databases;
  const isSystem = systemDatabasesAmong(plans.map(({ database }) => database));
  const chosen = plans.filter(({ database }) => !isSystem(database));
  const databases = chosen.flatMap(({ database, chain }): ForecastDatabase[] => {
    if (chain === undefined) return [];
    const { file, set, backup } = chain.full;
    const { dataBytes, logBytes } = restoredSize(set, backup.sizeBytes);
    const bytes = { backupBytes: backup.sizeBytes, restoredBytes: dataBytes + logBytes };
    return [{ database, ...bytes, mustUpload: !isOssUrl(file) }];
  });
  if (databases.length === 0) throw migrationError("BACKUPS_FOLDER_EMPTY", { folder, skipped: leftOut });
  const faults = entries.flatMap(({ backup }) => backup.problems);
  const withoutFull = chosen.filter(({ chain }) => chain === undefined).flatMap(({ problems }) => problems);
  return { databases, problems: [...faults, ...withoutFull].map((problem) => problemText(program, "error", problem)) };
}
