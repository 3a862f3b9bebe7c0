import { basename } from "node:path";
import type { ObjectFacts, ObjectStore } from "../aliyun/object-store";
import type { BackupFile, BackupSet } from "../backup/backup-file";
import { describeType } from "../backup/backup-type";
import type { RangeSource } from "../backup/range-source";
import { readBackup } from "../backup/read-backup";
import { type MigrationError, migrationError } from "../errors/migration-error";
import { isNoEntry, systemFaultOf } from "../errors/system-fault";
import { OLDEST_DATABASE_VERSION } from "../model/engine-version";
import { foreignPlaceOf } from "../model/foreign-place";
import type { ObjectLocation } from "../model/location";
import type { ManifestFacts } from "../model/manifest-facts";
import type { BackupInfo } from "../model/outputs";
import { openFileSource } from "./file-source";

/** RDS accepts backups of up to "3 TB". No document says whether a TB has 10¹² or 2⁴⁰ bytes, so the larger value is the limit. */
const MAX_BACKUP_BYTES = 3 * 2 ** 40;

/** A backup whose header was read, or that a manifest entry describes. */
export interface ExaminedBackup {
  /** The text that messages name it by: an absolute path, or `oss://bucket/key`. */
  name: string;
  /** The last segment of its path or key; names are made from it when the header tells none. */
  fileName: string;
  sizeBytes: number;
  content: BackupFile;
  /** Described by a manifest entry, not read. */
  isDescribed?: true;
  /** The object's facts, for a backup that is in a bucket already. */
  object?: ObjectFacts;
}

/** Reads the header of a local file. @throws BACKUP_MISSING, BACKUP_IS_FOLDER, BACKUP_UNREADABLE */
export async function readBackupFile(path: string): Promise<ExaminedBackup> {
  const source = await openFileSource(path).catch((cause) => {
    throw fileFault(path, cause);
  });
  try {
    return await readSource(source, path);
  } finally {
    await source.close();
  }
}

/** The facts of a backup's object. @throws OBJECT_MISSING, OBJECT_NOT_STANDARD, and what the store throws */
export async function fetchBackupObject({ bucket, key }: ObjectLocation, store: ObjectStore): Promise<ObjectFacts> {
  const object = await store.headObject(bucket, key);
  if (object === undefined) throw migrationError("OBJECT_MISSING", { bucket, key });
  const { storageClass } = object;
  // Checked before the first read, because an archived object cannot be read.
  if (storageClass !== undefined && storageClass !== "Standard")
    throw migrationError("OBJECT_NOT_STANDARD", { bucket, key, storageClass });
  return object;
}

/** Reads the header of an object. @throws what the store throws */
export const readBackupObject = (object: ObjectFacts, store: ObjectStore): Promise<ExaminedBackup> =>
  readSource(store.rangeSource(object), object.key);

async function readSource(source: RangeSource, path: string): Promise<ExaminedBackup> {
  const content = await readBackup(source);
  return { name: source.name, fileName: basename(path), sizeBytes: source.sizeBytes, content };
}

/** The catalogue's error for an error of the operating system. */
export function fileFault(file: string, cause: unknown): MigrationError {
  if (isNoEntry(cause)) return migrationError("BACKUP_MISSING", { file, place: foreignPlaceOf(file) }, { cause });
  const { code, reason, remedy } = systemFaultOf(cause);
  if (code === "EISDIR") return migrationError("BACKUP_IS_FOLDER", { file }, { cause });
  return migrationError("BACKUP_UNREADABLE", { file, reason, remedy }, { cause });
}

/** All reasons why a full backup, or an increment, cannot be migrated; empty for a sound one. */
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
    faults.push(migrationError("BACKUP_NOT_FULL", { file, type: describeType(set.BackupType) }));
  }
  if (media?.IsPasswordProtected === true) faults.push(migrationError("BACKUP_PASSWORD", { file, what: "media" }));
  if (sets.some(({ IsPasswordProtected }) => IsPasswordProtected === true))
    faults.push(migrationError("BACKUP_PASSWORD", { file, what: "backup set" }));
  if (sets.some(({ IsDamaged }) => IsDamaged === true)) faults.push(migrationError("BACKUP_OF_DAMAGED", { file }));
  if (sizeBytes > MAX_BACKUP_BYTES) faults.push(migrationError("BACKUP_TOO_LARGE", { file, sizeBytes }));
  return [
    ...content.problems.map((problem) => `${problem.code}: ${problem.message}`),
    ...faults.map((fault) => fault.message),
  ];
}

/** The error for a backup that no version of SQL Server on RDS restores. Unlike {@link backupFaults}, the preflight reports it. */
export function versionTooOld(file: string, databaseVersion: number): MigrationError | undefined {
  return databaseVersion < OLDEST_DATABASE_VERSION
    ? migrationError("VERSION_TOO_OLD", { file, databaseVersion })
    : undefined;
}

/** The database's name in the header; without it, the one in a file name of the vendor's form. */
export function nameOfDatabase({ content, fileName, isDescribed }: ExaminedBackup): string | undefined {
  const fromHeader = content.sets[0]?.DatabaseName;
  if (isDescribed) return fromHeader ?? undefined;
  return fromHeader ?? /^(.+)_(?:FULL|DIFF|LOG)_\d{14}\.bak$/i.exec(fileName)?.[1] ?? undefined;
}

/** The database's name in a header that was read. */
export const headerName = ({ content, isDescribed }: ExaminedBackup): string | undefined =>
  isDescribed ? undefined : (content.sets[0]?.DatabaseName ?? undefined);

/** The identity of a backup's content: BackupSetGUID and size; without a readable header, size and CRC-64. */
export function backupIdentity({ sizeBytes, content, object }: ExaminedBackup): string | undefined {
  const guid = content.sets[0]?.BackupSetGUID;
  if (guid) return `${guid}/${sizeBytes}`;
  return object?.crc64 === undefined ? undefined : `${sizeBytes}/${object.crc64}`;
}

/** The same identity from a manifest entry. */
export const manifestIdentity = ({ backupSetGuid, sizeBytes }: ManifestFacts): string =>
  `${backupSetGuid}/${sizeBytes}`;

/** The facts of the header that the state keeps. */
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

/** The first difference between a file's header and its manifest entry. The CRC-64 is compared at upload. */
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
