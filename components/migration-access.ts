import type * as alicloud from "@pulumi/alicloud";
import * as pulumi from "@pulumi/pulumi";
import { migrationPolicy, type PolicyScope } from "../provider/aliyun/ram/permissions";
import type { AccessComponent } from "../provider/resources/access-argument";
import { type BucketArgument, bucketNameOf } from "../provider/resources/bucket-argument";
import { alicloudSdk } from "./alicloud-sdk";
import { createImportRole, fetchImportRole } from "./import-role";

export interface MigrationAccessArgs {
  /**
   * Creates AliyunRDSImportRole, by which RDS reads backups, and attaches RDS's own policy to it. An account has one such
   * role, usually from the console's authorization; where it exists already the creation fails and `false` is right.
   * Destroy leaves the role, because other migrations of the account use it.
   * @default false: the role is looked up, at each preview and up, and never edited
   */
  createRole?: boolean;
  /** The instance that the policies are for, or its id. @default every instance of the account */
  instance?: pulumi.Input<string> | alicloud.rds.Instance;
  /** The bucket that the policies are for. @default every bucket of the account */
  bucket?: BucketArgument;
  /** Who runs the migrations: the policy is created in RAM and attached to this user or role. @default nobody */
  grantTo?: { userName: pulumi.Input<string> } | { roleName: pulumi.Input<string> };
  /** Name of the created policy, one of the account. @default the names of project, stack and component, joined by hyphens */
  policyName?: pulumi.Input<string>;
  /** A profile of the aliyun CLI to look the role up with. */
  profile?: string;
  /** A role that the look-up assumes first. */
  assumeRoleArn?: string;
}

/**
 * What has to be allowed for migrations: the role by which RDS reads the bucket, and the least-privilege policies of the one
 * who runs them (docs/permissions.md lists them action by action).
 *
 * @example
 * const access = new MigrationAccess("migration", { instance, bucket, grantTo: { userName: "ci" } });
 * export const policy = access.policy; // JSON, to paste into the RAM console
 */
export class MigrationAccess extends pulumi.ComponentResource implements AccessComponent {
  static readonly __pulumiType = "sqlserver-migration:index:MigrationAccess";

  readonly createsRole: boolean;
  /** `acs:ram::<account>:role/AliyunRDSImportRole`; undefined when the account has no such role, or it may not be asked. */
  readonly roleArn: pulumi.Output<string | undefined>;
  /** RAM policy document for `pulumi up` and `pulumi destroy` of migrations, as JSON. */
  readonly policy: pulumi.Output<string>;
  /** RAM policy document for `pulumi preview` and `pulumi refresh`, say of pull requests: it only looks. JSON. */
  readonly previewPolicy: pulumi.Output<string>;

  constructor(name: string, args: MigrationAccessArgs = {}, opts: pulumi.ComponentResourceOptions = {}) {
    super(MigrationAccess.__pulumiType, name, {}, opts);
    this.createsRole = args.createRole === true;
    this.roleArn = this.createsRole ? createImportRole(name, this).arn : this.lookUp(args);
    this.policy = policyText(args, "migrate");
    this.previewPolicy = policyText(args, "look");
    if (args.grantTo !== undefined) grant(name, this.policy, args, args.grantTo, this);
    this.registerOutputs({ roleArn: this.roleArn, policy: this.policy, previewPolicy: this.previewPolicy });
  }

  /** A warning, not an error: what is migrated already does not need the role any more. */
  private lookUp({ profile, assumeRoleArn }: MigrationAccessArgs): pulumi.Output<string | undefined> {
    return pulumi.output(
      fetchImportRole({ profile, assumeRoleArn }).then(async ({ arn, remarks }) => {
        for (const remark of remarks) await pulumi.log.warn(remark, this);
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

/** Creates the policy and attaches it to the one who was named. */
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
