import type * as pulumi from "@pulumi/pulumi";
import type { MigrationInputs, Phase } from "../provider/model/inputs";
import { isOssUrl } from "../provider/model/location";
import { type NameList, parseNameList } from "../provider/model/name-pattern";
import { isSameName } from "../provider/model/names";
import { resourceName } from "../provider/model/terminal-text";
import { DatabaseMigration, type DatabaseMigrationArgs } from "../provider/resources/database-migration";
import type { OutcomeMember } from "../provider/resources/migration-outcome";
import type { DiscoveredDatabase } from "./discovery/discovery";
import { findBaseline } from "./discovery/find-baseline";
import type { DatabaseOverrides, InstanceMigrationArgs } from "./instance-migration-args";

/** The arguments of a migration that defers to an outcome. */
interface DeferredArgs extends DatabaseMigrationArgs {
  deferred: true;
  discoveryFault?: string;
  /** Patterns that its increments follow too. */
  excludeFiles?: string[];
  sourceName?: string;
  wave?: MigrationInputs["wave"];
  gatePassed?: pulumi.Input<boolean>;
}

/** The place of a migration in the waves of its instance. */
export interface WavePosition extends Pick<DeferredArgs, "wave" | "gatePassed"> {
  /** The outcome of the wave before. */
  dependsOn?: pulumi.Resource;
}

/** The migration of one database. */
export interface DeclaredMember extends OutcomeMember {
  /** The database's name on the source. */
  source: string;
}

/** Declares the migration of one database as a child of the component, named `<component>-<database>`. */
export function declareMember(
  name: string,
  args: InstanceMigrationArgs,
  found: DiscoveredDatabase,
  parent: pulumi.Resource,
  { dependsOn, ...position }: WavePosition,
): DeclaredMember {
  const phase = phaseIn(args, found.database);
  const {
    instance,
    backups: _backups,
    databases: _databases,
    excludeFiles,
    overrides: _overrides,
    onFinding: _finding,
    cutoverGroup: _group,
    waves: _waves,
    rehearse: _rehearse,
    ...common
  } = args;
  const { database: source, backup, manifest, fault } = found;
  const own = overridesOf(args, source);
  const suffix = rehearsalSuffix(args);
  const database = `${own.databaseName ?? source}${suffix}`;
  const rawName = rawMemberName(name, args, source);
  const memberName = resourceName(rawName);
  const memberArgs: DeferredArgs = {
    ...common,
    ...own,
    ...{ instanceId: instance, backup, databaseName: database, manifest },
    phase,
    increments: own.increments ?? found.increments,
    baseline: common.baseline ?? findBaseline(args.backups),
    // The outcome waits for all full backups together, so that long restores do not occupy the engine's few parallel slots.
    // A migration with increments waits itself, because it sends them one after the other.
    wait: phase === undefined ? "submitted" : args.wait,
    // The outcome deletes the uploads of full-only migrations, because it sees them finish.
    cleanup: phase === undefined ? undefined : args.cleanup,
    ...{ deferred: true, discoveryFault: fault, sourceName: found.isDeclared ? source : undefined },
    excludeFiles: phase === undefined ? undefined : patternTexts(excludeFiles),
    ...position,
  };
  const isUploaded = !isOssUrl(backup);
  return {
    name: memberName,
    source,
    database,
    ...{ phase, isUploaded, checkDb: memberArgs.checkDb },
    migration: new DatabaseMigration(memberName, memberArgs, {
      parent,
      dependsOn,
      // Version 0.1.0 recorded the raw name. Without the alias the database would be migrated again.
      ...(memberName === rawName ? {} : { aliases: [{ name: rawName }] }),
    }),
  };
}

const rawMemberName = (name: string, args: InstanceMigrationArgs, source: string): string =>
  `${name}-${source}${rehearsalSuffix(args)}`;

/** The name of a database's migration. */
export const migrationName = (name: string, args: InstanceMigrationArgs, source: string): string =>
  resourceName(rawMemberName(name, args, source));

/** The patterns as a list; undefined for none. */
function patternTexts(list: NameList | undefined): string[] | undefined {
  const texts = parseNameList(list).map(({ text }) => text);
  return texts.length === 0 ? undefined : texts;
}

/** The ending of a rehearsal's names; empty where the databases are migrated for good. */
export const rehearsalSuffix = ({ rehearse = false }: Pick<InstanceMigrationArgs, "rehearse">): string =>
  typeof rehearse === "string" ? rehearse : rehearse ? "_rehearsal" : "";

/** Whether a database takes differential and log backups. */
export const memberTakesIncrements = (args: InstanceMigrationArgs, database: string): boolean =>
  phaseIn(args, database) !== undefined;

/** The phase of a database that takes increments; undefined for a full-only one. */
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
