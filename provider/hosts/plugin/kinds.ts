import { groupHandlers } from "../../cutover-group/group-handlers";
import { bucketUploadsHandlers } from "../../handlers/bucket-uploads";
import { migrationHandlers } from "../../handlers/migration-handlers";
import { CHAIN_OUTPUTS } from "../../model/chain-outputs";
import { migrationProgress } from "../../model/outputs";
import type { PlainObject } from "../../model/plain";
import type { ResourceKind } from "../../model/resource-type";
import { outcomeHandlers } from "../../outcome/outcome-handlers";
import type { ResourceHandlers } from "../../session/handler-context";
import { verificationHandlers } from "../../verification/verification-handlers";

/** A kind of resource that the plugin serves. */
export interface ServedKind {
  handlers: ResourceHandlers;
  /** The outputs that create and update compute, which are unknown in a preview. */
  computed(inputs: PlainObject): readonly string[];
  /** Whether the argument `timeout` limits create and update. */
  hasTimeout?: true;
  /** Whether it has the argument `access`, which the handlers do not have. */
  hasAccess?: true;
}

const MIGRATION_OUTPUTS = Object.keys(migrationProgress.shape);
const FULL_ONLY_OUTPUTS = MIGRATION_OUTPUTS.filter((name) => !CHAIN_OUTPUTS.some((output) => output === name));

export const KINDS: Readonly<Record<ResourceKind, ServedKind>> = {
  DatabaseMigration: {
    handlers: migrationHandlers,
    computed: ({ increments, phase }) =>
      increments === undefined && phase === undefined ? FULL_ONLY_OUTPUTS : MIGRATION_OUTPUTS,
    hasTimeout: true,
    hasAccess: true,
  },
  MigrationOutcome: { handlers: outcomeHandlers, computed: () => ["summary"], hasTimeout: true },
  CutoverGroup: { handlers: groupHandlers, computed: () => ["status", "opened"], hasTimeout: true },
  MigrationVerification: { handlers: verificationHandlers, computed: () => ["counts"] },
  BucketUploads: { handlers: bucketUploadsHandlers, computed: () => [] },
};
