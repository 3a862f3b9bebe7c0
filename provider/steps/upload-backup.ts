import { basename } from "node:path";
import { retryLine } from "../aliyun/call-retry";
import type { ObjectFacts } from "../aliyun/object-store";
import { progressLine, summaryLine } from "../aliyun/oss/upload-lines";
import { requireBackup } from "../model/inputs";
import { formatBytes } from "../model/quantities";
import type { Job } from "../session/job";
import { describeDatabaseEnd } from "./describe-end";

export interface BackupUpload {
  /** Absolute path of the local file. */
  path: string;
  key: string;
  sizeBytes: number;
  /** Called as soon as the id of the multipart upload is known, and again if it changes. */
  onUploadId: (uploadId: string) => void;
}

/** Uploads a backup into the migration's bucket, resumes the upload or finds the object, and logs the progress. */
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
      // A run that was killed after its last part, or a run at the same time, leaves parts that no other run would remove.
      abortsStaleUploads: true,
      signal,
      onUploadId,
      onProgress: (state) => {
        session.fleet.recordUpload(inputs.instanceId, job.progress.databaseName, state);
        job.log.status(progressLine(state, describeDatabaseEnd(job)));
      },
      onRetry: (retry) =>
        job.log.status(retryLine("uploading", { ...retry, untilMs: Math.min(retry.untilMs, job.deadlineMs) })),
    }),
  );
  job.log.info(summaryLine(result, upload.rateLimit));
  return result.object;
}

/** Runs one step with a signal that aborts when the run ends or the deadline passes. */
async function withinDeadline<T>(
  { signal, session, deadlineMs }: Job,
  step: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const end = () => controller.abort(signal.reason);
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  session.clock.sleep(deadlineMs - session.clock.now(), controller.signal).then(end, end);
  try {
    return await step(controller.signal);
  } finally {
    end();
    signal.removeEventListener("abort", end);
  }
}
