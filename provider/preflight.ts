import { isMigrationError, type MigrationError, migrationError } from "./errors/migration-error";
import type { MigrationInputs } from "./inputs";
import type { ObjectFacts } from "./oss/object-store";
import { findOwnTask, mayBeOwn } from "./plan/own-task";
import { classifyTask } from "./plan/task-verdict";
import type { InstanceFacts } from "./rds/rds-api";
import { isUnlocked } from "./resubmit";
import { LOOK_MAX_AGE_MS, type Session } from "./session";

/** A look at the destination before anything is sent: what makes the migration impossible, and what could not be looked at. */
export interface Finding {
  severity: "error" | "warning";
  message: string;
}

export interface PreflightQuestion {
  inputs: Partial<MigrationInputs>;
  databaseName: string | undefined;
  objectKey: string | undefined;
  /** This run replaces the resource: its own finished task does not explain a database of that name. */
  replaces: boolean;
}

/** Instance states that end by themselves and after which a migration goes on. @see DescribeDBInstanceAttribute, DBInstanceStatus */
const PASSING_STATES = [
  ...["Creating", "Rebooting", "DBInstanceClassChanging", "TRANSING", "EngineVersionUpgrading", "TransingToOthers"],
  ...["GuardDBInstanceCreating", "Restoring", "Importing", "ImportingFromOthers", "DBInstanceNetTypeChanging"],
  ...["GuardSwitching", "INS_CLONING", "MinorVersionUpgrading"],
];

/** Faults that say nothing about the migration, only that a look was not possible from here. */
const NOT_CHECKED = new Set([
  ...["NO_CREDENTIALS", "NO_REGION", "NOT_AUTHORIZED", "NETWORK_FAILED", "NO_ANSWER", "ANSWER_UNREADABLE", "THROTTLED"],
  ...["SERVICE_FAULT", "OSS_ACCESS_DENIED", "OSS_UNAVAILABLE", "OSS_REPLY_UNREADABLE"],
]);

/** Everything that is found about the destination; looks are shared by all migrations of the run. */
export async function preflight(session: Session, question: PreflightQuestion): Promise<Finding[]> {
  const { inputs } = question;
  const findings: Finding[] = [];
  const { instanceId, bucket } = inputs;
  const instance =
    instanceId === undefined
      ? undefined
      : await look(findings, "the instance", () => session.instance(inputs, instanceId));
  if (instance !== undefined) findings.push(...instanceFindings(instance));
  if (bucket !== undefined)
    await look(findings, "the bucket", () => checkBucket(session, inputs, bucket, instance, findings));
  if (
    instance !== undefined &&
    question.databaseName !== undefined &&
    findings.every(({ severity }) => severity !== "error")
  ) {
    await look(findings, "the databases", () => checkName(session, question, instance, findings));
  }
  return findings;
}

/** Runs one look; what it throws becomes a finding: an error, or "not checked" where the look itself was not possible. */
async function look<T>(findings: Finding[], what: string, run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    findings.push(
      isNotChecked(error)
        ? { severity: "warning", message: `not checked: ${what}. ${error.message}` }
        : { severity: "error", message: error.message },
    );
    return undefined;
  }
}

const isNotChecked = (error: MigrationError): boolean => NOT_CHECKED.has(error.code) || error.retry === "passes";

const asError = (error: MigrationError): Finding => ({ severity: "error", message: error.message });

function instanceFindings(facts: InstanceFacts): Finding[] {
  const { instanceId: instance, engine, type, status, lockMode, lockReason } = facts;
  const findings: Finding[] = [];
  if (!/^sqlserver$/i.test(engine)) return [asError(migrationError("INSTANCE_NOT_SQLSERVER", { instance, engine }))];
  if (type !== "" && type !== "Primary")
    findings.push(asError(migrationError("INSTANCE_NOT_PRIMARY", { instance, type })));
  if (!isUnlocked(lockMode))
    findings.push(asError(migrationError("INSTANCE_LOCKED", { instance, lockMode, reason: lockReason })));
  if (status !== "Running") {
    const { message } = migrationError("INSTANCE_NOT_RUNNING", { instance, status });
    const passes = PASSING_STATES.some((state) => state.toLowerCase() === status.toLowerCase());
    findings.push({ severity: passes ? "warning" : "error", message });
  }
  return findings;
}

async function checkBucket(
  session: Session,
  inputs: Partial<MigrationInputs>,
  bucket: string,
  instance: InstanceFacts | undefined,
  findings: Finding[],
): Promise<void> {
  const facts = await session.bucket(inputs, bucket).catch((error: unknown) => {
    // A bucket that this very program creates is not there yet when it is previewed.
    if (inputs.mayNotExistYet && isMigrationError(error) && error.code === "OSS_NO_SUCH_BUCKET") return undefined;
    throw error;
  });
  if (facts === undefined) {
    findings.push({
      severity: "warning",
      message: `not checked: the bucket ${bucket}, which does not exist yet; it is checked at up.`,
    });
    return;
  }
  const { region, storageClass, serverSideEncryption } = facts;
  if (instance !== undefined && instance.region !== "" && region !== instance.region) {
    const { instanceId, region: instanceRegion } = instance;
    findings.push(
      asError(
        migrationError("INSTANCE_REGION_DIFFERS", {
          instance: instanceId,
          instanceRegion,
          bucket,
          bucketRegion: region,
        }),
      ),
    );
  }
  if (storageClass !== "Standard")
    findings.push(asError(migrationError("BUCKET_NOT_STANDARD", { bucket, storageClass })));
  if (serverSideEncryption !== undefined)
    findings.push(asError(migrationError("BUCKET_ENCRYPTED", { bucket, algorithm: serverSideEncryption })));
}

/** Whether the destination name is free (2008 R2: present), or taken by this migration itself. */
async function checkName(
  session: Session,
  question: PreflightQuestion,
  instance: InstanceFacts,
  findings: Finding[],
): Promise<void> {
  const { inputs, databaseName: database = "" } = question;
  const { instanceId } = instance;
  if (inputs.adopt !== undefined && inputs.adopt !== false) return;
  const databases = await session.databases(inputs, instanceId, session.clock.now() - LOOK_MAX_AGE_MS);
  const present = databases.find(({ name }) => name.toLowerCase() === database.toLowerCase());
  if (instance.engineVersion === "2008r2") {
    if (inputs.allowOverwrite !== true)
      findings.push(asError(migrationError("OVERWRITE_NOT_ALLOWED", { database, instance: instanceId })));
    if (present === undefined)
      findings.push(asError(migrationError("DATABASE_MISSING_2008R2", { database, instance: instanceId })));
    return;
  }
  if (present === undefined) return;
  const own = await explainsName(session, question, instanceId);
  if (own === undefined) {
    findings.push(
      asError(migrationError("DATABASE_EXISTS", { database, instance: instanceId, status: present.status })),
    );
    return;
  }
  session.engine.log("info", inputs.resourceUrn, `continues migration task ${own}: an earlier run submitted it`);
}

/** The id of this migration's own task, when that is why the name is taken: an earlier run was killed before it was recorded. */
async function explainsName(
  session: Session,
  question: PreflightQuestion,
  instanceId: string,
): Promise<string | undefined> {
  const { inputs, databaseName = "", objectKey, replaces } = question;
  if (objectKey === undefined || inputs.bucket === undefined) return undefined;
  const object: ObjectFacts | undefined = await session.store(inputs).headObject(inputs.bucket, objectKey);
  if (object === undefined) return undefined;
  const { lastModifiedMs: objectLastModifiedMs } = object;
  const notBeforeMs = session.clock.now() - LOOK_MAX_AGE_MS;
  const listed = await session.board(inputs, instanceId).list({ sinceMs: objectLastModifiedMs || 0, notBeforeMs });
  const possible = (listed ?? []).filter((task) => mayBeOwn(task, { databaseName, objectLastModifiedMs }));
  const candidates = await Promise.all(
    possible.map(async (task) => {
      const files = await session.rds(inputs).listTaskFiles(instanceId, task.taskId);
      return { task, fileNames: files?.map(({ fileName }) => fileName) };
    }),
  );
  const own = findOwnTask({
    ...{ databaseName, objectKey, objectLastModifiedMs, candidates },
    databasePresent: true,
    retired: new Set(),
  });
  if (own.kind !== "own") return undefined;
  const ended = ["online", "failed"].includes(classifyTask(own.task).kind);
  return replaces && ended ? undefined : own.task.taskId;
}
