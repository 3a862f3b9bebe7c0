import type { ChainFile } from "../model/outputs";

/** When the service had applied a file of the chain; undefined until then. */
export function appliedAt({ sentAt, seconds }: Pick<ChainFile, "sentAt" | "seconds">): string | undefined {
  const ms = Date.parse(sentAt);
  return seconds === undefined || Number.isNaN(ms) ? undefined : new Date(ms + seconds * 1000).toISOString();
}
