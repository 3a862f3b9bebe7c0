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

/** Both actions on any bucket. @see https://help.aliyun.com/zh/ram/developer-reference/aliyunrdsimportrolepolicy */
const IMPORT_POLICY = "AliyunRDSImportRolePolicy";

/** The usual form of a service's role; that of this role is on no page, so the preflight only warns of another. */
const TRUST_POLICY = {
  Statement: [{ Action: "sts:AssumeRole", Effect: "Allow", Principal: { Service: ["rds.aliyuncs.com"] } }],
  Version: "1",
};

/**
 * Creates the role and attaches RDS's policy to it. It belongs to the account, not to the program: destroy leaves it, and
 * what somebody changes about it later is not changed back.
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

/** What a look at the role tells the user: nothing where all is well. */
export interface RoleLook {
  /** Undefined when the account has none, or when it may not be asked. */
  arn: string | undefined;
  remarks: string[];
}

/**
 * Looks the role up, with the credentials that migrations use, by the one call `ram:GetRole`. Never throws for what the
 * account has or forbids: the preflight of a migration that needs the role says so as an error.
 */
export async function fetchImportRole(choice: { profile?: string; assumeRoleArn?: string }): Promise<RoleLook> {
  const settings = programSettings();
  const ram = connectRam(findCredentials(settings, choice, false), settings);
  try {
    const importRole = await ram.findRole(IMPORT_ROLE);
    const linkedRole: RoleFacts | undefined = importRole === undefined ? await ram.findRole(LINKED_ROLE) : undefined;
    return {
      arn: importRole?.arn,
      remarks: checkImportRole({ importRole, linkedRole }).map(({ message }) => message),
    };
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    return { arn: undefined, remarks: [`not checked: the role ${IMPORT_ROLE}. ${error.message}`] };
  }
}
