import { counted } from "../errors/message-text";
import { isMigrationError } from "../errors/migration-error";
import { readableBucketUploads } from "../model/bucket-uploads";
import type { PlainObject } from "../model/plain";
import type { HandlerContext, ResourceHandlers } from "../session/handler-context";

const MEMBERS = ["bucket", "region", "forceDestroy"] as const;

/**
 * The handlers of BucketUploads. Only `delete` acts: it aborts every unfinished upload of the bucket before the engine deletes the
 * bucket. It is recorded when the bucket is, so it also finds the uploads of a migration that a killed run was creating.
 */
export const bucketUploadsHandlers: ResourceHandlers = {
  check: async (_context, _olds, news) => ({ inputs: news, failures: [] }),
  diff: (_context, olds, news) => ({
    changes: MEMBERS.some((member) => olds[member] !== news[member]),
    replaces: olds.bucket === news.bucket ? [] : ["bucket"],
  }),
  create: async (_context, inputs) => ({ id: String(inputs.bucket), outs: inputs }),
  update: async (_context, _olds, news) => ({ outs: news }),
  read: async (_context, id, props) => ({ id, props }),
  delete: abortAllUploads,
};

/** A failure is a warning: OSS refuses to delete a bucket with unfinished uploads, and the engine reports that. */
async function abortAllUploads({ session, log, signal }: HandlerContext, props: PlainObject): Promise<void> {
  const { bucket, region, forceDestroy } = readableBucketUploads(props);
  if (bucket === undefined || forceDestroy !== true) return;
  try {
    const store = session.clients.store({ region });
    const uploads = await store.listAllUploads(bucket);
    for (const { key, uploadId } of uploads) {
      signal.throwIfAborted();
      await store.abortUpload(bucket, key, uploadId);
    }
    if (uploads.length > 0) log.info(`aborted ${counted(uploads.length, "unfinished upload")} of ${bucket}`);
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    if (error.code === "OSS_NO_SUCH_BUCKET") return;
    log.warning(`unfinished uploads of ${bucket} may stay, with which OSS does not delete it.\n${error.message}`);
  }
}
