import type { UploadedObject } from "../decisions/cleanup";
import { isMigrationError } from "../errors/migration-error";
import type { Scope } from "../model/scope";
import type { Session } from "../session/session";

/** The result of a clean-up. Its failure never fails a migration that has succeeded. */
export interface Deletion {
  /** Each object is deleted, or is no longer what was uploaded and stays. */
  done: boolean;
  /** A message for each object that is left. */
  left: string[];
}

/** Deletes objects that this program uploaded, unless their content has changed since. */
export async function deleteUploaded(
  session: Session,
  scope: Scope,
  bucket: string,
  objects: readonly UploadedObject[],
): Promise<Deletion> {
  const left: string[] = [];
  try {
    const store = session.clients.store(scope);
    for (const { key, crc64 } of objects) {
      const object = await store.headObject(bucket, key);
      if (object === undefined) continue;
      if (crc64 === undefined || object.crc64 !== crc64)
        left.push(`oss://${bucket}/${key} is not what was uploaded and stays`);
      else await store.deleteObject(bucket, key);
    }
    return { done: true, left };
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    return { done: false, left: [...left, `objects in ${bucket} could not be deleted yet: ${error.message}`] };
  }
}
