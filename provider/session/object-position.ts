import type { ObjectFacts } from "../aliyun/object-store";
import { findRegion } from "../aliyun/settings";
import type { Job } from "./job";

/**
 * Returns `endpoint:bucket:key`, the position of an object for RDS. Always uses the region's public endpoint: RDS does not
 * document internal or accelerated endpoints here. @see CreateMigrateTask, OssObjectPositions
 */
export function objectPosition(
  { inputs, session }: Pick<Job, "inputs" | "session">,
  { bucket, key }: ObjectFacts,
): string {
  return `oss-${findRegion(session.settings, inputs.region)}.aliyuncs.com:${bucket}:${key}`;
}
