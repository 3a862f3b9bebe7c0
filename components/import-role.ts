import type * as alicloud from "@pulumi/alicloud";
import type * as pulumi from "@pulumi/pulumi";
import { findCredentials } from "../provider/aliyun/credentials/find-credentials";
import { connectRam } from "../provider/aliyun/ram/ram-client";
import type { RoleFacts } from "../provider/aliyun/ram-api";
import { IMPORT_ROLE, LINKED_ROLE } from "../provider/aliyun/ram-api";
import { isMigrationError } from "../provider/errors/migration-error";
import { checkImportRole } from "../provider/preflight/access";
import { alicloudSdk } from "./alicloud-sdk";
import { programSettings } from "./program-settings";

/** RDS's own policy: reads any bucket. @see https://help.aliyun.com/zh/ram/developer-reference/aliyunrdsimportrolepolicy */
const IMPORT_POLICY = "AliyunRDSImportRolePolicy";

/** The usual trust policy of a service's role. No page documents the one of this role, so the preflight only warns about another. */
const TRUST_POLICY = {
  Statement: [{ Action: "sts:AssumeRole", Effect: "Allow", Principal: { Service: ["rds.aliyuncs.com"] } }],
  Version: "1",
};

/**
 * Creates the role and attaches RDS's policy to it. The role belongs to the account, not to the program: destroy keeps it,
 * and an update does not revert changes made elsewhere.
 */
export function createImportRole(name: string, parent: pulumi.Resource): alicloud.ram.Role {
  const { ram } = alicloudSdk();
  const role = new ram.Role(
    name,
    {
      roleName: IMPORT_ROLE,
      description: "Lets ApsaraDB RDS read backups from OSS",
      assumeRolePolicyDocument: JSON.stringify(TRUST_POLICY),
    },
    {
      parent,
      retainOnDelete: true,
      ignoreChanges: ["assumeRolePolicyDocument", "description", "maxSessionDuration", "tags"],
    },
  );
  new ram.RolePolicyAttachment(
    name,
    { roleName: role.roleName, policyName: IMPORT_POLICY, policyType: "System" },
    { parent, retainOnDelete: true },
  );
  return role;
}

/** The state of the role. */
export interface ImportRoleState {
  /** Undefined when the account has no such role, or when it cannot be read. */
  arn: string | undefined;
  /** Empty for a usable role. */
  warnings: string[];
}

/**
 * Reads the role with the credentials of the migrations and one call, `ram:GetRole`. Faults of the account are warnings: the
 * preflight of a migration that needs the role reports them as errors.
 */
export async function fetchImportRole(choice: { profile?: string; assumeRoleArn?: string }): Promise<ImportRoleState> {
  const settings = programSettings();
  const ram = connectRam({ credentials: findCredentials(settings, choice, false), settings });
  try {
    const importRole = await ram.findRole(IMPORT_ROLE);
    const linkedRole: RoleFacts | undefined = importRole === undefined ? await ram.findRole(LINKED_ROLE) : undefined;
    return {
      arn: importRole?.arn,
      warnings: checkImportRole({ importRole, linkedRole }).map(({ message }) => message),
    };
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    return { arn: undefined, warnings: [`not checked: the role ${IMPORT_ROLE}. ${error.message}`] };
  }
}
