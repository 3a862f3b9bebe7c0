import type { ErrorCode } from "./catalogue";
import { codeOfMessage } from "./message-text";

/** Faults of the credentials, the clock and the region. They are the same for every call, so one message is enough. */
const FAULTS_OF_EVERY_CALL: readonly string[] = [
  "ACCESS_KEY_UNKNOWN",
  "SIGNATURE_REFUSED",
  "TOKEN_EXPIRED",
  "CLOCK_SKEWED",
  "REGION_INVALID",
  "NO_CREDENTIALS",
  "OSS_CREDENTIALS_REFUSED",
  "OSS_CREDENTIALS_EXPIRED",
  "OSS_CLOCK_SKEWED",
] satisfies ErrorCode[];

/** Whether an error with that code has the same cause for every database, bucket and call. */
export const isFaultOfEveryCall = (code: string): boolean => FAULTS_OF_EVERY_CALL.includes(code);

/** Messages with the same key are printed once. The key is the code of a fault of every call, otherwise the whole text. */
export function causeKey(text: string): string {
  const code = codeOfMessage(text);
  return code !== undefined && isFaultOfEveryCall(code) ? code : text;
}
