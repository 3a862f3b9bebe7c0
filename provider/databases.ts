import type { Job } from "./job";
import type { DatabaseFacts } from "./rds/rds-api";

/** The database of this migration's name on the instance, whatever its state. SQL Server compares names without case. */
export async function findDatabase(
  { inputs, session, progress }: Pick<Job, "inputs" | "session" | "progress">,
  notBeforeMs: number,
): Promise<DatabaseFacts | undefined> {
  const databases = await session.databases(inputs, inputs.instanceId, notBeforeMs);
  const wanted = progress.databaseName.toLowerCase();
  return databases.find(({ name }) => name.toLowerCase() === wanted);
}

/** DescribeDatabases documents Creating, Running and Deleting; any other word is taken for "not yet". */
export const isOnline = ({ status }: DatabaseFacts): boolean => /^running$/i.test(status);
