import type { CallLimits, StoredText } from "../object-store";
import type { OssCalls } from "./oss-calls";
import { isFault } from "./oss-fault";

interface TextTarget extends CallLimits {
  bucket: string;
  key: string;
}

/** Limit of a read: other programs may write a longer object under the key. */
const LONGEST_TEXT_BYTES = 65_536;
const SERVICE_SECOND_MS = 1_000;

/** @returns false when the key already exists (only with `ifAbsent`). */
export async function putText(
  calls: OssCalls,
  { bucket, key, budgetMs, signal }: TextTarget,
  text: string,
  ifAbsent: boolean,
): Promise<boolean> {
  // Documented: PutObject, x-oss-forbid-overwrite. It has no effect in a bucket with versioning, where the later text
  // wins.
  const headers = {
    "Content-Type": "application/json",
    ...(ifAbsent ? { "x-oss-forbid-overwrite": "true" } : {}),
  };
  try {
    await calls.call(
      { operation: "PutObject", bucket, key, signal, watch: calls.stallWatch(budgetMs) },
      (client) => client.put(key, Buffer.from(text), { headers }),
      ["FileAlreadyExists"],
    );
    return true;
  } catch (error) {
    if (isFault(error, "FileAlreadyExists")) return false;
    throw error;
  }
}

/**
 * Returns the text and its age, or undefined when the object does not exist. Only the first 64 KiB of a longer object.
 */
export async function getText(
  calls: OssCalls,
  { bucket, key, budgetMs, signal }: TextTarget,
): Promise<StoredText | undefined> {
  const headers = { Range: `bytes=0-${LONGEST_TEXT_BYTES - 1}` };
  const watch = calls.stallWatch(budgetMs);
  try {
    const { reply } = await calls.call(
      { operation: "GetObject", bucket, key, signal, watch, maxReplyBytes: 2 * LONGEST_TEXT_BYTES },
      (client) => client.get(key, { headers }),
      ["NoSuchKey"],
    );
    const { date = "", "last-modified": modified = "" } = reply.headers;
    const ageMs = Date.parse(date) - Date.parse(modified) - SERVICE_SECOND_MS;
    return { text: reply.body.toString("utf8"), ageMs: Math.max(ageMs || 0, 0) };
  } catch (error) {
    if (isFault(error, "NoSuchKey")) return undefined;
    throw error;
  }
}
