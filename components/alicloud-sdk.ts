import { createRequire } from "node:module";
import type * as alicloud from "@pulumi/alicloud";
import { constructContext } from "./construct-context";

/** The classes of the alicloud package that the components declare. */
export interface AlicloudSdk {
  readonly oss: Pick<typeof alicloud.oss, "Bucket">;
  readonly ram: Pick<typeof alicloud.ram, "Role" | "RolePolicyAttachment" | "Policy" | "UserPolicyAttachment">;
}

/**
 * Returns the alicloud package. A program loads the real one on first use: it loads slowly, and a program that only names existing
 * resources does not need it. The plugin has none, so `createRequire` hides it from the plugin's bundler.
 */
export const alicloudSdk = (): AlicloudSdk =>
  constructContext()?.alicloud ?? (createRequire(__filename)("@pulumi/alicloud") as typeof alicloud);
