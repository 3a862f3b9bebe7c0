import type { ObjectFacts } from "../aliyun/object-store";
import { findRegion } from "../aliyun/settings";
import type { Job } from "./job";

/**
 * `endpoint:bucket:key`, by which RDS is told an object. The region's own endpoint whatever the upload used: internal or
 * accelerated forms are not documented there. @see CreateMigrateTask, OssObjectPositions
 */
export function objectPosition(
  { inputs, session }: Pick<Job, "inputs" | "session">,
  { bucket, key }: ObjectFacts,
): string {
  return `oss-${findRegion(session.settings, inputs.region)}.aliyuncs.com:${bucket}:${key}`;
}
