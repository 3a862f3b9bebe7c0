import type * as pulumi from "@pulumi/pulumi";
import type { OutcomeMember } from "../provider/outcome/resource";
import { DatabaseMigration, type DatabaseMigrationArgs } from "../provider/resource";
import { baselineBeside } from "./discovery/baseline-beside";
import type { DiscoveredDatabase } from "./discovery/discovered";
import type { DatabaseOverrides, InstanceMigrationArgs } from "./instance-migration-args";

/** What only a migration that defers to an outcome is told. */
interface DeferredArgs extends DatabaseMigrationArgs {
  deferred: true;
  discoveryFault?: string;
}

/** A database's migration, and what its instance calls it. */
export interface DeclaredMember extends OutcomeMember {
  /** The database's name on the source. */
  source: string;
}

/** Declares the migration of one database, below the component and named by both. */
export function declareMember(
  name: string,
  args: InstanceMigrationArgs,
  found: DiscoveredDatabase,
  parent: pulumi.Resource,
): DeclaredMember {
  const {
    instance,
    backups: _backups,
    databases: _databases,
    overrides: _overrides,
    onFinding: _finding,
    ...common
  } = args;
  const { database: source, backup, manifest, fault } = found;
  const own = overridesOf(args, source);
  const database = own.databaseName ?? source;
  const memberName = `${name}-${source}`;
  const memberArgs: DeferredArgs = {
    ...common,
    ...own,
    ...{ instanceId: instance, backup, databaseName: database, manifest },
    increments: own.increments ?? found.increments,
    baseline: common.baseline ?? baselineBeside(args.backups),
    // Full backups: the outcome waits for all together, so that nineteen-hour restores do not hold the engine's few slots.
    // Increments are sent one behind the other, by the migration itself.
    wait: takesIncrements(args, source) ? args.wait : "submitted",
    // Of what is uploaded for a full-only migration the outcome disposes, which sees the end.
    cleanup: takesIncrements(args, source) ? args.cleanup : undefined,
    ...{ deferred: true, discoveryFault: fault },
  };
  const phase = takesIncrements(args, source) ? (own.phase ?? args.phase ?? "online") : undefined;
  const isUploaded = !/^oss:/i.test(backup);
  return {
    name: memberName,
    source,
    database,
    ...{ phase, isUploaded, checkDb: memberArgs.checkDb },
    migration: new DatabaseMigration(memberName, memberArgs, { parent }),
  };
}

/** Whether a database takes more than its full backup. */
export function takesIncrements(args: InstanceMigrationArgs, database: string): boolean {
  const { phase = args.phase, increments } = overridesOf(args, database);
  return phase !== undefined || increments !== undefined;
}

/** SQL Server compares names without case. */
function overridesOf({ overrides = {} }: InstanceMigrationArgs, database: string): DatabaseOverrides {
  const found = Object.entries(overrides).find(([name]) => name.toLowerCase() === database.toLowerCase());
  return found?.[1] ?? {};
}
