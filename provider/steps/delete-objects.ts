import type { UploadedObject } from "../decisions/cleanup";
import { isMigrationError } from "../errors/migration-error";
import type { Scope } from "../model/scope";
import type { Session } from "../session/session";

/** How a clean-up ended. A migration that has succeeded does not fail because of it. */
export interface Deletion {
  /** Everything is gone, or is not what was uploaded and stays for good. */
  done: boolean;
  /** What is left, and why. */
  left: string[];
}

/** Deletes objects that this program uploaded; one that holds something else by now is left alone. */
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
