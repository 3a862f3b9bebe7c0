import type { ObjectStore } from "../../provider/aliyun/object-store";
import type { Manifest, ManifestFile } from "../../provider/backup/manifest";
import { migrationError } from "../../provider/errors/migration-error";
import { type ManifestFacts, SYSTEM_DATABASES } from "../../provider/model/inputs";
import { isSameName, nameKey } from "../../provider/model/names";
import { type BackupEntry, parseBackupPlaces, placeInManifest } from "./backup-places";
import { type DatabaseFilter, filterNames } from "./database-filter";
import type { DiscoveredDatabase, Discovery } from "./discovered";
import { byName, groupBackups } from "./group-backups";
import { listBackupFolder, listBucketFolder, readHeaders, readManifest } from "./read-places";

export interface DiscoveryInput {
  backups: string | readonly (string | BackupEntry)[];
  filter: DatabaseFilter;
  /** Databases that the program says something about, by name. */
  named: readonly string[];
  wantsIncrements: (database: string) => boolean;
  /** Asked only for backups in a bucket. */
  store: () => ObjectStore;
}

/**
 * What there is to migrate. All or nothing: a set that silently lacked a database would plan its removal from the stack.
 * @throws DATABASES_NOT_FOUND, DATABASES_NONE_LEFT, and what reading the place throws
 */
export async function discover(question: DiscoveryInput): Promise<Discovery> {
  const { databases, skipped } = await look(question);
  const names = databases.map(({ database }) => database);
  const { chosen, leftOut, unmatched } = filterNames(names, question.filter, (name) =>
    SYSTEM_DATABASES.has(nameKey(name)),
  );
  const unknown = question.named.filter((name) => !names.some((each) => isSameName(each, name)));
  if (unmatched.length + unknown.length > 0) {
    throw migrationError("DATABASES_NOT_FOUND", { asked: [...new Set([...unmatched, ...unknown])], found: names });
  }
  if (chosen.length === 0) throw migrationError("DATABASES_NONE_LEFT", { found: names });
  const reasons = new Map(leftOut.map(({ database, reason }) => [database, reason]));
  const filtered = databases.flatMap(({ database, backup }) => {
    const reason = reasons.get(database);
    return reason === undefined ? [] : [{ file: backup, reason: `is the backup of ${database}, which ${reason}` }];
  });
  return {
    databases: byName(databases.filter(({ database }) => !reasons.has(database))),
    skipped: [...skipped, ...filtered],
  };
}

async function look(question: DiscoveryInput): Promise<Discovery> {
  const { backups, wantsIncrements, store } = question;
  const places = parseBackupPlaces(backups);
  switch (places.kind) {
    case "manifest":
      return ofManifest(await readManifest(places.path), places.path, wantsIncrements);
    case "folder":
    case "bucketFolder": {
      const { skipped, backups: files } =
        places.kind === "folder"
          ? await listBackupFolder(places.path)
          : await listBucketFolder(store(), places.url, places.bucket, places.prefix);
      const place = places.kind === "folder" ? places.path : `oss://${places.bucket}/${places.prefix}`;
      const grouped = groupBackups(await readHeaders(files, store), { wantsIncrements, incrementsOf: () => [place] });
      if (grouped.databases.length === 0) throw migrationError("BACKUPS_FOLDER_EMPTY", { folder: place });
      return { databases: grouped.databases, skipped: [...skipped, ...grouped.skipped] };
    }
    case "list":
      return ofList(places.entries, question);
  }
}

/** Files are read for their databases' names; entries that tell them are taken at their word. */
async function ofList(
  entries: readonly (string | BackupEntry)[],
  { wantsIncrements, store }: DiscoveryInput,
): Promise<Discovery> {
  if (entries.length === 0) throw migrationError("BACKUPS_LIST_EMPTY", {});
  const files = entries.filter((entry) => typeof entry === "string");
  const told = entries.filter((entry) => typeof entry !== "string");
  const incrementsOf = (increments: readonly string[]) => [...increments];
  const grouped = groupBackups(await readHeaders(files, store), { wantsIncrements, incrementsOf });
  const given = told.map(({ database, backup, increments = [] }) => ({
    database,
    backup,
    ...(wantsIncrements(database) ? { increments } : {}),
  }));
  const untaken = told.flatMap(({ database, increments = [] }) =>
    wantsIncrements(database) ? [] : increments.map((file) => ({ file, reason: notTaken(database) })),
  );
  return { databases: byName([...grouped.databases, ...given]), skipped: [...grouped.skipped, ...untaken] };
}

function ofManifest({ databases }: Manifest, path: string, wantsIncrements: (database: string) => boolean): Discovery {
  const discovery: Discovery = { databases: [], skipped: [] };
  for (const { database, backup, increments } of databases) {
    const files = increments.map(({ file }) => placeInManifest(path, file));
    const found: DiscoveredDatabase = {
      database,
      backup: placeInManifest(path, backup.file),
      manifest: factsOf(backup),
    };
    if (wantsIncrements(database)) found.increments = files;
    else discovery.skipped.push(...files.map((file) => ({ file, reason: notTaken(database) })));
    discovery.databases.push(found);
  }
  return discovery;
}

const notTaken = (database: string): string =>
  `is an increment; only the full backup is taken, because no phase is set for ${database}`;

/** What a migration uses of an entry. */
const factsOf = ({
  sizeBytes,
  crc64,
  backupSetGuid,
  backupStartDate,
  backupFinishDate,
}: ManifestFile): ManifestFacts => ({
  ...{ sizeBytes, crc64, backupSetGuid, backupStartDate, backupFinishDate },
});
