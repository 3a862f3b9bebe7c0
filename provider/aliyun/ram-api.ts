/** What this project asks of RAM (Resource Access Management), in its own words. */
export interface RamApi {
  /** Undefined when the account has no such role. @throws NOT_AUTHORIZED where it may not be asked */
  findRole(name: string): Promise<RoleFacts | undefined>;
}

export interface RoleFacts {
  name: string;
  /** `acs:ram::<account>:role/<name>`. */
  arn: string;
  /** The trust policy, a JSON document as text. */
  trustPolicy: string;
}

/** The role that RDS reads buckets with, one per account. @see AliyunRDSImportRolePolicy */
export const IMPORT_ROLE = "AliyunRDSImportRole";
/** The service-linked role of 2024 with the same rights; that migrations of SQL Server use it is not documented. */
export const LINKED_ROLE = "AliyunServiceRoleForRdsImport";
