import { objectUrl } from "../../model/location";
import { formatBytes, formatDuration, formatRate } from "../../model/quantities";
import type { UploadProgress, UploadResult } from "../object-store";

/**
 * One line of progress: acknowledged bytes and, once they are known, the rate of the last seconds and the time left.
 * @param end when the whole migration ends, in place of the time that is left of the upload
 */
export function progressLine(progress: UploadProgress, end?: string): string {
  const { phase, sizeBytes, doneBytes, bytesPerSecond, etaSeconds, idleSeconds } = progress;
  const percent = sizeBytes === 0 ? 100 : Math.floor((doneBytes / sizeBytes) * 100);
  const work = phase === "comparing" ? "comparing with the existing object" : "uploading";
  const rate = bytesPerSecond === undefined ? "" : `, ${formatRate(bytesPerSecond)}`;
  const left = etaSeconds === undefined || end !== undefined ? "" : `, ${formatDuration(etaSeconds)} left`;
  const pause = idleSeconds === undefined ? "" : `, no data for ${formatDuration(idleSeconds)}`;
  return `${work}: ${percent} % of ${formatBytes(sizeBytes)}${rate}${left}${pause}${end === undefined ? "" : `; ${end}`}`;
}

/** The line at the end of an upload, with all values that a support case needs. */
export function summaryLine(
  { object, outcome, bytesSent, seconds, requestId, leftUploadIds = [] }: UploadResult,
  rateLimitBytesPerSecond = Number.POSITIVE_INFINITY,
): string {
  const facts = [`ETag ${object.etag ?? "?"}`, `CRC64 ${object.crc64 ?? "?"}`];
  if (requestId !== undefined) facts.push(`RequestId ${requestId}`);
  const left =
    leftUploadIds.length === 0 ? "" : `; unfinished uploads that could not be aborted: ${leftUploadIds.join(", ")}`;
  // The pace sends the first half second's bytes early, which shows in the average of a short upload.
  const rate = Math.min(bytesSent / Math.max(seconds, 0.001), rateLimitBytesPerSecond);
  const sent = `${formatBytes(bytesSent)} sent in ${formatDuration(seconds)} (${formatRate(rate)})`;
  const figures = OUTCOMES[outcome]({ sent, seconds, sizeBytes: object.sizeBytes });
  return `${figures}.\n${objectUrl(object.bucket, object.key)}: ${facts.join(", ")}${left}`;
}

const OUTCOMES: Record<
  UploadResult["outcome"],
  (figures: { sent: string; seconds: number; sizeBytes: number }) => string
> = {
  alreadyThere: ({ sizeBytes, seconds }) =>
    `existed already, ${formatBytes(sizeBytes)} compared in ${formatDuration(seconds)}`,
  uploaded: ({ sent }) => `uploaded, ${sent}`,
  resumed: ({ sent, sizeBytes }) => `resumed an earlier upload of ${formatBytes(sizeBytes)}, ${sent}`,
};
