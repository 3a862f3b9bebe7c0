import type { ResourceValidationPolicy } from "@pulumi/policy";

/** Policies match by type. TypeScript programs declare the dynamic type, programs that use the native plugin the other. */
const MIGRATION_TYPES = [
  "pulumi-nodejs:dynamic/sqlserver:DatabaseMigration",
  "sqlserver-migration:index:DatabaseMigration",
];
const INSTANCE_TYPE = "alicloud:rds/instance:Instance";

/** A rule about the arguments of each migration: returns the violation, if there is one. */
const migrationRule = (
  name: string,
  description: string,
  violation: (args: Record<string, unknown>) => string | undefined,
): ResourceValidationPolicy => ({
  name,
  description,
  enforcementLevel: "mandatory",
  validateResource: ({ type, props }, report) => {
    const found = MIGRATION_TYPES.includes(type) ? violation(props) : undefined;
    if (found !== undefined) report(found);
  },
});

const noOverwrite = migrationRule("no-overwrite", "A migration never overwrites a database.", ({ allowOverwrite }) =>
  allowOverwrite === true ? "Remove allowOverwrite." : undefined,
);

const reviewedBackup = migrationRule(
  "reviewed-backup",
  "The facts of each uploaded backup are in git, in a manifest.",
  ({ adopt, backup, manifest }) => {
    const isUploaded = typeof backup === "string" && !backup.startsWith("oss://") && !adopt;
    return isUploaded && manifest === undefined ? "Give the backup's entry in the manifest." : undefined;
  },
);

const groupOpens = migrationRule(
  "group-opens",
  "Databases with increments are opened together, by a CutoverGroup.",
  ({ increments, phase }) => {
    const opensItself = phase === "online" || (phase === undefined && increments !== undefined);
    return opensItself ? 'Set phase to "restoring" and make the migration a member of a CutoverGroup.' : undefined;
  },
);

const protectedInstance: ResourceValidationPolicy = {
  name: "protected-instance",
  description: "An instance with migrated databases cannot be destroyed by mistake.",
  enforcementLevel: "mandatory",
  validateResource: ({ type, opts }, report) => {
    if (type === INSTANCE_TYPE && !opts.protect) report("Set the resource option protect.");
  },
};

export const policies = [noOverwrite, reviewedBackup, groupOpens, protectedInstance];
