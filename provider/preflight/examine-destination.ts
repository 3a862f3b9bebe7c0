import type { InstanceFacts } from "../aliyun/rds-api";
import { isOssUrl } from "../model/location";
import type { NewDatabase } from "../model/new-database";
import type { HandlerContext } from "../session/handler-context";
import { SHARED_FACTS_MAX_AGE_MS } from "../session/lookups";
import type { Session } from "../session/session";
import { type BackupVersion, checkVersion } from "./backup";
import { fetchOrNote } from "./fetched";
import { type Finding, notChecked, shared, warningOf } from "./finding";
import { checkAccounts, checkStatus } from "./instance";
import { checkMaintenance } from "./maintenance";
import { checkName, checkOverwrite } from "./names";
import { findEarlierTask, recentTasks } from "./own-task";
import type { PreflightInput } from "./preflight-input";
import { checkQuota } from "./quota";
import { checkCount, checkSpace, sizesOf } from "./space";

/** Checks the databases, disk space, quotas and accounts of the instance. */
export async function examineDestination(
  context: HandlerContext,
  input: PreflightInput & { database: string },
  facts: InstanceFacts,
  findings: Finding[],
): Promise<void> {
  const { session } = context;
  const { inputs, database, examined, urn } = input;
  const { instanceId } = facts;
  const status = checkStatus(facts);
  const nowMs = session.clock.now();
  // Before the first await: the order of declaration decides which database is the first that does not fit.
  const sizes = sizesOf(examined?.content ?? { sets: [], sizeBytes: 0 });
  const declared = declare(session, instanceId, urn, {
    ...{ database, ...sizes, isPlanned: inputs.waitsFor !== undefined },
    ...(isOssUrl(inputs.backup ?? "") ? { isInBucket: true } : {}),
  });
  findings.push(...checkVersion(versionOf(input), facts));
  const notBeforeMs = nowMs - SHARED_FACTS_MAX_AGE_MS;
  const [usedBytes, accounts, tasks, databases] = await Promise.all([
    fetchOrNote(findings, "the free disk of the instance", () => session.lookups.usedBytes(inputs, facts)),
    fetchOrNote(findings, "the accounts", () => session.lookups.accounts(inputs, instanceId)),
    fetchOrNote(findings, "the quotas of the day", () => recentTasks(session, inputs, instanceId)),
    fetchOrNote(findings, "the databases", () => session.lookups.databases(inputs, instanceId, notBeforeMs)),
  ]);
  const instance = usedBytes.kind === "fetched" ? { ...facts, usedBytes: usedBytes.value } : facts;
  if (usedBytes.kind === "fetched") findings.push(...unavailableFacts(instance).map(shared));
  if (accounts.kind === "fetched") findings.push(...checkAccounts(instanceId, accounts.value).map(shared));
  const { dataBytes, logBytes, backupBytes } = sizes;
  const seconds = session.fleet.restoreSeconds(instanceId, { backupBytes, restoredBytes: dataBytes + logBytes });
  findings.push(...checkMaintenance({ instance: instanceId, window: instance.maintainTime, seconds, nowMs }));

  /** Findings that a task of this migration explains: an earlier run was killed before it recorded the task. */
  const explicable: Finding[] = status === undefined ? [] : [shared(status)];
  if (databases.kind === "fetched") {
    const { value: present } = databases;
    const names = { instance, database, databases: present, allowOverwrite: inputs.allowOverwrite === true };
    findings.push(...checkOverwrite(names));
    const taken = checkName(names);
    const space = { instance, databases: present, declared };
    explicable.push(...(taken === undefined ? [...checkCount(space), ...checkSpace(space)] : [taken]));
  }
  if (tasks.kind === "fetched" && tasks.value === undefined)
    findings.push(shared(notChecked(`the quotas of ${instanceId}`, "Its edition does not list migration tasks.")));
  if (tasks.kind === "fetched" && tasks.value !== undefined) {
    const added = declared.filter(({ isPlanned }) => !isPlanned).length;
    explicable.push(...checkQuota({ instance: instanceId, database, tasks: tasks.value, added, nowMs }));
  }
  if (explicable.length > 0)
    await explain(context, { ...input, instanceId, databaseName: database }, explicable, findings);
}

/** The version that the backup was taken on. */
function versionOf({ inputs, examined }: PreflightInput): BackupVersion {
  const [set] = examined?.content.sets ?? [];
  return {
    file: examined?.name ?? inputs.backup ?? "the backup",
    databaseVersion: set?.DatabaseVersion || undefined,
    softwareMajor: set?.SoftwareVersionMajor ?? undefined,
  };
}

/** Findings for facts that the service does not return. */
function unavailableFacts({ instanceId, storageBytes, usedBytes, maxDatabases }: InstanceFacts): Finding[] {
  const why = "The service does not return it.";
  return [
    ...(storageBytes === undefined || usedBytes === undefined
      ? [notChecked(`the free disk of ${instanceId}`, why, "warning")]
      : []),
    ...(maxDatabases === undefined ? [notChecked(`how many databases ${instanceId} takes`, why)] : []),
  ];
}

/** Records a database that this run adds. @returns all databases recorded for the instance, up to this one */
function declare(session: Session, instanceId: string, urn: string, added: NewDatabase): NewDatabase[] {
  const ofInstance = session.run.newDatabases.get(instanceId) ?? new Map<string, NewDatabase>();
  session.run.newDatabases.set(instanceId, ofInstance.set(urn, added));
  return [...ofInstance.values()].slice(0, [...ofInstance.keys()].indexOf(urn) + 1);
}

async function explain(
  { session, log }: HandlerContext,
  input: PreflightInput & { instanceId: string; databaseName: string },
  explicable: readonly Finding[],
  findings: Finding[],
): Promise<void> {
  const { instanceId, urn } = input;
  const own = await fetchOrNote(findings, "the tasks", () => findEarlierTask(session, input));
  if (own.kind === "failed" || own.value === undefined) {
    findings.push(...explicable);
    return;
  }
  session.run.newDatabases.get(instanceId)?.delete(urn);
  const { taskId: task, hasSucceeded } = own.value;
  const isTaken = explicable.some(({ code }) => code === "DATABASE_EXISTS");
  if (hasSucceeded && isTaken)
    findings.push(warningOf("DATABASE_ONLINE_ALREADY", { database: input.databaseName, task }));
  else log.info(`continues migration task ${task}, which an earlier run submitted`);
}
