import type * as pulumi from "@pulumi/pulumi";
import type { Phase } from "../provider/model/inputs";
import { isSameName } from "../provider/model/names";
import { DatabaseMigration, type DatabaseMigrationArgs } from "../provider/resources/database-migration";
import type { OutcomeMember } from "../provider/resources/migration-outcome";
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
  const phase = phaseIn(args, found.database);
  const {
    instance,
    backups: _backups,
    databases: _databases,
    overrides: _overrides,
    onFinding: _finding,
    cutoverGroup: _group,
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
    phase,
    increments: own.increments ?? found.increments,
    baseline: common.baseline ?? baselineBeside(args.backups),
    // Full backups: the outcome waits for all together, so that nineteen-hour restores do not hold the engine's few slots.
    // Increments are sent one behind the other, by the migration itself.
    wait: phase === undefined ? "submitted" : args.wait,
    // Of what is uploaded for a full-only migration the outcome disposes, which sees the end.
    cleanup: phase === undefined ? undefined : args.cleanup,
    ...{ deferred: true, discoveryFault: fault },
  };
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
export const memberTakesIncrements = (args: InstanceMigrationArgs, database: string): boolean =>
  phaseIn(args, database) !== undefined;

/** The phase of a database that takes increments. */
function phaseIn(args: InstanceMigrationArgs, database: string): Phase | undefined {
  const { phase = args.phase, increments } = overridesOf(args, database);
  if (phase !== undefined) return phase;
  if (args.cutoverGroup !== undefined) return "restoring";
  return increments === undefined ? undefined : "online";
}

function overridesOf({ overrides = {} }: InstanceMigrationArgs, database: string): DatabaseOverrides {
  const found = Object.entries(overrides).find(([name]) => isSameName(name, database));
  return found?.[1] ?? {};
}
