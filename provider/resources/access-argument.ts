import type * as pulumi from "@pulumi/pulumi";

/** A component that represents the role with which RDS reads backups, such as MigrationAccess. */
export interface AccessComponent extends pulumi.Resource {
  /** Whether the program creates the role, so that a preview may run before the role exists. */
  readonly createsRole: boolean;
}
