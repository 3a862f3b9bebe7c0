import { type Manifest, type ManifestDatabase, parseManifest } from "../../backup/manifest";
import { migrationError } from "../../errors/migration-error";
import { isNoEntry } from "../../errors/system-fault";
import { MANIFEST_LIMIT_BYTES, readWholeFile } from "../../files/read-whole-file";
import type { ForecastDatabase } from "../../forecast/forecast-database";
import { isOssUrl } from "../../model/location";

/** @throws MANIFEST_MISSING, MANIFEST_INVALID */
export async function readManifest(file: string): Promise<Manifest> {
  const bytes = await readWholeFile(file, MANIFEST_LIMIT_BYTES).catch((cause: unknown) => {
    throw isNoEntry(cause) ? migrationError("MANIFEST_MISSING", { file }, { cause }) : cause;
  });
  return parseManifest(bytes.toString("utf8"), file);
}

/** The databases of a manifest, with their sizes. @throws MANIFEST_MISSING, MANIFEST_INVALID */
export const readManifestSizes = async (file: string): Promise<ForecastDatabase[]> =>
  (await readManifest(file)).databases.map(sizesOf);

const sizesOf = ({ database, backup }: ManifestDatabase): ForecastDatabase => ({
  database,
  backupBytes: backup.sizeBytes,
  restoredBytes: Math.max(backup.restoredBytes, backup.sizeBytes === 0 ? 0 : 1),
  mustUpload: !isOssUrl(backup.file),
});
