import { basename } from "node:path";
import { type ExaminedBackup, headerName } from "../backup-files/examine-backup";
import { objectKeyFor, objectKeyOfEntry } from "../backup-files/object-key";
import { sourceNameFault } from "../decisions/source-name";
import { waitReason } from "../decisions/wave";
import { isMigrationError, migrationError } from "../errors/migration-error";
import { programFolderWarning } from "../files/project-folder";
import { checkIncrements } from "../increments/check-increments";
import { faultMessages } from "../model/arguments";
import type { CheckResult } from "../model/check-result";
import { inputFaults, isAdopted, knownInputs, type MigrationInputs } from "../model/inputs";
import { requireAllowedKey } from "../model/location";
import { isSameName } from "../model/names";
import { migrationId } from "../model/outputs";
import { type PlainObject, toPlain } from "../model/plain";
import { notChecked, shared } from "../preflight/finding";
import { preflight } from "../preflight/preflight";
import type { HandlerContext } from "../session/handler-context";
import { type CheckRun, logOncePerRun, reportFindings } from "./check-run";
import { deriveInputs } from "./derive-inputs";
import { examineBackupInput } from "./examine-backup-input";

/**
 * Runs at preview and at `up`, with the previous *inputs*. A new migration gets the whole preflight. For an existing one only
 * changed inputs are checked, so that a finished migration whose backup was deleted still passes. Adds the inputs that `diff`
 * compares: `databaseName` (a default is kept for good) and `backupId`.
 */
export async function check(context: HandlerContext, olds: PlainObject, news: PlainObject): Promise<CheckResult> {
  const faults = inputFaults(news);
  if (faults.length > 0) {
    return { inputs: news, failures: faultMessages(faults).map(asFailure) };
  }
  const known = knownInputs(news);
  const before = knownInputs(olds);
  const run: CheckRun = { context, inputs: known, olds: before, failures: [] };
  const exists = !isNew(before);
  const waitsFor = exists ? undefined : waitReason(known, context.session.clock.now());
  // While its wave has not begun, an unchanged migration is not examined again; it is when the wave begins.
  const isExamined = exists || (waitsFor !== undefined && before.waitsFor !== undefined);
  if (waitsFor !== undefined) context.session.run.waiting.set(context.urn, waitsFor);
  if (exists) context.session.run.existing.add(context.urn);
  const examined = await examineBackupInput(run, isExamined, "backup" in news && !("backup" in known));
  const derived = { ...deriveInputs(run, examined, news), ...(waitsFor === undefined ? {} : { waitsFor }) };
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
  logPathsInProgramFolder(run, news);
  recordDataAsOf(run, examined);
  checkDeclaredOnce(run);
  if (!isExamined) checkSourceName(run, examined);
  if (!isExamined) logUnknownInputs(run, news);
  if (!isExamined && run.failures.length === 0) await checkDestination(run, examined);
  return { inputs: toPlain({ ...news, ...derived }), failures: run.failures.map(asFailure) };
}

/** The property name stays empty: with a name, the engine prints the property's value. */
const asFailure = (reason: string) => ({ property: "", reason });

/**
 * Whether nothing was ever sent: there are no previous inputs, or only those of a deferred migration that `check` refused or whose
 * wave has not begun.
 */
export const isNew = ({ instanceId, refused, waitsFor }: Partial<MigrationInputs>): boolean =>
  instanceId === undefined || refused?.isNew === true || waitsFor !== undefined;

/** For a deferred migration the program warns of the folder or list as a whole. */
function logPathsInProgramFolder(run: CheckRun, { backup, baseline, increments }: PlainObject): void {
  if (run.inputs.deferred === true) return;
  for (const path of [backup, baseline, increments].flat()) {
    const warning = typeof path === "string" ? programFolderWarning(path) : undefined;
    if (warning !== undefined) logOncePerRun(run, warning);
  }
}

/** Records the backup's time for the outcome, whose preview reports the time up to which the backups contain the data. */
function recordDataAsOf({ context, inputs }: CheckRun, examined: ExaminedBackup | undefined): void {
  const dataAsOf = examined?.content.sets[0]?.BackupFinishDate ?? inputs.manifest?.backupFinishDate ?? undefined;
  if (dataAsOf !== undefined) context.session.run.dataAsOf.set(context.urn, dataAsOf);
}

/** The checks that need an input; while the input is unknown, they wait for `up`. */
const CHECKED_WITH = {
  backup: "the backup",
  bucket: "the bucket",
  instanceId: "the instance",
  databaseName: "whether the database's name is free",
  baseline: "the baseline of the source",
} as const;

function logUnknownInputs(run: CheckRun, news: PlainObject): void {
  const unknown = Object.entries(CHECKED_WITH).filter(([name]) => name in news && !(name in run.inputs));
  const findings = unknown.map(([name, what]) =>
    shared(notChecked(what, `[${name}] is unknown until pulumi up, which checks it.`)),
  );
  reportFindings(run, findings);
}

/**
 * Refuses a backup of another database than the one that a list names; logs a rename that the program asks for. Without the file,
 * the manifest entry has the name.
 */
function checkSourceName({ context, inputs, failures }: CheckRun, examined: ExaminedBackup | undefined): void {
  const { databaseName, manifest } = inputs;
  const found = (examined && headerName(examined)) ?? manifest?.database;
  if (found === undefined || isAdopted(inputs)) return;
  const fault = sourceNameFault(inputs, examined?.name ?? String(inputs.backup), found);
  if (fault !== undefined) failures.push(fault.message);
  else if (databaseName !== undefined && !isSameName(databaseName, found))
    context.log.info(`restores ${found} as ${databaseName}`);
}

/** Refuses a second migration into the same database of the same instance. The error names both resources. */
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
  const objectKey = uploadKey(run, examined);
  if (failures.length > 0) return;
  const replaces = session.run.existing.has(urn);
  const { databaseName } = inputs;
  const findings = await preflight(context, { inputs, urn, databaseName, objectKey, examined, replaces });
  reportFindings(run, findings);
}

/** Returns the object key of the upload; undefined where neither the backup nor its manifest entry is available. */
function uploadKey({ inputs, failures }: CheckRun, examined: ExaminedBackup | undefined): string | undefined {
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
