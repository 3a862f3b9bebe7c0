import { z } from "zod";

const bytes = z.number().int().nonnegative();
/** `null`: the header does not tell. Absent in manifests that were written before the fact was added. */
const headerFlag = z.boolean().nullable().optional();

/**
 * The facts of a full backup that a migration takes from its manifest entry. This schema is the only list of them: whatever
 * copies, stores or tests an entry goes by its keys. Other members of an entry are left out of the inputs.
 */
export const manifestFactsSchema = z.object({
  /** Name of the database on the source. */
  database: z.string().optional(),
  /** Size of the file, bytes. */
  sizeBytes: bytes,
  /** CRC-64/XZ of the whole file as unsigned decimal. */
  crc64: z.string().regex(/^\d{1,20}$/),
  backupSetGuid: z.string(),
  /** The source server's local time, like `backupFinishDate`. */
  backupStartDate: z.string().nullable(),
  backupFinishDate: z.string().nullable(),
  databaseVersion: z.number().int().nullable().optional(),
  /** Major version of the server's software, which tells a Managed Instance from a release. */
  softwareMajor: z.number().int().nullable().optional(),
  /** Size of all files of the restored database, bytes. */
  restoredBytes: bytes.optional(),
  /** Size of the restored data files, bytes. */
  restoredDataBytes: bytes.optional(),
  /** Size of the restored log files, bytes. */
  restoredLogBytes: bytes.optional(),
  recoveryModel: z.enum(["FULL", "BULK-LOGGED", "SIMPLE"]).nullable().optional(),
  isCopyOnly: headerFlag,
  isReadOnly: headerFlag,
  isSingleUser: headerFlag,
  isDamaged: headerFlag,
  /** The backup set has a password. */
  isPasswordProtected: headerFlag,
  /** The media have a password. */
  isMediaPasswordProtected: headerFlag,
  /** Logical names of the files that are neither data nor log, such as FILESTREAM. */
  otherFiles: z.array(z.string()).optional(),
});

/** A full backup's entry in a committed manifest, so that a machine without the file previews the same. */
export type ManifestFacts = z.infer<typeof manifestFactsSchema>;

/** Facts that no check tells apart from an absent one when they are `false` or empty. */
const ABSENT_WHEN_FALSE: ReadonlySet<string> = new Set<keyof ManifestFacts>([
  ...(["isSingleUser", "isDamaged", "isPasswordProtected", "isMediaPasswordProtected", "otherFiles"] as const),
]);

/** The facts of an entry that a check uses, without its other members: the state stores each of them. */
export function usedManifestFacts(entry: ManifestFacts): ManifestFacts {
  const facts = Object.entries(entry).filter(
    ([name, value]) =>
      name in manifestFactsSchema.shape &&
      value !== undefined &&
      !(ABSENT_WHEN_FALSE.has(name) && (value === false || (Array.isArray(value) && value.length === 0))),
  );
  return Object.fromEntries(facts) as ManifestFacts;
}
