import type { ObjectStore } from "../../provider/aliyun/object-store";
import type { Manifest } from "../../provider/backup/manifest";
import { migrationError } from "../../provider/errors/migration-error";
import { objectUrl } from "../../provider/model/location";
import type { NameList } from "../../provider/model/name-pattern";
import { isSameName } from "../../provider/model/names";
import { systemDatabasesAmong } from "../../provider/model/system-databases";
import { type BackupEntry, parseBackupsArgument, resolveInManifest } from "./backups-argument";
import { type DatabaseFilter, filterNames } from "./database-filter";
import type { DiscoveredDatabase, Discovery, SkippedBackup } from "./discovery";
import { byName, groupBackups } from "./group-backups";
import { listBackupFolder, listBucketFolder, readHeaders, readManifest } from "./list-backups";

export interface DiscoveryInput {
  backups: string | readonly (string | BackupEntry)[];
  filter: DatabaseFilter;
  /** Patterns of files that are left out of folders and buckets. */
  excludeFiles?: NameList;
  /** Names of the databases that the program has settings for. */
  named: readonly string[];
  wantsIncrements: (database: string) => boolean;
  /** Called only for backups in a bucket. */
  store: () => ObjectStore;
}

/**
 * The databases to migrate. Fails as a whole: a result without one of the databases would plan the removal of its migration
 * from the stack.
 * @throws DATABASE_LISTED_TWICE, DATABASES_NOT_FOUND, DATABASES_NONE_LEFT, and what reading the backups throws
 */
export async function discover(input: DiscoveryInput): Promise<Discovery> {
  const { databases, skipped } = await findBackups(input);
  requireDistinct(databases);
  const names = databases.map(({ database }) => database);
  const { chosen, leftOut, unmatched } = filterNames(names, input.filter, systemDatabasesAmong(names));
  const unknown = input.named.filter((name) => !names.some((each) => isSameName(each, name)));
  if (unmatched.length + unknown.length > 0) {
    throw migrationError("DATABASES_NOT_FOUND", { asked: [...new Set([...unmatched, ...unknown])], found: names });
  }
  if (chosen.length === 0) throw migrationError("DATABASES_NONE_LEFT", { found: names, skipped });
  const reasons = new Map(leftOut.map(({ database, reason }) => [database, reason]));
  const filtered = databases.flatMap(({ database, backup }) => {
    const reason = reasons.get(database);
    return reason === undefined
      ? []
      : [{ file: backup, cause: "notChosen" as const, reason: `is the backup of ${database}, which ${reason}` }];
  });
  return {
    databases: byName(databases.filter(({ database }) => !reasons.has(database))),
    skipped: [...skipped, ...filtered],
  };
}

/** Two migrations of one name would get the same URN or restore the same database. @throws DATABASE_LISTED_TWICE */
function requireDistinct(databases: readonly DiscoveredDatabase[]): void {
  for (const { database } of databases) {
    const files = databases.filter((other) => isSameName(other.database, database)).map(({ backup }) => backup);
    if (files.length > 1) throw migrationError("DATABASE_LISTED_TWICE", { database, files });
  }
}

async function findBackups(input: DiscoveryInput): Promise<Discovery> {
  const { backups, wantsIncrements, store } = input;
  const argument = parseBackupsArgument(backups);
  switch (argument.kind) {
    case "manifest":
      return databasesOfManifest(await readManifest(argument.path), argument.path, wantsIncrements);
    case "folder":
    case "bucketFolder": {
      const { skipped, backups: files } =
        argument.kind === "folder"
          ? await listBackupFolder(argument.path, input.excludeFiles)
          : await listBucketFolder(store(), argument, input.excludeFiles);
      const folder = argument.kind === "folder" ? argument.path : objectUrl(argument.bucket, argument.prefix);
      const grouped = groupBackups(await readHeaders(files, store), { wantsIncrements, incrementsOf: () => [folder] });
      const leftOut = [...skipped, ...grouped.skipped];
      if (grouped.databases.length === 0)
        throw migrationError("BACKUPS_FOLDER_EMPTY", { folder, skipped: leftOut, isOfProgram: true });
      return { databases: grouped.databases, skipped: leftOut };
    }
    case "list":
      return databasesOfList(argument.entries, input);
  }
}

/** A file's header tells its database; an entry names its own, so its file is not read. */
async function databasesOfList(
  list: readonly (string | BackupEntry)[],
  { wantsIncrements, store }: DiscoveryInput,
): Promise<Discovery> {
  if (list.length === 0) throw migrationError("BACKUPS_LIST_EMPTY", {});
  const files = list.filter((each) => typeof each === "string");
  const entries = list.filter((each) => typeof each !== "string");
  const incrementsOf = (increments: readonly string[]) => [...increments];
  const grouped = groupBackups(await readHeaders(files, store), { wantsIncrements, incrementsOf });
  const given = entries.map(({ database, backup, increments = [] }) => ({
    database,
    backup,
    isDeclared: true as const,
    ...(wantsIncrements(database) ? { increments } : {}),
  }));
  const unused = entries.flatMap(({ database, increments = [] }) =>
    wantsIncrements(database) ? [] : increments.map((file) => unusedIncrement(file, database)),
  );
  return { databases: byName([...grouped.databases, ...given]), skipped: [...grouped.skipped, ...unused] };
}

function databasesOfManifest(
  { databases }: Manifest,
  path: string,
  wantsIncrements: (database: string) => boolean,
): Discovery {
  const discovery: Discovery = { databases: [], skipped: [] };
  for (const { database, backup, increments } of databases) {
    const files = increments.map(({ file }) => resolveInManifest(path, file));
    const found: DiscoveredDatabase = {
      database,
      backup: resolveInManifest(path, backup.file),
      // Whole: the schema of the facts decides what the migration keeps of it.
      manifest: { ...backup, database },
      isDeclared: true,
    };
    if (wantsIncrements(database)) found.increments = files;
    else discovery.skipped.push(...files.map((file) => unusedIncrement(file, database)));
    discovery.databases.push(found);
  }
  return discovery;
}

const unusedIncrement = (file: string, database: string): SkippedBackup => ({
  file,
  cause: "increment",
  reason: `is an increment; only the full backup is taken, because no phase is set for ${database}`,
});
