import { z } from "zod";
import { migrationError } from "../errors/migration-error";
import { manifestFactsSchema } from "../model/manifest-facts";
import type { BackupMember, ChainPlan } from "./chain";
import { otherFilesOf, restoredBytes, restoredSize } from "./database-size";

/** Version of the file format. Raise it when an older reader would misread a newer file. */
export const MANIFEST_VERSION = 1;

export const MANIFEST_TYPES = ["FULL", "DIFF", "LOG"] as const;
export type ManifestType = (typeof MANIFEST_TYPES)[number];

const decimal = z.string().regex(/^\d{1,40}$/);
const localTime = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
const guid = z.string().regex(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
const bytes = z.int().nonnegative();

const fileSchema = z.strictObject({
  // The database's name is a member of the entry around the file's.
  ...manifestFactsSchema.omit({ database: true }).shape,
  /** Relative to the manifest's folder, with forward slashes; or `oss://bucket/key`. */
  file: z.string().min(1),
  sizeBytes: bytes,
  /** CRC-64/XZ of the whole file, as OSS computes it. */
  crc64: decimal,
  type: z.enum(MANIFEST_TYPES),
  backupSetGuid: guid,
  firstLsn: decimal,
  lastLsn: decimal,
  checkpointLsn: decimal.nullable(),
  databaseBackupLsn: decimal.nullable(),
  differentialBaseGuid: guid.nullable(),
  backupStartDate: localTime.nullable(),
  backupFinishDate: localTime.nullable(),
  databaseVersion: z.int().nullable(),
  /** Sum of the database's files: the space that a restore takes on the instance's disk. */
  restoredBytes: bytes,
});

const manifestSchema = z.strictObject({
  version: z.literal(MANIFEST_VERSION),
  databases: z.array(
    z.strictObject({ database: z.string().min(1), backup: fileSchema, increments: z.array(fileSchema) }),
  ),
});

/**
 * One backup file in the manifest: enough to preview its migration without the file, and to detect another file in its
 * place. LSNs and CRC64 are decimal strings; times are the source server's local time. It contains no user name, server
 * name or server path.
 */
export type ManifestFile = z.infer<typeof fileSchema>;

/** The committed list of databases: for each its full backup and its increments in restore order. */
export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestDatabase = Manifest["databases"][number];

/**
 * Parses a manifest's text.
 * @throws `MANIFEST_INVALID` with the first invalid place
 */
export function parseManifest(text: string, file: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw migrationError("MANIFEST_INVALID", { file, place: "the file", fault: "it is not valid JSON" }, { cause });
  }
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.map(String).join(".") || "the file";
  throw migrationError("MANIFEST_INVALID", { file, place, fault: issue?.message ?? "it is not a manifest" });
}

/** The text to commit. The same backups give the same text, one value a line, so that diffs are readable. */
export const manifestText = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 2)}\n`;

/** Facts about the file itself: its size, its checksum, and its path in the manifest. */
export interface FileFacts {
  sizeBytes: number;
  crc64: string;
  file: string;
}

/** The manifest of all chains in `plan`. Calls `facts` once for each file of a chain. */
export async function buildManifest(plan: ChainPlan, facts: (file: string) => Promise<FileFacts>): Promise<Manifest> {
  const databases: ManifestDatabase[] = [];
  for (const { database, chain } of plan.databases) {
    if (!chain) continue;
    const increments: ManifestFile[] = [];
    for (const member of chain.increments) increments.push(manifestFile(member, await facts(member.file)));
    databases.push({ database, backup: manifestFile(chain.full, await facts(chain.full.file)), increments });
  }
  return { version: MANIFEST_VERSION, databases };
}

const TYPE_OF: Readonly<Record<number, ManifestType>> = { 1: "FULL", 2: "LOG", 5: "DIFF" };

/** `Required`: a fact that was added to the schema does not compile until it is written here. */
function manifestFile({ set, backup }: BackupMember, { file, sizeBytes, crc64 }: FileFacts): Required<ManifestFile> {
  const { dataBytes, logBytes } = restoredSize(set, sizeBytes);
  return {
    file,
    sizeBytes,
    crc64,
    type: TYPE_OF[set.BackupType ?? 1] ?? "FULL",
    backupSetGuid: set.BackupSetGUID ?? "",
    firstLsn: String(set.FirstLSN ?? 0n),
    lastLsn: String(set.LastLSN ?? 0n),
    checkpointLsn: set.CheckpointLSN?.toString() ?? null,
    databaseBackupLsn: set.DatabaseBackupLSN?.toString() ?? null,
    differentialBaseGuid: set.DifferentialBaseGUID,
    backupStartDate: set.BackupStartDate,
    backupFinishDate: set.BackupFinishDate,
    databaseVersion: set.DatabaseVersion,
    softwareMajor: set.SoftwareVersionMajor,
    restoredBytes: restoredBytes(set),
    restoredDataBytes: dataBytes,
    restoredLogBytes: logBytes,
    recoveryModel: set.RecoveryModel,
    isCopyOnly: set.IsCopyOnly,
    isReadOnly: set.IsReadOnly,
    isSingleUser: set.IsSingleUser,
    isDamaged: set.IsDamaged,
    isPasswordProtected: set.IsPasswordProtected,
    isMediaPasswordProtected: backup.media?.IsPasswordProtected ?? null,
    otherFiles: otherFilesOf(set),
  };
}
