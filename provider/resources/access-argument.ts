import type * as pulumi from "@pulumi/pulumi";

/** A component that provides the role with which RDS reads backups, such as MigrationAccess. */
export interface AccessComponent extends pulumi.ComponentResource {
  /** Whether the program creates the role, which then may not exist yet at preview. */
  readonly createsRole: boolean;
}
