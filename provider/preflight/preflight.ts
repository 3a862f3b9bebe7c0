import { isMigrationError, type MigrationError } from "../errors/migration-error";
import type { ExaminedBackup } from "../examine-backup";
import type { MigrationInputs } from "../inputs";
import type { BucketFacts } from "../oss/object-store";
import type { InstanceFacts } from "../rds/rds-api";
import { LOOK_MAX_AGE_MS, type Session } from "../session";
import { IMPORT_ROLE, type ImportRoles, judgeBucketOwner, judgeImportRole, LINKED_ROLE } from "./access";
import { judgeBackup, judgeVersion } from "./backup";
import { judgeBucket, judgeObject } from "./bucket";
import { type Finding, findingOf } from "./finding";
import { judgeAccounts, judgeInstance, judgeStatus } from "./instance";
import { judgeMaintenance } from "./maintenance";
import { judgeKey, judgeName, judgeOverwrite } from "./names";
import { findEarlierTask, recentTasks } from "./own-task";
import { judgeQuota } from "./quota";
import { judgeCount, judgeSpace, type NewDatabase, sizesOf } from "./space";

export interface PreflightQuestion {
  inputs: Partial<MigrationInputs>;
  urn: string;
  databaseName: string | undefined;
  objectKey: string | undefined;
  /** Undefined when it is not at hand: a manifest entry stands for it, or it is adopted. */
  examined: ExaminedBackup | undefined;
  /** This run replaces the resource: its own finished task does not explain a database of that name. */
  replaces: boolean;
}

/** Faults that say nothing about the migration, only that a look was not possible from here. */
const NOT_CHECKED = new Set([
  ...["NO_CREDENTIALS", "NO_REGION", "NOT_AUTHORIZED", "NETWORK_FAILED", "NO_ANSWER", "ANSWER_UNREADABLE", "THROTTLED"],
  ...["SERVICE_FAULT", "OSS_ACCESS_DENIED", "OSS_UNAVAILABLE", "OSS_REPLY_UNREADABLE"],
]);

/**
 * Everything that is found about a migration that does not exist yet, before anything is sent. The looks are shared by all
 * migrations of the run: their number grows with pages, not with databases. What is judged is pure, in the files beside this.
 */
export async function preflight(session: Session, question: PreflightQuestion): Promise<Finding[]> {
  const { inputs, examined, objectKey } = question;
  const findings: Finding[] = [];
  if (examined !== undefined && !isAdopted(inputs)) findings.push(...judgeBackup(examined));
  if (examined?.object !== undefined) findings.push(...judgeObject(examined.object));
  if (objectKey !== undefined) findings.push(...judgeKey(objectKey));
  const { instanceId } = inputs;
  const instance =
    instanceId === undefined
      ? undefined
      : await look(findings, "the instance", () => session.instance(inputs, instanceId));
  const instanceFindings = instance === undefined ? [] : judgeInstance(instance);
  findings.push(...instanceFindings);
  await lookAtBucket(session, inputs, instance, findings);
  if (instance === undefined || instanceFindings.some(({ severity }) => severity === "error")) return findings;
  await lookInside(session, question, instance, findings);
  return findings;
}

const isAdopted = ({ adopt }: Partial<MigrationInputs>): boolean => adopt !== undefined && adopt !== false;

/** Runs one look; what it throws becomes a finding: an error, or "not checked" where the look itself was not possible. */
async function look<T>(findings: Finding[], what: string, run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    if (!isMigrationError(error)) throw error;
    findings.push(isNotChecked(error) ? notChecked(what, error) : findingOf(error, "error"));
    return undefined;
  }
}

const isNotChecked = (error: MigrationError): boolean => NOT_CHECKED.has(error.code) || error.retry === "passes";

const notChecked = (what: string, { code, message }: MigrationError): Finding => ({
  severity: "warning",
  code,
  message: `not checked: ${what}. ${message}`,
});

/** The bucket and the role that RDS reads it with. */
async function lookAtBucket(
  session: Session,
  inputs: Partial<MigrationInputs>,
  instance: InstanceFacts | undefined,
  findings: Finding[],
): Promise<void> {
  const { bucket: name } = inputs;
  if (name === undefined) return;
  const bucket = await look(findings, "the bucket", () => bucketFacts(session, inputs, name));
  if (bucket === "notThereYet") {
    const message = `not checked: the bucket ${name}, which does not exist yet; it is checked at up.`;
    findings.push({ severity: "warning", code: "OSS_NO_SUCH_BUCKET", message });
  } else if (bucket !== undefined) {
    findings.push(...judgeBucket(bucket, instance));
  }
  const what = `the role ${IMPORT_ROLE}, and with it whether the bucket belongs to the account of the instance`;
  const roles = await look(findings, what, () => importRoles(session, inputs));
  if (roles === undefined) return;
  // A role that this very program creates is not there yet when it is previewed.
  if (roles.importRole !== undefined || !inputs.roleMayNotExistYet) findings.push(...judgeImportRole(roles));
  if (typeof bucket === "object" && roles.importRole !== undefined)
    findings.push(...judgeBucketOwner(bucket, roles.importRole));
}

async function bucketFacts(
  session: Session,
  inputs: Partial<MigrationInputs>,
  name: string,
): Promise<BucketFacts | "notThereYet"> {
  try {
    return await session.bucket(inputs, name);
  } catch (error) {
    // A bucket that this very program creates is not there yet when it is previewed.
    if (inputs.mayNotExistYet && isMigrationError(error) && error.code === "OSS_NO_SUCH_BUCKET") return "notThereYet";
    throw error;
  }
}

async function importRoles(session: Session, inputs: Partial<MigrationInputs>): Promise<ImportRoles> {
  const importRole = await session.role(inputs, IMPORT_ROLE);
  if (importRole !== undefined) return { importRole };
  return { importRole, linkedRole: await session.role(inputs, LINKED_ROLE) };
}

/** What the instance holds: names, space, quotas, accounts. */
async function lookInside(
  session: Session,
  question: PreflightQuestion,
  instance: InstanceFacts,
  findings: Finding[],
): Promise<void> {
  const { inputs, databaseName: database, examined, urn } = question;
  const { instanceId } = instance;
  const status = judgeStatus(instance);
  if (isAdopted(inputs) || database === undefined) {
    if (status !== undefined) findings.push(status);
    return;
  }
  const nowMs = session.clock.now();
  // Before the first wait: the order of declaration decides which database is the first that no longer fits.
  const declared = declare(session, instanceId, urn, {
    database,
    ...sizesOf(examined?.content ?? { sets: [], sizeBytes: inputs.manifest?.sizeBytes ?? 0 }),
  });
  if (examined !== undefined) findings.push(...judgeVersion(examined, instance));
  const notBeforeMs = nowMs - LOOK_MAX_AGE_MS;
  const [accounts, tasks, databases] = await Promise.all([
    look(findings, "the accounts", () => session.accounts(inputs, instanceId)),
    look(findings, "the quotas of the day", () => recentTasks(session, inputs, instanceId)),
    look(findings, "the databases", () => session.databases(inputs, instanceId, notBeforeMs)),
  ]);
  if (accounts !== undefined) findings.push(...judgeAccounts(instanceId, accounts));
  const restoredBytes = (declared.at(-1)?.dataBytes ?? 0) + (declared.at(-1)?.logBytes ?? 0);
  findings.push(...judgeMaintenance({ instance: instanceId, window: instance.maintainTime, restoredBytes, nowMs }));

  /** What this migration's own task may explain: an earlier run was killed before it was recorded. */
  const explicable: Finding[] = status === undefined ? [] : [status];
  if (databases !== undefined) {
    const names = { instance, database, databases, allowOverwrite: inputs.allowOverwrite === true };
    findings.push(...judgeOverwrite(names));
    const taken = judgeName(names);
    const space = { instance, databases, declared };
    explicable.push(...(taken === undefined ? [...judgeCount(space), ...judgeSpace(space)] : [taken]));
  }
  const added = declared.length;
  explicable.push(...judgeQuota({ instance: instanceId, database, tasks: tasks ?? [], added, nowMs }));
  if (explicable.length > 0)
    await explain(session, { ...question, instanceId, databaseName: database }, explicable, findings);
}

/** Notes a database that this run adds. @returns all that were noted for the instance up to this one */
function declare(session: Session, instanceId: string, urn: string, added: NewDatabase): NewDatabase[] {
  const ofInstance = session.newDatabases.get(instanceId) ?? new Map<string, NewDatabase>();
  session.newDatabases.set(instanceId, ofInstance.set(urn, added));
  return [...ofInstance.values()].slice(0, [...ofInstance.keys()].indexOf(urn) + 1);
}

async function explain(
  session: Session,
  question: PreflightQuestion & { instanceId: string; databaseName: string },
  explicable: readonly Finding[],
  findings: Finding[],
): Promise<void> {
  const { inputs, instanceId, urn } = question;
  const own = await look(findings, "the tasks", () => findEarlierTask(session, question));
  if (own === undefined) {
    findings.push(...explicable);
    return;
  }
  session.newDatabases.get(instanceId)?.delete(urn);
  session.engine.log("info", inputs.resourceUrn, `continues migration task ${own}: an earlier run submitted it`);
}
