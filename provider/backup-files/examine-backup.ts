import { basename } from "node:path";
import type { ObjectFacts, ObjectStore } from "../aliyun/object-store";
import type { BackupFile, BackupSet } from "../backup/backup-file";
import type { RangeSource } from "../backup/range-source";
import { readBackup } from "../backup/read-backup";
import { type MigrationError, migrationError } from "../errors/migration-error";
import type { BackupLocation } from "../model/location";
import type { ManifestFacts } from "../model/manifest-facts";
import type { BackupInfo } from "../model/outputs";
import { openFileSource } from "./file-source";

/** RDS takes backups of up to "3 TB"; whether 10¹² or 2⁴⁰ is not said, so the larger one is the limit. */
const MAX_BACKUP_BYTES = 3 * 2 ** 40;

/** What a look at a backup found. */
export interface ExaminedBackup {
  name: string;
  /** The file's or the object's last name, for names that have to be made without a header. */
  fileName: string;
  sizeBytes: number;
  content: BackupFile;
  /** Described by a manifest entry, not read. */
  isDescribed?: true;
  /** The object's facts, for a backup that is in a bucket already. */
  object?: ObjectFacts;
}

/**
 * Reads a backup's header where it is: a few range reads of the file or of the object.
 * @throws BACKUP_MISSING, BACKUP_IS_FOLDER, BACKUP_UNREADABLE, OBJECT_MISSING, OBJECT_NOT_STANDARD, and what the store throws
 */
export async function examineBackup(location: BackupLocation, store: () => ObjectStore): Promise<ExaminedBackup> {
  if (location.kind === "object") {
    const { bucket, key } = location;
    const object = await store().headObject(bucket, key);
    if (object === undefined) throw migrationError("OBJECT_MISSING", { bucket, key });
    const { storageClass } = object;
    // Before it is read: an archived object has no bytes to show.
    if (storageClass !== undefined && storageClass !== "Standard")
      throw migrationError("OBJECT_NOT_STANDARD", { bucket, key, storageClass });
    return { ...(await examine(store().rangeSource(object), key)), object };
  }
  const source = await openFileSource(location.path).catch((cause) => {
    throw fileFault(location.path, cause);
  });
  try {
    return await examine(source, location.path);
  } finally {
    await source.close();
  }
}

async function examine(source: RangeSource, path: string): Promise<ExaminedBackup> {
  const content = await readBackup(source);
  return { name: source.name, fileName: basename(path), sizeBytes: source.sizeBytes, content };
}

/** The operating system's refusal, in a user's words. */
export function fileFault(file: string, cause: unknown): MigrationError {
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
  if (code === "ENOENT" || code === "ENOTDIR") return migrationError("BACKUP_MISSING", { file }, { cause });
  if (code === "EISDIR") return migrationError("BACKUP_IS_FOLDER", { file }, { cause });
  return migrationError("BACKUP_UNREADABLE", { file, said: code || "unknown reason" }, { cause });
}

/** Everything about a backup that makes a migration of it impossible: of a full one, or of an increment behind one. */
export function backupFaults(
  { name: file, sizeBytes, content }: ExaminedBackup,
  wanted: "full" | "increment" = "full",
): string[] {
  const faults: MigrationError[] = [];
  const { media, sets } = content;
  const [set] = sets;
  if (media !== null && (media.FamilyCount ?? 1) > 1) {
    const stripe = media.FamilySequenceNumber ?? 0;
    faults.push(migrationError("BACKUP_IS_STRIPE", { file, stripe, of: media.FamilyCount ?? 0 }));
  }
  if (sets.length > 1) {
    const databases = sets.map((each) => `${each.Position ?? "?"}: ${each.DatabaseName ?? "?"}`);
    faults.push(migrationError("BACKUP_SEVERAL_SETS", { file, databases }));
  }
  if (wanted === "full" && set !== undefined && set.BackupType !== null && set.BackupType !== 1) {
    const type = (set.BackupTypeDescription ?? `type ${set.BackupType}`).toLowerCase();
    faults.push(migrationError("BACKUP_NOT_FULL", { file, type }));
  }
  if (media?.IsPasswordProtected === true) faults.push(migrationError("BACKUP_PASSWORD", { file, what: "media" }));
  if (set?.IsPasswordProtected === true) faults.push(migrationError("BACKUP_PASSWORD", { file, what: "backup set" }));
  if (set?.IsDamaged === true) faults.push(migrationError("BACKUP_OF_DAMAGED", { file }));
  if (sizeBytes > MAX_BACKUP_BYTES) faults.push(migrationError("BACKUP_TOO_LARGE", { file, sizeBytes }));
  return [
    ...content.problems.map((problem) => `${problem.code}: ${problem.message}`),
    ...faults.map((fault) => fault.message),
  ];
}

/** The database's name: the header decides; without one, a file name of the vendor's form does. */
export function nameOfDatabase({ content, fileName, isDescribed }: ExaminedBackup): string | undefined {
  const fromHeader = content.sets[0]?.DatabaseName;
  if (isDescribed) return fromHeader ?? undefined;
  return fromHeader ?? /^(.+)_(?:FULL|DIFF|LOG)_\d{14}\.bak$/i.exec(fileName)?.[1] ?? undefined;
}

/** The identity of a backup's content: its set's GUID and size; size and CRC64 where no header can be read. */
export function backupIdentity({ sizeBytes, content, object }: ExaminedBackup): string | undefined {
  const guid = content.sets[0]?.BackupSetGUID;
  if (guid) return `${guid}/${sizeBytes}`;
  return object?.crc64 === undefined ? undefined : `${sizeBytes}/${object.crc64}`;
}

/** The same identity, from a manifest's entry. */
export const manifestIdentity = ({ backupSetGuid, sizeBytes }: ManifestFacts): string =>
  `${backupSetGuid}/${sizeBytes}`;

/** The header facts that are worth a place in state. */
export function backupInfoOf(content: BackupFile): BackupInfo {
  const set: Partial<BackupSet> = content.sets[0] ?? {};
  const version = [set.SoftwareVersionMajor, set.SoftwareVersionMinor, set.SoftwareVersionBuild];
  const info: BackupInfo = { CompressedBackup: content.container === "MSSQLBAK" };
  if (set.DatabaseName) info.DatabaseName = set.DatabaseName;
  if (set.ServerName) info.ServerName = set.ServerName;
  if (version.every((part) => typeof part === "number")) info.SoftwareVersion = version.join(".");
  if (set.DatabaseVersion) info.DatabaseVersion = set.DatabaseVersion;
  if (set.BackupStartDate) info.BackupStartDate = set.BackupStartDate;
  if (set.BackupFinishDate) info.BackupFinishDate = set.BackupFinishDate;
  if (set.BackupSetGUID) info.BackupSetGUID = set.BackupSetGUID;
  return info;
}

/** Where a file contradicts its manifest entry, as far as its header tells; the CRC64 is compared at upload. */
export function manifestFault(
  { name: file, sizeBytes, content }: ExaminedBackup,
  entry: ManifestFacts,
): string | undefined {
  const facts: [string, string, string][] = [
    ["the size", String(entry.sizeBytes), String(sizeBytes)],
    ["the BackupSetGUID", entry.backupSetGuid, content.sets[0]?.BackupSetGUID ?? entry.backupSetGuid],
  ];
  const differing = facts.find(([, expected, found]) => expected.toLowerCase() !== found.toLowerCase());
  if (differing === undefined) return undefined;
  const [what, expected, found] = differing;
  return migrationError("BACKUP_NOT_AS_MANIFEST", { file, what, expected, found }).message;
}
