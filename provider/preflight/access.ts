import type { BucketFacts } from "../aliyun/object-store";
import { IMPORT_ROLE, LINKED_ROLE, type RoleFacts } from "../aliyun/ram-api";
import { errorOf, type Finding, notChecked, warningOf } from "./finding";

const IMPORT_SERVICE = "rds.aliyuncs.com";

/** Roles of the account that RDS can read buckets with; `linkedRole` is fetched only when `importRole` is missing. */
export interface ImportRoles {
  importRole: RoleFacts | undefined;
  linkedRole?: RoleFacts;
}

/** Both roles are missing: RDS can read no bucket of the account. */
export const isRoleMissing = ({ importRole, linkedRole }: ImportRoles): boolean =>
  importRole === undefined && linkedRole === undefined;

/** Whether RDS may read buckets of the account. */
export function checkImportRole(roles: ImportRoles): Finding[] {
  const { importRole } = roles;
  if (isRoleMissing(roles)) return [errorOf("IMPORT_ROLE_MISSING", { role: IMPORT_ROLE })];
  if (importRole === undefined) return [warningOf("IMPORT_ROLE_LINKED", { role: IMPORT_ROLE, linked: LINKED_ROLE })];
  // A warning only: the trust policy that this role needs is not documented.
  return trusts(importRole.trustPolicy, IMPORT_SERVICE)
    ? []
    : [warningOf("IMPORT_ROLE_NOT_TRUSTING", { role: IMPORT_ROLE, service: IMPORT_SERVICE })];
}

/**
 * RDS refuses a bucket of another account. The instance's account id is known only from the ARN of one of its roles.
 */
export function checkBucketOwner({ ownerId: owner, name }: BucketFacts, role: RoleFacts | undefined): Finding[] {
  const account = /^acs:ram::(\d+):/.exec(role?.arn ?? "")?.[1];
  if (account === undefined || owner === undefined) {
    const why =
      owner === undefined
        ? "OSS does not return the owner."
        : "The id of the account is unknown: it has no role to read it from.";
    return [notChecked(`whether the bucket ${name} belongs to the account of the instance`, why)];
  }
  if (owner === account) return [];
  return [errorOf("BUCKET_OTHER_ACCOUNT", { bucket: name, owner, account })];
}

/**
 * Whether a statement of the policy allows the service to assume the role; false for a policy that cannot be parsed.
 */
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

/** RAM also writes a list of one element as the element. */
const listOf = (value: unknown): unknown[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
