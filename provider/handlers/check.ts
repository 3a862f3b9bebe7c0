import { basename } from "node:path";
import { isDeepStrictEqual } from "node:util";
import {
  backupFaults,
  backupIdentity,
  type ExaminedBackup,
  examineBackup,
  manifestFault,
  manifestIdentity,
  nameOfDatabase,
} from "../backup-files/examine-backup";
import { isMigrationError, migrationError } from "../errors/migration-error";
import { checkIncrements } from "../increments/check-increments";
import { parseBackupLocation, requireAllowedKey } from "../model/backup-location";
import { inputFaults, isAdopted, type MigrationInputs, SYSTEM_DATABASES } from "../model/inputs";
import { objectKeyFor, objectKeyOfEntry } from "../model/object-key";
import { migrationId } from "../model/outputs";
import { type PlainObject, toPlain } from "../model/plain";
import { containsUnknown } from "../model/unknown";
import { preflight } from "../preflight/preflight";
import type { Session } from "../session/session";

export interface CheckResult {
  inputs: PlainObject;
  failures: { property: string; reason: string }[];
}

/** What the handlers know about one check. */
interface Question {
  session: Session;
  /** Known inputs only: unknown ones are left out and looked at when they are known, at `up`. */
  inputs: Partial<MigrationInputs>;
  olds: Partial<MigrationInputs>;
  failures: string[];
}

/**
 * Runs at preview and at up, with the earlier *inputs*. A resource that exists is asked only about what changed, so that a
 * finished migration whose backup is gone stays clean; a new one gets the whole preflight. Writes into the inputs what
 * `diff` compares: `databaseName` (once defaulted, for ever) and `backupId`.
 */
export async function check(session: Session, olds: PlainObject, news: PlainObject): Promise<CheckResult> {
  const faults = inputFaults(news);
  if (faults.length > 0) {
    const reasons = faults.map((fault) => migrationError("INPUT_INVALID", fault).message);
    return { inputs: news, failures: reasons.map(asFailure) };
  }
  const known = Object.fromEntries(Object.entries(news).filter(([, value]) => !containsUnknown(value)));
  const question: Question = { session, inputs: known, olds, failures: [] };
  const { urn, exists } = identify(session, known, olds);
  const examined = await examineWanted(question, exists, "backup" in news && !("backup" in known));
  const derived = deriveInputs(question, examined, news);
  Object.assign(question.inputs, derived);
  const chain = await checkIncrements({ session, inputs: question.inputs, olds, news, examined, derived });
  Object.assign(derived, chain.derived);
  question.failures.push(...chain.failures);
  for (const warning of chain.warnings) logOncePerRun(question, warning);
  noteDataAsOf(question, examined);
  checkDeclaredOnce(question, urn);
  if (!exists) logUnknownInputs(question, news);
  if (!exists && question.failures.length === 0) await checkDestination(question, examined, urn);
  return { inputs: toPlain({ ...news, ...derived }), failures: question.failures.map(asFailure) };
}

/** Without a property's name the engine prints no value of it. */
const asFailure = (reason: string) => ({ property: "", reason });

function identify(session: Session, known: Partial<MigrationInputs>, olds: Partial<MigrationInputs>) {
  const urn = known.resourceUrn ?? "";
  const exists = !isNew(olds);
  if (exists) session.existing.add(urn);
  return { urn, exists };
}

/** Whether nothing was ever sent: there are no earlier inputs, or only those of a deferred migration that check refused. */
export const isNew = (olds: Partial<MigrationInputs>): boolean =>
  typeof olds.backup !== "string" || olds.refused?.isNew === true;

/** Looks at the backup: always for a new migration; for one that exists only where that can show a change. */
async function examineWanted(
  question: Question,
  exists: boolean,
  unknown: boolean,
): Promise<ExaminedBackup | undefined> {
  const { inputs, olds, session, failures } = question;
  if (unknown || inputs.backup === undefined) return undefined;
  const unchanged = exists && inputs.backup === olds.backup;
  // An object that is named as before costs no request: before the end converge compares its CRC64, after it nothing matters.
  if (unchanged && /^oss:/i.test(inputs.backup)) return undefined;
  // An entry that is as it was describes what was migrated; a file that differs from it by now is refused by the upload.
  if (unchanged && inputs.manifest !== undefined && isDeepStrictEqual(inputs.manifest, olds.manifest)) return undefined;
  try {
    const location = parseBackupLocation(inputs.backup, inputs.bucket);
    const examined = await examineBackup(location, () => session.store(inputs));
    if (!unchanged && !isAdopted(inputs)) failures.push(...backupFaults(examined));
    const otherFile = inputs.manifest && manifestFault(examined, inputs.manifest);
    if (otherFile !== undefined) failures.push(otherFile);
    return examined;
  } catch (error) {
    if (unchanged) return undefined;
    if (!isMigrationError(error)) throw error;
    if (error.code === "BACKUP_MISSING" && inputs.manifest !== undefined) {
      const note = `${inputs.backup} is not on this machine; its manifest entry is used, and at up the object has to be in the bucket.`;
      session.engine.log("info", inputs.resourceUrn, note);
      return undefined;
    }
    // What is adopted is there already: its backup may be gone for good.
    if (isOutOfReach(error.code) || isAdopted(inputs))
      logOncePerRun(question, `not checked: the backup ${inputs.backup}. ${error.message}`);
    else failures.push(error.message);
    return undefined;
  }
}

/** Faults of the runner, not of the backup: an object in a bucket cannot be looked at from here. */
const isOutOfReach = (code: string): boolean =>
  ["NO_CREDENTIALS", "NO_REGION", "OSS_ACCESS_DENIED", "OSS_UNAVAILABLE", "OSS_REPLY_UNREADABLE"].includes(code);

/** For the outcome of an instance, whose preview says until when the source's writes are in the backups. */
function noteDataAsOf({ session, inputs }: Question, examined: ExaminedBackup | undefined): void {
  const dataAsOf = examined?.content.sets[0]?.BackupFinishDate ?? inputs.manifest?.backupFinishDate ?? undefined;
  if (dataAsOf !== undefined && inputs.resourceUrn !== undefined) session.dataAsOf.set(inputs.resourceUrn, dataAsOf);
}

/** The inputs that check adds. A value that was there once is kept: the file may be gone, the database may not be renamed. */
function deriveInputs(
  question: Question,
  examined: ExaminedBackup | undefined,
  news: PlainObject,
): Partial<MigrationInputs> {
  const { inputs, olds, failures } = question;
  const derived: Partial<MigrationInputs> = {};
  const backupId =
    (examined && backupIdentity(examined)) ??
    (inputs.manifest && manifestIdentity(inputs.manifest)) ??
    (inputs.backup === olds.backup ? olds.backupId : undefined);
  if (backupId !== undefined) derived.backupId = backupId;
  if (news.databaseName !== undefined) return derived;
  const databaseName = olds.databaseName ?? (examined && nameOfDatabase(examined));
  if (databaseName === undefined) {
    // A file that is no backup at all has been refused for that.
    if (examined !== undefined && failures.length === 0)
      failures.push(migrationError("DATABASE_NAME_UNKNOWN", { file: examined.name }).message);
    return derived;
  }
  if (examined !== undefined && olds.databaseName === undefined && SYSTEM_DATABASES.has(databaseName.toLowerCase())) {
    failures.push(migrationError("DATABASE_NAME_SYSTEM", { file: examined.name, database: databaseName }).message);
  }
  return { ...derived, databaseName };
}

/** What is looked at with a value that another resource has not made yet, and waits for `up`. */
const LOOKED_AT_WITH = {
  backup: "the backup",
  bucket: "the bucket",
  instanceId: "the instance",
  databaseName: "whether the database's name is free",
  baseline: "the baseline of the source",
} as const;

function logUnknownInputs(question: Question, news: PlainObject): void {
  const unknown = Object.entries(LOOKED_AT_WITH).filter(([name]) => name in news && !(name in question.inputs));
  for (const [name, what] of unknown)
    logOncePerRun(question, `not checked: ${what}. [${name}] is known at up only, which looks at it then.`, "info");
}

/** Two backups for one database of one instance: the second is told, with both names. */
function checkDeclaredOnce({ session, inputs, failures }: Question, urn: string): void {
  const { instanceId, databaseName, backup = "?" } = inputs;
  if (instanceId === undefined || databaseName === undefined) return;
  const id = migrationId(instanceId, databaseName).toLowerCase();
  const other = session.declared.get(id);
  if (other === undefined) session.declared.set(id, { urn, backup });
  else if (other.urn !== urn) {
    const names = { database: databaseName, instance: instanceId, backup, otherBackup: other.backup, other: other.urn };
    failures.push(migrationError("DATABASE_DECLARED_TWICE", names).message);
  }
}

async function checkDestination(question: Question, examined: ExaminedBackup | undefined, urn: string): Promise<void> {
  const { session, inputs, failures } = question;
  const objectKey = wantedKey(question, examined);
  if (failures.length > 0) return;
  const replaces = session.existing.has(urn);
  const { databaseName } = inputs;
  const findings = await preflight(session, { inputs, urn, databaseName, objectKey, examined, replaces });
  for (const { severity, message } of findings) {
    if (severity === "error") failures.push(message);
    else logOncePerRun(question, message, severity === "note" ? "info" : "warning");
  }
}

/** The key that the upload will have or had; undefined where neither the backup nor its manifest entry is at hand. */
function wantedKey({ inputs, failures }: Question, examined: ExaminedBackup | undefined): string | undefined {
  if (examined?.object !== undefined) return examined.object.key;
  const { databaseName, folder, manifest, backup = "" } = inputs;
  const key =
    examined !== undefined
      ? objectKeyFor(examined, databaseName, folder)
      : manifest && databaseName && objectKeyOfEntry(manifest, basename(backup), databaseName, folder);
  if (!key) return undefined;
  try {
    requireAllowedKey("folder", key);
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    failures.push(error.message);
  }
  return key;
}

/** What is the same for five hundred resources is shown under the first. */
function logOncePerRun({ session, inputs }: Question, message: string, kind: "warning" | "info" = "warning"): void {
  if (session.said.has(message)) return;
  session.said.add(message);
  session.engine.log(kind, inputs.resourceUrn, message);
}
