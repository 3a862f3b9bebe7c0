import { objectUrl } from "../../model/location";
import { formatBytes, formatDuration, formatRate } from "../../model/quantities";
import type { UploadProgress, UploadResult } from "../object-store";

/** One line of progress: acknowledged bytes, the rate of the last seconds, and the time left at that rate. */
export function progressLine({ phase, sizeBytes, doneBytes, bytesPerSecond, etaSeconds }: UploadProgress): string {
  const percent = sizeBytes === 0 ? 100 : Math.floor((doneBytes / sizeBytes) * 100);
  const work = phase === "comparing" ? "comparing with the existing object" : "uploading";
  const left = etaSeconds === undefined ? "" : `, ${formatDuration(etaSeconds)} left`;
  return `${work}: ${percent} % of ${formatBytes(sizeBytes)}, ${formatRate(bytesPerSecond)}${left}`;
}

/** The line at the end of an upload, with all values that a support case needs. */
export function summaryLine({
  object,
  outcome,
  bytesSent,
  seconds,
  requestId,
  leftUploadIds = [],
}: UploadResult): string {
  const facts = [`ETag ${object.etag ?? "?"}`, `CRC64 ${object.crc64 ?? "?"}`];
  if (requestId !== undefined) facts.push(`RequestId ${requestId}`);
  const left =
    leftUploadIds.length === 0 ? "" : `; unfinished uploads that could not be aborted: ${leftUploadIds.join(", ")}`;
  const figures = OUTCOMES[outcome]({ bytesSent, seconds, sizeBytes: object.sizeBytes });
  return `${figures}.\n${objectUrl(object.bucket, object.key)}: ${facts.join(", ")}${left}`;
}

const OUTCOMES: Record<
  UploadResult["outcome"],
  (figures: { bytesSent: number; seconds: number; sizeBytes: number }) => string
> = {
  alreadyThere: ({ sizeBytes, seconds }) =>
    `existed already, ${formatBytes(sizeBytes)} compared in ${formatDuration(seconds)}`,
  uploaded: ({ bytesSent, seconds }) => `uploaded, ${sent(bytesSent, seconds)}`,
  resumed: ({ bytesSent, seconds, sizeBytes }) =>
    `resumed an earlier upload of ${formatBytes(sizeBytes)}, ${sent(bytesSent, seconds)}`,
};

const sent = (bytes: number, seconds: number): string =>
  `${formatBytes(bytes)} sent in ${formatDuration(seconds)} (${formatRate(bytes / Math.max(seconds, 0.001))})`;
