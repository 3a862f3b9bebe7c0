import type * as alicloud from "@pulumi/alicloud";
import * as pulumi from "@pulumi/pulumi";
import { migrationPolicy, type PolicyScope } from "../provider/aliyun/ram/permissions";
import { terminalText } from "../provider/model/terminal-text";
import type { AccessComponent } from "../provider/resources/access-argument";
import { type BucketArgument, bucketNameOf } from "../provider/resources/bucket-argument";
import { alicloudSdk } from "./alicloud-sdk";
import { createImportRole, fetchImportRole } from "./import-role";

export interface MigrationAccessArgs {
  /**
   * Creates AliyunRDSImportRole, the role with which RDS reads backups, and attaches RDS's own policy to it. An account has
   * one such role, usually created by the console's authorization. Creation fails when the role exists; leave this `false`
   * then. Destroy keeps the role, because other migrations of the account use it.
   * @default false: the role is read at each preview and up, and never changed
   */
  createRole?: boolean;
  /** The instance that the policies allow, or its id. @default every instance of the account */
  instance?: pulumi.Input<string> | alicloud.rds.Instance;
  /** The bucket that the policies allow. @default every bucket of the account */
  bucket?: BucketArgument;
  /** The RAM user or role that runs the migrations. The policy is created in RAM and attached to it. @default no policy is created */
  grantTo?: { userName: pulumi.Input<string> } | { roleName: pulumi.Input<string> };
  /** Name of the created policy, unique in the account. @default `<project>-<stack>-<name of the component>` */
  policyName?: pulumi.Input<string>;
  /** The profile of the aliyun CLI with which the role is read. @default `alicloud:profile`, then the credentials of the environment */
  profile?: string;
  /** The ARN of a role to assume before the role is read. @default none */
  assumeRoleArn?: string;
}

/**
 * The permissions of migrations: the role with which RDS reads the bucket, and the least-privilege policies of the user or
 * role that runs the migrations. docs/reference/permissions.md lists them by action.
 *
 * @example
 * const access = new MigrationAccess("migration", { instance, bucket, grantTo: { userName: "ci" } });
 * export const policy = access.policy; // JSON, to paste into the RAM console
 */
export class MigrationAccess extends pulumi.ComponentResource implements AccessComponent {
  static readonly __pulumiType = "sqlserver-migration:index:MigrationAccess";

  readonly createsRole: boolean;
  /** `acs:ram::<account>:role/AliyunRDSImportRole`. Undefined when the account has no such role, or when it cannot be read. */
  readonly roleArn: pulumi.Output<string | undefined>;
  /** The RAM policy document, as JSON, that `pulumi up` and `pulumi destroy` of migrations need. */
  readonly policy: pulumi.Output<string>;
  /** The read-only RAM policy document, as JSON, that `pulumi preview` and `pulumi refresh` need, for example in pull requests. */
  readonly previewPolicy: pulumi.Output<string>;

  constructor(name: string, args: MigrationAccessArgs = {}, opts: pulumi.ComponentResourceOptions = {}) {
    super(MigrationAccess.__pulumiType, name, {}, opts);
    this.createsRole = args.createRole === true;
    this.roleArn = this.createsRole ? createImportRole(name, this).arn : this.fetchRoleArn(args);
    this.policy = policyText(args, "migrate");
    this.previewPolicy = policyText(args, "look");
    if (args.grantTo !== undefined) grant(name, this.policy, args, args.grantTo, this);
    this.registerOutputs({ roleArn: this.roleArn, policy: this.policy, previewPolicy: this.previewPolicy });
  }

  /** A missing role is a warning, because finished migrations do not need it. */
  private fetchRoleArn({ profile, assumeRoleArn }: MigrationAccessArgs): pulumi.Output<string | undefined> {
    return pulumi.output(
      fetchImportRole({ profile, assumeRoleArn }).then(async ({ arn, warnings }) => {
        for (const warning of warnings) await pulumi.log.warn(terminalText(warning), this);
        return arn;
      }),
    );
  }
}

function policyText(
  { instance, bucket }: MigrationAccessArgs,
  purpose: NonNullable<PolicyScope["purpose"]>,
): pulumi.Output<string> {
  const instanceId = pulumi.Resource.isInstance(instance) ? instance.id : instance;
  return pulumi
    .all([instanceId, bucket === undefined ? undefined : bucketNameOf(bucket)])
    .apply(([id, bucketName]) => JSON.stringify(migrationPolicy({ instanceId: id, bucket: bucketName, purpose })));
}

/** Creates the policy and attaches it to the user or role. */
function grant(
  name: string,
  policyDocument: pulumi.Output<string>,
  { policyName = `${pulumi.getProject()}-${pulumi.getStack()}-${name}` }: MigrationAccessArgs,
  grantee: NonNullable<MigrationAccessArgs["grantTo"]>,
  parent: pulumi.Resource,
): void {
  const { ram } = alicloudSdk();
  const description = "What the SQL Server migrations of a Pulumi program need";
  const policy = new ram.Policy(name, { policyName, policyDocument, description }, { parent });
  const attached = { policyName: policy.policyName, policyType: "Custom" };
  if ("userName" in grantee)
    new ram.UserPolicyAttachment(name, { ...attached, userName: grantee.userName }, { parent });
  else new ram.RolePolicyAttachment(name, { ...attached, roleName: grantee.roleName }, { parent });
}
