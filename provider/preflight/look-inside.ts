import type { InstanceFacts } from "../aliyun/rds-api";
import { LOOK_MAX_AGE_MS, type Session } from "../session/session";
import { judgeVersion } from "./backup";
import { type Finding, notChecked } from "./finding";
import { judgeAccounts, judgeStatus } from "./instance";
import { look } from "./look";
import { judgeMaintenance } from "./maintenance";
import { judgeName, judgeOverwrite } from "./names";
import { findEarlierTask, recentTasks } from "./own-task";
import type { PreflightQuestion } from "./preflight";
import { judgeQuota } from "./quota";
import { judgeCount, judgeSpace, type NewDatabase, sizesOf } from "./space";

/** What the instance holds: names, space, quotas, accounts. */
export async function lookInside(
  session: Session,
  question: PreflightQuestion & { database: string },
  found: InstanceFacts,
  findings: Finding[],
): Promise<void> {
  const { inputs, database, examined, urn } = question;
  const { instanceId } = found;
  const status = judgeStatus(found);
  const nowMs = session.clock.now();
  // Before the first wait: the order of declaration decides which database is the first that no longer fits.
  const sizes = sizesOf(examined?.content ?? { sets: [], sizeBytes: inputs.manifest?.sizeBytes ?? 0 }, inputs.manifest);
  const declared = declare(session, instanceId, urn, { database, ...sizes });
  findings.push(...judgeVersion(versionOf(question), found));
  const notBeforeMs = nowMs - LOOK_MAX_AGE_MS;
  const [usedBytes, accounts, tasks, databases] = await Promise.all([
    look(findings, "the free disk of the instance", () => session.usedBytes(inputs, found)),
    look(findings, "the accounts", () => session.accounts(inputs, instanceId)),
    look(findings, "the quotas of the day", () => recentTasks(session, inputs, instanceId)),
    look(findings, "the databases", () => session.databases(inputs, instanceId, notBeforeMs)),
  ]);
  const instance = usedBytes.kind === "seen" ? { ...found, usedBytes: usedBytes.value } : found;
  if (usedBytes.kind === "seen") findings.push(...untold(instance));
  if (accounts.kind === "seen") findings.push(...judgeAccounts(instanceId, accounts.value));
  const restoredBytes = sizes.dataBytes + sizes.logBytes;
  findings.push(...judgeMaintenance({ instance: instanceId, window: instance.maintainTime, restoredBytes, nowMs }));

  /** What this migration's own task may explain: an earlier run was killed before it was recorded. */
  const explicable: Finding[] = status === undefined ? [] : [status];
  if (databases.kind === "seen") {
    const { value: present } = databases;
    const names = { instance, database, databases: present, allowOverwrite: inputs.allowOverwrite === true };
    findings.push(...judgeOverwrite(names));
    const taken = judgeName(names);
    const space = { instance, databases: present, declared };
    explicable.push(...(taken === undefined ? [...judgeCount(space), ...judgeSpace(space)] : [taken]));
  }
  if (tasks.kind === "seen" && tasks.value === undefined)
    findings.push(notChecked(`the quotas of ${instanceId}`, "Its edition does not list migration tasks."));
  if (tasks.kind === "seen" && tasks.value !== undefined) {
    const added = declared.length;
    explicable.push(...judgeQuota({ instance: instanceId, database, tasks: tasks.value, added, nowMs }));
  }
  if (explicable.length > 0)
    await explain(session, { ...question, instanceId, databaseName: database }, explicable, findings);
}

/** The version that the backup was taken on: by its header, else by its manifest entry. */
function versionOf({ inputs, examined }: PreflightQuestion) {
  const databaseVersion = examined?.content.sets[0]?.DatabaseVersion ?? inputs.manifest?.databaseVersion;
  return { file: examined?.name ?? inputs.backup ?? "the backup", databaseVersion: databaseVersion || undefined };
}

/** Facts that the service did not tell, and what can therefore not be said. */
function untold({ instanceId, storageBytes, usedBytes, maxDatabases }: InstanceFacts): Finding[] {
  const why = "The service does not tell it.";
  return [
    ...(storageBytes === undefined || usedBytes === undefined
      ? [notChecked(`the free disk of ${instanceId}`, why, "warning")]
      : []),
    ...(maxDatabases === undefined ? [notChecked(`how many databases ${instanceId} takes`, why)] : []),
  ];
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
  if (own.kind === "failed" || own.value === undefined) {
    findings.push(...explicable);
    return;
  }
  session.newDatabases.get(instanceId)?.delete(urn);
  session.engine.log("info", inputs.resourceUrn, `continues migration task ${own.value}: an earlier run submitted it`);
}
