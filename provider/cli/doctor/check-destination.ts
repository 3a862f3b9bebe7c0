import type { BucketFacts } from "../../aliyun/object-store";
import type { InstanceFacts } from "../../aliyun/rds-api";
import {
  accountLines,
  bucketLines,
  databasesLine,
  instanceLines,
  ownerLines,
  quotaLines,
  regionLines,
  roleLines,
  spaceLine,
} from "../../doctor/destination";
import { line } from "../../doctor/report-line";
import { existingBucketFacts } from "../../preflight/fetch-bucket";
import { fetchImportRoles } from "../../preflight/fetch-roles";
import { recentTasks } from "../../preflight/own-task";
import type { Place, Services } from "./check-services";
import type { Checked, Checklist } from "./checklist";

interface Destination extends Place {
  services: Services;
  account: Checked<true>;
  instance: string | undefined;
  bucket: string | undefined;
}

/** Checks the instance, the bucket, and the role with which RDS reads it. */
export async function checkDestination(list: Checklist, destination: Destination): Promise<void> {
  const { session, scope, services, account } = destination;
  const instance = await checkInstance(list, destination);
  await checkTasks(list, destination, instance);
  const bucket = await checkBucket(list, destination, knownValue(instance));
  await tryObjectActions(list, destination, bucket);
  await checkRegions(list, services.region, knownValue(instance), knownValue(bucket));
  const needs = { account, service: services.RAM, region: services.region };
  const role = await list.run({ name: "role", needs, actions: ["ram:GetRole"] }, async () => {
    const roles = await list.call("ram:GetRole", () => fetchImportRoles(session, scope));
    return { lines: roleLines(roles), value: roles };
  });
  await list.run({ name: "bucket owner", needs: { bucket, role } }, async (values) => ({
    lines: ownerLines(values.bucket, values.role),
  }));
}

const knownValue = <T>(checked: Checked<T>): T | undefined => ("value" in checked ? checked.value : undefined);

/** The value of an option that a check needs. */
const given = (option: string, value: string | undefined): Checked<string> =>
  value === undefined ? { reason: `because --${option} is not given` } : { value };

async function checkInstance(list: Checklist, destination: Destination): Promise<Checked<InstanceFacts>> {
  const { session, scope, services, account } = destination;
  const needs = { account, service: services.RDS, id: given("instance", destination.instance) };
  const describe = "rds:DescribeDBInstanceAttribute";
  const instance = await list.run({ name: "instance", needs, actions: [describe] }, async ({ id }) => {
    const facts = await list.call(describe, () => session.lookups.instance(scope, id));
    return { lines: instanceLines(facts), value: facts };
  });
  const usage = "rds:DescribeResourceUsage";
  await list.run({ name: "space", needs: { instance }, actions: [usage] }, async ({ instance: facts }) => {
    const used = await list.call(usage, () => session.clients.rds(scope).diskUsed(facts.instanceId));
    return { lines: [spaceLine(facts, facts.usedBytes ?? used)] };
  });
  const names = "rds:DescribeDatabases";
  await list.run({ name: "databases", needs: { instance }, actions: [names] }, async ({ instance: facts }) => {
    const databases = await list.call(names, () => session.clients.rds(scope).listDatabases(facts.instanceId));
    return { lines: [databasesLine(facts, databases)] };
  });
  const users = "rds:DescribeAccounts";
  await list.run({ name: "accounts", needs: { instance }, actions: [users] }, async ({ instance: { instanceId } }) => {
    const accounts = await list.call(users, () => session.lookups.accounts(scope, instanceId));
    return { lines: accountLines(instanceId, accounts) };
  });
  return instance;
}

/** Reading actions that need a migration task. */
const TASK_ACTIONS = ["rds:DescribeMigrateTaskById", "rds:DescribeOssDownloads"] as const;

/** Checks the day's quota and tries the actions that need a task. */
async function checkTasks(
  list: Checklist,
  { session, scope }: Destination,
  instance: Checked<InstanceFacts>,
): Promise<void> {
  const listTasks = "rds:DescribeMigrateTasks";
  const check = { name: "quota", needs: { instance }, actions: [listTasks, ...TASK_ACTIONS] };
  await list.run(check, async ({ instance: { instanceId } }) => {
    const tasks = await list.call(listTasks, () => recentTasks(session, scope, instanceId));
    const [byId, files] = TASK_ACTIONS;
    const [task] = tasks ?? [];
    if (task === undefined) {
      for (const action of TASK_ACTIONS) list.skipAction(action, "because it needs a task, and none is listed");
    } else {
      const rds = session.clients.rds(scope);
      await list.attempt(byId, () => rds.describeMigrateTask(instanceId, task.taskId));
      await list.attempt(files, () => rds.listTaskFiles(instanceId, task.taskId));
    }
    if (tasks !== undefined) return { lines: quotaLines(instanceId, tasks, session.clock.now()) };
    return { lines: [line("quota", "notTried", `because the edition of ${instanceId} does not list tasks`)] };
  });
}

function checkBucket(
  list: Checklist,
  { session, scope, services, account, bucket }: Destination,
  instance: InstanceFacts | undefined,
): Promise<Checked<BucketFacts>> {
  const needs = { account, service: services.OSS, name: given("bucket", bucket) };
  const action = "oss:GetBucketInfo";
  return list.run({ name: "bucket", needs, actions: [action] }, async ({ name }) => {
    const facts = await list.call(action, () => existingBucketFacts(session, scope, name));
    return { lines: bucketLines(facts, instance), value: facts };
  });
}

/** A key that no backup has. */
const NO_OBJECT = "doctor-no-such-object";

/** Tries the reading actions on objects; the key does not exist, so that little is read. */
async function tryObjectActions(
  list: Checklist,
  { session, scope }: Destination,
  bucket: Checked<BucketFacts>,
): Promise<void> {
  const store = () => session.clients.store(scope);
  const calls: Readonly<Record<string, (name: string) => Promise<unknown>>> = {
    "oss:ListObjects": (name) => store().listObjects(name, NO_OBJECT),
    "oss:ListMultipartUploads": (name) => store().listUploads(name, NO_OBJECT),
    "oss:GetObject": (name) => store().headObject(name, NO_OBJECT),
  };
  for (const [action, send] of Object.entries(calls)) {
    if ("reason" in bucket) list.skipAction(action, bucket.reason);
    else await list.attempt(action, () => send(bucket.value.name));
  }
}

async function checkRegions(
  list: Checklist,
  region: Checked<string>,
  instance: InstanceFacts | undefined,
  bucket: BucketFacts | undefined,
): Promise<void> {
  const isKnown = instance !== undefined || bucket !== undefined;
  const place: Checked<true> = isKnown ? { value: true } : { reason: "because instance and bucket are unknown" };
  await list.run({ name: "regions", needs: { region, place } }, async (values) => ({
    lines: regionLines(values.region, instance, bucket),
  }));
}
