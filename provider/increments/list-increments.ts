import { backupFaults, type ExaminedBackup, examineBackup } from "../backup-files/examine-backup";
import { incrementOf, isOfChain } from "../decisions/increment-facts";
import { isMigrationError, type MigrationError, migrationError } from "../errors/migration-error";
import { type ChainStart, type Increment, nameOfFile } from "../model/increment";
import type { MigrationInputs } from "../model/inputs";
import { isOssUrl } from "../model/location";
import type { Session } from "../session/session";
import { type FoundFile, findFiles, requireUsableKey } from "./find-files";

/** What `increments` means now. */
export interface IncrementListing {
  /** In LSN order. */
  increments: Increment[];
  /** Faults of files that the program names. */
  failures: MigrationError[];
  /** Files of a folder that look like increments and cannot be used: worth a warning, they may be half copied. */
  warnings: string[];
}

export interface ListInput {
  session: Session;
  inputs: Partial<MigrationInputs> & { bucket: string };
  /** As the program spells it. */
  spelled: string | readonly string[];
  start: ChainStart;
  databaseName: string;
  /** What was listed before: its headers are not read again, and what of it is gone is no fault. */
  known: readonly Increment[];
}

/** Headers that are read at once. */
const PARALLEL_READS = 8;

/**
 * Lists the increments anew and reads the headers that are not known yet. In a folder or prefix, full backups and those of
 * other databases are left aside: whole servers are backed up into one place. @throws what the store throws
 */
export async function listIncrements(question: ListInput): Promise<IncrementListing> {
  const { session, inputs, known } = question;
  const listing: IncrementListing = { increments: [], failures: [], warnings: [] };
  const found: FoundFile[] = [];
  for (const entry of [question.spelled].flat()) {
    const files = await findFiles(entry, inputs.bucket, () => session.clients.store(inputs));
    if ("files" in files) found.push(...files.files);
    else if (!known.some(({ file }) => file === entry || file.startsWith(entry)))
      listing.failures.push(migrationError("INCREMENT_MISSING", { file: entry }));
  }
  const distinct = found.filter(({ file }, at) => found.findIndex((other) => other.file === file) === at);
  const judged: Judged[] = [];
  for (let at = 0; at < distinct.length; at += PARALLEL_READS) {
    judged.push(...(await Promise.all(distinct.slice(at, at + PARALLEL_READS).map((file) => judge(question, file)))));
  }
  for (const { increment, failure, warning } of judged) {
    if (failure !== undefined) listing.failures.push(failure);
    if (warning !== undefined) listing.warnings.push(warning);
    if (increment !== undefined) addOnce(listing, increment);
  }
  listing.increments.sort(byLsn);
  return listing;
}

const byLsn = (one: Increment, other: Increment): number => {
  const difference = BigInt(one.lastLsn) - BigInt(other.lastLsn);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};

/** The same backup under two names counts once; two objects of one name cannot be told apart at the service. */
function addOnce(listing: IncrementListing, increment: Increment): void {
  if (listing.increments.some(({ setGuid }) => setGuid === increment.setGuid)) return;
  const twin = listing.increments.find(
    ({ file }) => isOssUrl(file) && isOssUrl(increment.file) && nameOfFile(file) === nameOfFile(increment.file),
  );
  if (twin === undefined) listing.increments.push(increment);
  else listing.failures.push(migrationError("INCREMENT_NAMES_COLLIDE", { file: increment.file, other: twin.file }));
}

interface Judged {
  increment?: Increment;
  failure?: MigrationError;
  warning?: string;
}

async function judge(question: ListInput, found: FoundFile): Promise<Judged> {
  const { known, start, databaseName } = question;
  const { file, sizeBytes, modifiedAt, named } = found;
  const facts = { file, sizeBytes, modifiedAt, ...(named ? { named: true as const } : {}) };
  const seen = known.find((one) => one.file === file && one.sizeBytes === sizeBytes && one.modifiedAt === modifiedAt);
  if (seen !== undefined) return { increment: { ...seen, ...facts } };
  const unusable = (fault: string): Judged => {
    const error = migrationError("INCREMENT_UNFIT", { file, fault: fault.replace(/\.$/, "") });
    return named ? { failure: error } : { warning: error.message };
  };
  let examined: ExaminedBackup;
  try {
    requireUsableKey(found);
    examined = await readHeader(question, found);
  } catch (error) {
    if (!isMigrationError(error) || error.retry === "passes") throw error;
    return unusable(error.what);
  }
  const { media, sets } = examined.content;
  const [set] = sets;
  const isStripe = (media?.FamilyCount ?? 1) > 1;
  if (set !== undefined && !isOfChain(start, set)) {
    if (!named) return {};
    const values = { file, found: set.DatabaseName ?? "?", server: set.ServerName ?? "?", database: databaseName };
    return { failure: migrationError("INCREMENT_OTHER_DATABASE", values) };
  }
  if (set?.BackupType === 1) return named ? { failure: migrationError("INCREMENT_IS_FULL", { file }) } : {};
  const [fault] = backupFaults(examined, "increment");
  if (fault !== undefined) return unusable(fault);
  if (set === undefined || isStripe || (set.BackupType !== 2 && set.BackupType !== 5))
    return unusable(`it is a ${set?.BackupTypeDescription?.toLowerCase() ?? "backup of unknown type"}`);
  const increment = incrementOf(set, facts);
  if (increment === undefined) return unusable("its header does not tell its LSNs");
  // What the full backup holds already can never be wanted; an empty log at its end may be declared final.
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

function readHeader({ session, inputs }: ListInput, { file, location, sizeBytes, modifiedAt }: FoundFile) {
  const key = JSON.stringify([file, sizeBytes, modifiedAt]);
  const held = session.run.headers.get(key);
  if (held !== undefined) return held;
  const reading = examineBackup(location, () => session.clients.store(inputs));
  session.run.headers.set(key, reading);
  return reading;
}
