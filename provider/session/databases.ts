import type { DatabaseFacts } from "../aliyun/rds-api";
import { isSameName } from "../model/names";
import type { Scope } from "../model/scope";
import type { Job } from "./job";
import { SHARED_FACTS_MAX_AGE_MS } from "./lookups";
import type { Session } from "./session";

/** Finds the migration's database on the instance, in any state. SQL Server compares names without case. */
export async function findDatabase(
  { inputs, session, progress }: Pick<Job, "inputs" | "session" | "progress">,
  notBeforeMs: number,
): Promise<DatabaseFacts | undefined> {
  const databases = await session.lookups.databases(inputs, inputs.instanceId, notBeforeMs);
  return databases.find(({ name }) => isSameName(name, progress.databaseName));
}

/** DescribeDatabases documents Creating, Running and Deleting; any other status counts as not online yet. */
export const isOnline = ({ status }: DatabaseFacts): boolean => /^running$/i.test(status);

/** Whether a database is open, from the list that all migrations into the instance share. */
export async function isDatabaseOpen(
  session: Session,
  scope: Scope,
  instanceId: string,
  name: string,
): Promise<boolean> {
  const databases = await session.lookups.databases(scope, instanceId, session.clock.now() - SHARED_FACTS_MAX_AGE_MS);
  return databases.some((each) => isSameName(each.name, name) && isOnline(each));
}
