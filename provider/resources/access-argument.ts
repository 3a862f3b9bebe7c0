import type * as pulumi from "@pulumi/pulumi";

/** A component that stands for the role by which RDS reads backups, as MigrationAccess does. */
export interface AccessComponent extends pulumi.ComponentResource {
  /** The program itself creates the role, so that a preview may come before it. */
  readonly createsRole: boolean;
}
