import type { BucketFacts } from "../aliyun/object-store";
import { IMPORT_ROLE, LINKED_ROLE, type RoleFacts } from "../aliyun/ram-api";
import { errorOf, type Finding, notChecked, warningOf } from "./finding";

const IMPORT_SERVICE = "rds.aliyuncs.com";

/** The account's roles as far as they were looked for: the second only where the first is missing. */
export interface ImportRoles {
  importRole: RoleFacts | undefined;
  linkedRole?: RoleFacts;
}

/** Neither role is there: RDS can read no bucket of the account. */
export const isRoleMissing = ({ importRole, linkedRole }: ImportRoles): boolean =>
  importRole === undefined && linkedRole === undefined;

/** Whether RDS may read the bucket at all. */
export function checkImportRole(roles: ImportRoles): Finding[] {
  const { importRole } = roles;
  if (isRoleMissing(roles)) return [errorOf("IMPORT_ROLE_MISSING", { role: IMPORT_ROLE })];
  if (importRole === undefined) return [warningOf("IMPORT_ROLE_LINKED", { role: IMPORT_ROLE, linked: LINKED_ROLE })];
  // A warning only: what the trust policy of this role has to look like is on no page.
  return trusts(importRole.trustPolicy, IMPORT_SERVICE)
    ? []
    : [warningOf("IMPORT_ROLE_NOT_TRUSTING", { role: IMPORT_ROLE, service: IMPORT_SERVICE })];
}

/** Backups of another account's bucket are refused by RDS; only a role of this account tells which one it is. */
export function checkBucketOwner({ ownerId: owner, name }: BucketFacts, role: RoleFacts | undefined): Finding[] {
  const account = /^acs:ram::(\d+):/.exec(role?.arn ?? "")?.[1];
  if (account === undefined || owner === undefined) {
    const why = owner === undefined ? "OSS does not tell the owner." : "No role of the account tells its id.";
    return [notChecked(`whether the bucket ${name} belongs to the account of the instance`, why)];
  }
  if (owner === account) return [];
  return [errorOf("BUCKET_OTHER_ACCOUNT", { bucket: name, owner, account })];
}

/** Whether a statement of the policy allows the service to assume the role; a policy that cannot be read does not. */
export function trusts(trustPolicy: string, service: string): boolean {
  let policy: unknown;
  try {
    policy = JSON.parse(trustPolicy);
  } catch {
    return false;
  }
  const statements = listOf(member(policy, "Statement"));
  return statements.some(
    (statement) =>
      member(statement, "Effect") === "Allow" &&
      listOf(member(member(statement, "Principal"), "Service")).includes(service),
  );
}

const member = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;

/** RAM writes a list of one also as the one. */
const listOf = (value: unknown): unknown[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
