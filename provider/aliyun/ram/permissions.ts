import type { RAM_ACTIONS } from "../oss/oss-refusal";
import { IMPORT_ROLE, LINKED_ROLE } from "../ram-api";

/** The kind of resource that an action applies to, which its policy statement names. */
export const PERMISSION_SUBJECTS = ["instance", "bucket", "object", "importRole"] as const;
export type PermissionSubject = (typeof PERMISSION_SUBJECTS)[number];

/** Why an action is needed to run migrations. */
export interface Permission {
  on: PermissionSubject;
  /** Read-only: previews and refreshes need it as well as `up`. */
  looks: boolean;
  /** A migration runs without it; the preview then says that something was not checked. */
  isOptional?: true;
  /** Its purpose, and what happens without it if the run continues. */
  use: string;
}

/** One row for each action, by service. A test compares the rows with the calls in the code. */
export const RDS_PERMISSIONS: Readonly<Record<`rds:${string}`, Permission>> = {
  "rds:DescribeDBInstanceAttribute": {
    on: "instance",
    looks: true,
    use: "version, state, disk and region of the instance",
  },
  "rds:DescribeDatabases": {
    on: "instance",
    looks: true,
    use: "whether the name is taken; whether the database is there and running afterwards",
  },
  "rds:DescribeAccounts": {
    on: "instance",
    looks: true,
    isOptional: true,
    use: 'whether anybody will be able to log in (without it: "not checked")',
  },
  "rds:DescribeMigrateTasks": {
    on: "instance",
    looks: true,
    use: "finds the tasks of earlier runs, so that none is created twice; the quotas of the day",
  },
  "rds:DescribeMigrateTaskById": { on: "instance", looks: true, use: "how far a task is" },
  "rds:DescribeOssDownloads": { on: "instance", looks: true, use: "which file a task is for, and why it failed" },
  "rds:DescribeResourceUsage": { on: "instance", looks: true, use: "how much of the disk is free" },
  "rds:CreateMigrateTask": { on: "instance", looks: false, use: "starts a migration" },
  "rds:CreateOnlineDatabaseTask": {
    on: "instance",
    looks: false,
    use: 'the cutover: opens a database that waits for increments, with `phase: "online"`',
  },
  "rds:TerminateMigrateTask": {
    on: "instance",
    looks: false,
    use: 'destroy with `onDestroy: "stop"`, and nothing else',
  },
};

/** The actions of the calls in `provider/aliyun/oss`; the compiler checks that none is missing. */
export const OSS_PERMISSIONS: Readonly<Record<(typeof RAM_ACTIONS)[keyof typeof RAM_ACTIONS], Permission>> = {
  "oss:GetBucketInfo": { on: "bucket", looks: true, use: "region, storage class, encryption and owner of the bucket" },
  "oss:ListObjects": { on: "bucket", looks: true, use: "the backups in a folder of the bucket" },
  "oss:ListMultipartUploads": { on: "bucket", looks: true, use: "finds the uploads that earlier runs began" },
  "oss:GetObject": {
    on: "object",
    looks: true,
    use: "size, checksum and header of a backup in the bucket; the submission locks beside it",
  },
  "oss:ListParts": { on: "object", looks: true, use: "what of an upload has arrived" },
  "oss:PutObject": {
    on: "object",
    looks: false,
    use: "uploads a backup; writes the submission lock beside it, so that two runs create one task",
  },
  "oss:AbortMultipartUpload": { on: "object", looks: false, use: "destroy ends unfinished uploads" },
  "oss:DeleteObject": {
    on: "object",
    looks: false,
    use: "deletes the submission locks of a migration, and an object of its own that arrived with a wrong checksum",
  },
};

export const RAM_PERMISSIONS = {
  "ram:GetRole": {
    on: "importRole",
    looks: true,
    isOptional: true,
    use: 'whether RDS may read the bucket, and whose account it is (without it: "not checked"); also behind a failure that RDS does not explain',
  },
} as const satisfies Record<`ram:${string}`, Permission>;

/** Every action of a migration, in the order of the services. */
export const PERMISSIONS: ReadonlyMap<string, Permission> = new Map<string, Permission>([
  ...Object.entries(RDS_PERMISSIONS),
  ...Object.entries(OSS_PERMISSIONS),
  ...Object.entries(RAM_PERMISSIONS),
]);

/** The resources that migrations use; an omitted one means any of the account. */
export interface PolicyScope {
  /** `rm-…` */
  instanceId?: string;
  bucket?: string;
  /** `look`: for previews and refreshes only, for example of pull requests. @default "migrate" */
  purpose?: "look" | "migrate";
}

/** A RAM policy document (RAM user guide, policy structure and syntax). */
export interface PolicyDocument {
  Version: "1";
  Statement: { Effect: "Allow"; Action: string[]; Resource: string[] }[];
}

/**
 * The least that a RAM user or role needs to run migrations: one statement for each kind of resource. That RDS checks each
 * of these actions by the instance's own resource is documented of CreateMigrateTask and assumed of the others.
 * @see https://www.alibabacloud.com/help/en/rds/api-create-a-migration-task
 */
export function migrationPolicy(scope: PolicyScope = {}): PolicyDocument {
  const needed = [...PERMISSIONS].filter(([, { looks }]) => looks || scope.purpose !== "look");
  return {
    Version: "1",
    Statement: PERMISSION_SUBJECTS.map((subject) => ({
      Effect: "Allow",
      Action: needed.filter(([, { on }]) => on === subject).map(([action]) => action),
      Resource: resourcesOf(subject, scope),
    })),
  };
}

function resourcesOf(subject: PermissionSubject, { instanceId = "*", bucket = "*" }: PolicyScope): string[] {
  switch (subject) {
    case "instance":
      return [`acs:rds:*:*:dbinstance/${instanceId}`];
    case "bucket":
      return [`acs:oss:*:*:${bucket}`];
    case "object":
      return [`acs:oss:*:*:${bucket}/*`];
    case "importRole":
      return [`acs:ram:*:*:role/${IMPORT_ROLE}`, `acs:ram:*:*:role/${LINKED_ROLE}`];
  }
}
