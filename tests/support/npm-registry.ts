import { spawnSync } from "node:child_process";

/** Why packages cannot be installed here, or undefined when the registry answers. Synchronous, because jest collects tests synchronously. */
export function missingRegistry(): string | undefined {
  const args = ["view", "ms", "version", "--fetch-retries=0", "--fetch-timeout=20000", "--prefer-online"];
  const { status, stderr } = spawnSync("npm", args, { encoding: "utf8", timeout: 60_000 });
  return status === 0 ? undefined : `npm view ms: ${stderr.trim().split("\n")[0] || "no answer within a minute"}`;
}
