import { isMigrationError } from "../errors/migration-error";
import { isOssUrl } from "../model/location";
import type { MigrationOutputs } from "../model/outputs";
import type { HandlerContext } from "../session/handler-context";

/** An object that a recorded migration was uploading. */
interface UnfinishedObject {
  key: string;
  /** Of the upload that the record names. Other uploads of the key belong to runs that ended before they recorded them. */
  uploadId?: string;
}

/**
 * Aborts the unfinished uploads of a recorded migration: the recorded ones, and all others of exactly their keys. A run that
 * Pulumi ends or that is killed records nothing, so the record may name an older upload or none. A missing right to the unrecorded
 * ones is a warning, because the record does not prove that they exist. The uploads of a deleted bucket are gone with it.
 */
export async function abortUnfinishedUploads(
  context: Pick<HandlerContext, "session" | "log">,
  recorded: Partial<MigrationOutputs>,
): Promise<void> {
  try {
    for (const object of unfinishedObjects(recorded)) await abortUploadsOf(context, recorded, object);
  } catch (error) {
    if (!isMigrationError(error) || error.code !== "OSS_NO_SUCH_BUCKET") throw error;
  }
}

async function abortUploadsOf(
  { session, log }: Pick<HandlerContext, "session" | "log">,
  recorded: Partial<MigrationOutputs>,
  { key, uploadId }: UnfinishedObject,
): Promise<void> {
  const { bucket } = recorded;
  if (bucket === undefined) return;
  const store = session.clients.store(recorded);
  if (uploadId !== undefined) await store.abortUpload(bucket, key, uploadId);
  try {
    for (const other of await store.listUploads(bucket, key)) await store.abortUpload(bucket, key, other);
  } catch (error) {
    if (!isMigrationError(error) || error.code !== "OSS_ACCESS_DENIED") throw error;
    log.warning(`unfinished uploads of oss://${bucket}/${key} may stay, billed as storage: ${error.message}`);
  }
}

/** The full backup and an increment. An object that the program names in a bucket is never uploaded. */
function unfinishedObjects({ backup, status, uploadId, objectKey, chain }: Partial<MigrationOutputs>) {
  const objects: UnfinishedObject[] = [];
  const isUploading = status === "uploading" && backup !== undefined && !isOssUrl(backup);
  if (objectKey !== undefined && (uploadId !== undefined || isUploading)) objects.push({ key: objectKey, uploadId });
  if (chain?.upload !== undefined) objects.push(chain.upload);
  return objects;
}
