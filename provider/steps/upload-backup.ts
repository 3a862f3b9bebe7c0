import { basename } from "node:path";
import type { ObjectFacts } from "../aliyun/object-store";
import { progressLine, summaryLine } from "../aliyun/oss/upload-lines";
import { requireBackup } from "../model/inputs";
import { formatBytes } from "../model/quantities";
import type { Job } from "../session/job";

export interface BackupUpload {
  /** Absolute path of the local file. */
  path: string;
  key: string;
  sizeBytes: number;
  /** Called as soon as the id of the multipart upload is known, and again if it changes. */
  onUploadId: (uploadId: string) => void;
}

/** Uploads a backup into the migration's bucket, or continues or finds its upload, and shows how it goes. */
export async function uploadBackup(job: Job, { path, key, sizeBytes, onUploadId }: BackupUpload): Promise<ObjectFacts> {
  const { inputs, session } = job;
  const { upload = {} } = inputs;
  const { bucket } = requireBackup(inputs);
  job.log.status(`uploading ${basename(path)} (${formatBytes(sizeBytes)}) to ${bucket}/${key}`);
  const result = await withinDeadline(job, (signal) =>
    session.clients.store(inputs).upload({
      bucket,
      key,
      path,
      partSizeBytes: upload.partSize,
      parallel: upload.parallel,
      rateLimitBytesPerSecond: upload.rateLimit,
      // A run that was killed behind its last part, and a rival of it, leave parts that nobody else would ever look for.
      abortsStaleUploads: true,
      signal,
      onUploadId,
      onProgress: (state) => job.log.status(progressLine(state)),
    }),
  );
  job.log.info(summaryLine(result));
  return result.object;
}

/** Runs one step with a signal that aborts at the end of the run or of its time, whichever comes first. */
async function withinDeadline<T>(
  { signal, session, deadlineMs }: Job,
  step: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController();
  const end = () => ending.abort(signal.reason);
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  session.clock.sleep(deadlineMs - session.clock.now(), ending.signal).then(end, end);
  try {
    return await step(ending.signal);
  } finally {
    end();
    signal.removeEventListener("abort", end);
  }
}
