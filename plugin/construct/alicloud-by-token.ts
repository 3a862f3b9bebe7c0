import * as pulumi from "@pulumi/pulumi";
import type { AlicloudSdk } from "../../components/alicloud-sdk";

/** The version of @pulumi/alicloud that the components are tested with. */
export const ALICLOUD_VERSION = "3.108.0";

/**
 * Returns the alicloud classes, registered by their type tokens: the plugin does not depend on @pulumi/alicloud, because `pulumi
 * package add` would download its plugin. They have only the outputs that the components read.
 */
export const alicloudByToken = (version: string): AlicloudSdk =>
  ({
    oss: { Bucket: classOf("alicloud:oss/bucket:Bucket", version, ["location"]) },
    ram: {
      Role: classOf("alicloud:ram/role:Role", version, ["arn"]),
      RolePolicyAttachment: classOf("alicloud:ram/rolePolicyAttachment:RolePolicyAttachment", version),
      Policy: classOf("alicloud:ram/policy:Policy", version),
      UserPolicyAttachment: classOf("alicloud:ram/userPolicyAttachment:UserPolicyAttachment", version),
    },
  }) as unknown as AlicloudSdk;

const classOf = (type: string, version: string, outputs: readonly string[] = []) =>
  class extends pulumi.CustomResource {
    constructor(name: string, args: pulumi.Inputs, opts: pulumi.CustomResourceOptions = {}) {
      const declared = Object.fromEntries(outputs.map((output) => [output, undefined]));
      super(type, name, { ...args, ...declared }, { ...opts, version });
    }
  };
