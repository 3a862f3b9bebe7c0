import { describeType } from "../backup/backup-type";
import { backupFaults, type ExaminedBackup } from "../backup-files/examine-backup";
import { incrementOf, isOfChain } from "../decisions/increment-facts";
import { isMigrationError, type MigrationError, migrationError } from "../errors/migration-error";
import { systemFaultOf } from "../errors/system-fault";
import { foreignPlaceOf } from "../model/foreign-place";
import { type ChainStart, type Increment, nameOfFile } from "../model/increment";
import type { MigrationInputs } from "../model/inputs";
import { isOssUrl } from "../model/location";
import type { Session } from "../session/session";
import { type FoundFile, findFiles, requireUsableKey } from "./find-files";

/** The files that `increments` currently refers to. */
export interface IncrementListing {
  /** In LSN order. */
  increments: Increment[];
  /** Faults of files that the program names. */
  failures: MigrationError[];
  /** Files of a folder that look like increments but cannot be used; they may be half copied. */
  warnings: string[];
}

export interface ListInput {
  session: Session;
  inputs: Partial<MigrationInputs> & { bucket: string };
  /** As the program spells it. */
  spelled: string | readonly string[];
  start: ChainStart;
  databaseName: string;
  /** What was listed before: its headers are not read again, and missing files are ignored. */
  known: readonly Increment[];
}

/** Headers that are read at once. */
const PARALLEL_READS = 8;

/**
 * Lists the increments again and reads the headers that are not known yet. In a folder or prefix, full backups and backups of
 * other databases are ignored, because a whole server is often backed up into one folder. @throws what the store throws
 */
export async function listIncrements(input: ListInput): Promise<IncrementListing> {
  const { session, inputs, known } = input;
  const listing: IncrementListing = { increments: [], failures: [], warnings: [] };
  const found: FoundFile[] = [];
  for (const entry of [input.spelled].flat()) {
    const files = await findFiles(entry, inputs, () => session.clients.store(inputs));
    if ("files" in files) found.push(...files.files);
    else if (!known.some(({ file }) => file === entry || file.startsWith(entry)))
      listing.failures.push(missingEntry(entry, files.cause));
  }
  const distinct = found.filter(({ file }, at) => found.findIndex((other) => other.file === file) === at);
  const checkedFiles: CheckedFile[] = [];
  for (let at = 0; at < distinct.length; at += PARALLEL_READS) {
    const batch = distinct.slice(at, at + PARALLEL_READS);
    checkedFiles.push(...(await Promise.all(batch.map((file) => checkFile(input, file)))));
  }
  for (const { increment, failure, warning } of checkedFiles) {
    if (failure !== undefined) listing.failures.push(failure);
    if (warning !== undefined) listing.warnings.push(warning);
    if (increment !== undefined) addOnce(listing, increment);
  }
  listing.increments.sort(byLsn);
  return listing;
}

function missingEntry(file: string, cause: unknown): MigrationError {
  if (cause === undefined) return migrationError("INCREMENT_MISSING", { file, place: foreignPlaceOf(file) });
  const { reason, remedy } = systemFaultOf(cause);
  return migrationError("INCREMENTS_UNREADABLE", { path: file, reason, remedy }, { cause });
}

const byLsn = (one: Increment, other: Increment): number => {
  const difference = BigInt(one.lastLsn) - BigInt(other.lastLsn);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};

/** The same backup under two names counts once; the service cannot distinguish two objects of the same name. */
function addOnce(listing: IncrementListing, increment: Increment): void {
  if (listing.increments.some(({ setGuid }) => setGuid === increment.setGuid)) return;
  const twin = listing.increments.find(
    ({ file }) => isOssUrl(file) && isOssUrl(increment.file) && nameOfFile(file) === nameOfFile(increment.file),
  );
  if (twin === undefined) listing.increments.push(increment);
  else listing.failures.push(migrationError("INCREMENT_NAMES_COLLIDE", { file: increment.file, other: twin.file }));
}

interface CheckedFile {
  increment?: Increment;
  failure?: MigrationError;
  warning?: string;
}

async function checkFile(input: ListInput, found: FoundFile): Promise<CheckedFile> {
  const { session, inputs, known, start, databaseName } = input;
  const { file, sizeBytes, modifiedAt, named } = found;
  const facts = { file, sizeBytes, modifiedAt, ...(named ? { named: true as const } : {}) };
  const seen = known.find((one) => one.file === file && one.sizeBytes === sizeBytes && one.modifiedAt === modifiedAt);
  if (seen !== undefined) return { increment: { ...seen, ...facts } };
  const unusable = (fault: string): CheckedFile => {
    const error = migrationError("INCREMENT_UNFIT", { file, fault: fault.replace(/\.$/, "") });
    return named ? { failure: error } : { warning: error.message };
  };
  let examined: ExaminedBackup;
  try {
    requireUsableKey(found);
    examined = await session.backups.examineListed(found.location, found, () => session.clients.store(inputs));
  } catch (error) {
    if (!isMigrationError(error) || error.retry === "passes") throw error;
    return unusable(error.what);
  }
  const { media, sets } = examined.content;
  // A file may hold sets of several databases; any of them can be this one's.
  const own = sets.filter((each) => isOfChain(start, each));
  const set = own.find(({ BackupType }) => BackupType !== 1) ?? own[0] ?? sets[0];
  const isStripe = (media?.FamilyCount ?? 1) > 1;
  if (set !== undefined && own.length === 0) {
    if (!named) return {};
    const values = { file, found: set.DatabaseName ?? "?", server: set.ServerName ?? "?", database: databaseName };
    return { failure: migrationError("INCREMENT_OTHER_DATABASE", values) };
  }
  if (set?.BackupType === 1) return named ? { failure: migrationError("INCREMENT_IS_FULL", { file }) } : {};
  const [fault] = backupFaults(examined, "increment");
  if (fault !== undefined) return unusable(fault);
  if (set === undefined || isStripe || (set.BackupType !== 2 && set.BackupType !== 5))
    return unusable(`it is ${describeType(set?.BackupType)}`);
  const increment = incrementOf(set, facts);
  if (increment === undefined) return unusable("its header does not contain its LSNs");
  // A file that the full backup already contains is never needed; an empty log at its end may be declared final.
  if (BigInt(increment.lastLsn) < BigInt(start.lastLsn)) return {};
  if (increment.type === "DIFF" && !isBasedOn(start, increment)) {
    const base = increment.baseGuid ?? increment.baseLsn ?? "unknown";
    return named ? { failure: migrationError("INCREMENT_OTHER_BASE", { file, base }) } : {};
  }
  return { increment };
}

const isBasedOn = (start: ChainStart, { baseGuid, baseLsn }: Increment): boolean =>
  baseGuid !== undefined && start.setGuid !== null
    ? baseGuid === start.setGuid
    : baseLsn !== undefined && baseLsn === start.checkpointLsn;
