import { basename } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { backupOfEntry } from "../backup-files/backup-of-entry";
import {
  backupFaults,
  backupIdentity,
  type ExaminedBackup,
  examineBackup,
  manifestFault,
  manifestIdentity,
  nameOfDatabase,
} from "../backup-files/examine-backup";
import { objectKeyFor, objectKeyOfEntry } from "../backup-files/object-key";
import { isMigrationError, migrationError } from "../errors/migration-error";
import { checkIncrements } from "../increments/check-increments";
import { faultMessages } from "../model/arguments";
import type { CheckResult } from "../model/check-result";
import { inputFaults, isAdopted, knownInputs, type MigrationInputs, SYSTEM_DATABASES } from "../model/inputs";
import {
  type BackupLocation,
  fileNameOf,
  formatLocation,
  isOssUrl,
  parseBackupLocation,
  requireAllowedKey,
} from "../model/location";
import { migrationId } from "../model/outputs";
import { type PlainObject, toPlain } from "../model/plain";
import { preflight } from "../preflight/preflight";
import type { HandlerContext } from "../session/handler-context";

/** One call of check. */
interface CheckRun {
  context: HandlerContext;
  /** Known inputs only: unknown ones are examined at `up`, when they are known. */
  inputs: Partial<MigrationInputs>;
  olds: Partial<MigrationInputs>;
  failures: string[];
}

/**
 * Runs at preview and at up, with the earlier *inputs*. A resource that exists is asked only about what changed, so that a
 * finished migration whose backup is gone stays clean; a new one gets the whole preflight. Writes into the inputs what
 * `diff` compares: `databaseName` (once defaulted, for ever) and `backupId`.
 */
export async function check(context: HandlerContext, olds: PlainObject, news: PlainObject): Promise<CheckResult> {
  const faults = inputFaults(news);
  if (faults.length > 0) {
    return { inputs: news, failures: faultMessages(faults).map(asFailure) };
  }
  const known = knownInputs(news);
  const before = knownInputs(olds);
  const run: CheckRun = { context, inputs: known, olds: before, failures: [] };
  const exists = !isNew(olds);
  if (exists) context.session.run.existing.add(context.urn);
  const examined = await examineWanted(run, exists, "backup" in news && !("backup" in known));
  const derived = deriveInputs(run, examined, news);
  Object.assign(run.inputs, derived);
  const chain = await checkIncrements({
    session: context.session,
    inputs: run.inputs,
    olds: before,
    news,
    examined,
    derived,
  });
  Object.assign(derived, chain.derived);
  run.failures.push(...chain.failures);
  for (const warning of chain.warnings) logOncePerRun(run, warning);
  noteDataAsOf(run, examined);
  checkDeclaredOnce(run);
  if (!exists) logUnknownInputs(run, news);
  if (!exists && run.failures.length === 0) await checkDestination(run, examined);
  return { inputs: toPlain({ ...news, ...derived }), failures: run.failures.map(asFailure) };
}

/** Without a property's name the engine prints no value of it. */
const asFailure = (reason: string) => ({ property: "", reason });

/** Whether nothing was ever sent: there are no earlier inputs, or only those of a deferred migration that check refused. */
export function isNew(olds: PlainObject): boolean {
  const { instanceId, refused } = knownInputs(olds);
  return instanceId === undefined || refused?.isNew === true;
}

/** Looks at the backup: always for a new migration; for one that exists only where that can show a change. */
async function examineWanted(run: CheckRun, exists: boolean, unknown: boolean): Promise<ExaminedBackup | undefined> {
  const { inputs, olds, context, failures } = run;
  const { session } = context;
  if (unknown || inputs.backup === undefined)
    return inputs.manifest && backupOfEntry(inputs.manifest, "the backup", "");
  const unchanged = exists && inputs.backup === olds.backup;
  // An object that is named as before costs no request: before the end converge compares its CRC64, after it nothing matters.
  if (unchanged && isOssUrl(inputs.backup)) return undefined;
  // An entry that is as it was describes what was migrated; a file that differs from it by now is refused by the upload.
  if (unchanged && inputs.manifest !== undefined && isDeepStrictEqual(inputs.manifest, olds.manifest)) return undefined;
  let location: BackupLocation | undefined;
  try {
    location = parseBackupLocation(inputs.backup, inputs.bucket);
    const examined = await examineBackup(location, () => session.clients.store(inputs));
    if (!unchanged && !isAdopted(inputs)) failures.push(...backupFaults(examined));
    const otherFile = inputs.manifest && manifestFault(examined, inputs.manifest);
    if (otherFile !== undefined) failures.push(otherFile);
    return examined;
  } catch (error) {
    if (unchanged) return undefined;
    if (!isMigrationError(error)) throw error;
    if (error.code === "BACKUP_MISSING" && inputs.manifest !== undefined) {
      const note = `${inputs.backup} is not on this machine; its manifest entry is used, and at up the object has to be in the bucket.`;
      context.log.info(note);
      return backupOfManifest(run, location);
    }
    // What is adopted exists already: its backup may be gone for good.
    if (isOutOfReach(error.code) || isAdopted(inputs)) {
      logOncePerRun(run, `not checked: the backup ${inputs.backup}. ${error.message}`);
      return backupOfManifest(run, location);
    }
    failures.push(error.message);
    return undefined;
  }
}

/** The backup as its manifest entry describes it, checked like one that was read. */
function backupOfManifest(
  { inputs, failures }: CheckRun,
  location: BackupLocation | undefined,
): ExaminedBackup | undefined {
  if (inputs.manifest === undefined || location === undefined) return undefined;
  const described = backupOfEntry(inputs.manifest, formatLocation(location), fileNameOf(location));
  if (!isAdopted(inputs)) failures.push(...backupFaults(described));
  return described;
}

/** Faults of the runner, not of the backup: an object in a bucket cannot be looked at from here. */
const isOutOfReach = (code: string): boolean =>
  ["NO_CREDENTIALS", "NO_REGION", "OSS_ACCESS_DENIED", "OSS_UNAVAILABLE", "OSS_REPLY_UNREADABLE"].includes(code);

/** For the outcome of an instance, whose preview says until when the source's writes are in the backups. */
function noteDataAsOf({ context, inputs }: CheckRun, examined: ExaminedBackup | undefined): void {
  const dataAsOf = examined?.content.sets[0]?.BackupFinishDate ?? inputs.manifest?.backupFinishDate ?? undefined;
  if (dataAsOf !== undefined) context.session.run.dataAsOf.set(context.urn, dataAsOf);
}

/** The inputs that check adds. A value that was there once is kept: the file may be gone, the database may not be renamed. */
function deriveInputs(
  run: CheckRun,
  examined: ExaminedBackup | undefined,
  news: PlainObject,
): Partial<MigrationInputs> {
  const { inputs, olds, failures } = run;
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
    if (examined !== undefined && !examined.isDescribed && failures.length === 0)
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

function logUnknownInputs(run: CheckRun, news: PlainObject): void {
  const unknown = Object.entries(LOOKED_AT_WITH).filter(([name]) => name in news && !(name in run.inputs));
  for (const [name, what] of unknown)
    logOncePerRun(run, `not checked: ${what}. [${name}] is known at up only, which looks at it then.`, "info");
}

/** Two backups for one database of one instance: the second is told, with both names. */
function checkDeclaredOnce({ context, inputs, failures }: CheckRun): void {
  const { urn, session } = context;
  const { instanceId, databaseName, backup = "?" } = inputs;
  if (instanceId === undefined || databaseName === undefined) return;
  const id = migrationId(instanceId, databaseName).toLowerCase();
  const other = session.run.declared.get(id);
  if (other === undefined) session.run.declared.set(id, { urn, backup });
  else if (other.urn !== urn) {
    const names = { database: databaseName, instance: instanceId, backup, otherBackup: other.backup, other: other.urn };
    failures.push(migrationError("DATABASE_DECLARED_TWICE", names).message);
  }
}

async function checkDestination(run: CheckRun, examined: ExaminedBackup | undefined): Promise<void> {
  const { context, inputs, failures } = run;
  const { session, urn } = context;
  const objectKey = wantedKey(run, examined);
  if (failures.length > 0) return;
  const replaces = session.run.existing.has(urn);
  const { databaseName } = inputs;
  const findings = await preflight(context, { inputs, urn, databaseName, objectKey, examined, replaces });
  for (const { severity, message } of findings) {
    if (severity === "error") failures.push(message);
    else logOncePerRun(run, message, severity === "note" ? "info" : "warning");
  }
}

/** The key that the upload will have or had; undefined where neither the backup nor its manifest entry is at hand. */
function wantedKey({ inputs, failures }: CheckRun, examined: ExaminedBackup | undefined): string | undefined {
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
function logOncePerRun({ context }: CheckRun, message: string, severity: "warning" | "info" = "warning"): void {
  const { logged } = context.session.run;
  if (logged.has(message)) return;
  logged.add(message);
  context.log.write(severity, message);
}
